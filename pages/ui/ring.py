"""Page 13, first part: a ring of gates between the data qubits, and what it costs those who simulate it."""

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.ui import frame, jobs, strip
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import ask, visitor
from qnn_core import Experiment, InputError
from qnn_core.engines.mps import Timed, ring_by_mps
from qnn_core.engines.ring import RINGS, RingNetwork, alternating, contraction
from qnn_core.figures.inside.ring import STAR, memory_chart, rank_chart, seconds_chart
from qnn_core.inside.ring_cost import SIZES, next_size
from qnn_core.inside.scale import nearest_landmark, state_size
from qnn_core.inside.schmidt import TOLERANCE, Cuts, cuts, half, largest_rank, star_bound
from qnn_core.words import rough, signed
from qnn_core.workers.warm import when_warm

PAGE = "13_hard"
LAYERS = 4
DATA, USUAL = (4, 6, 8, 10, 12, 14, 16), 16
"""Data qubits of the network whose state is cut in two; at first as many as in the lesson's 4 × 4."""
SIZE = "ring_data"


def section(experiment: Experiment) -> None:
    """The rank of the cut beside Aer's seconds."""
    ring: str = desk().choice(
        st.segmented_control,
        "Between neighbouring data qubits, after each layer",
        list(RINGS),
        key="ring",
        default="XX",
        required=True,
        format_func=lambda name: RINGS[name].title,
    )
    layers, data = alternating(experiment.layers, LAYERS), desk().choices.get(SIZE, USUAL)
    shown = {name: RingNetwork(data, layers, name, experiment.seed) for name in dict.fromkeys((STAR, ring))}
    found = {name: _cuts(network) for name, network in shown.items()}
    left, right = st.columns(2)
    said = st.container()
    measured = _seconds(layers, experiment.seed, list(shown))
    with left:
        frame.chart(
            rank_chart({name: of.cuts for name, of in found.items()}, star_bound(layers), largest_rank(data)),
            alt=f"Schmidt rank after 0 to {LAYERS} layers: {_ranks(found)}.",
            caption=f"**Schmidt rank**: terms that tie {half(data)} of {data} data qubits to all others. "
            "Rank 1 is no entanglement.",
            key="ranks",
        )
    with right:
        frame.chart(
            seconds_chart(measured),
            alt=f"Seconds of Aer's matrix product state by data qubits. {_largest(measured)}".strip(),
            caption="**Aer's matrix product state**, which pays for every term. Dashed: not measured, "
            "the last points continued.",
            key="ring_seconds",
        )
    with said:  # above the strips, so that it does not move when they are gone
        frame.notice(f"{_lesson(found, ring, data)} {_largest(measured)}".strip())
    _answer(shown[ring], found[ring].value)
    frame.more(lambda: _details(found, data), key="ring_more", label="More: size, entropy, memory")


@st.cache_data(show_spinner="Cutting the state in two …", max_entries=100)
def _cuts(network: RingNetwork) -> Cuts:
    return ask(cuts, network)


def _seconds(layers: tuple[str, ...], seed: int, rings: Sequence[str]) -> dict[str, list[Timed]]:
    """What Aer has taken so far. A size is begun when the one before is done, so that none disturbs another."""
    measured = dict[str, list[Timed]]()
    for ring in rings:
        job = jobs.tasks("ring", layers, seed, ring, what="sizes")
        done = job.found(SIZES)
        size = next_size(done.values())
        wanted = [*done] if size is None else [*done, size]
        networks = {data: RingNetwork(data, layers, ring, seed) for data in wanted}
        job.want(visitor(), {data: (when_warm, (ring_by_mps, network)) for data, network in networks.items()})
        strip.strip(job, f"Aer, {RINGS[ring].title}", page=PAGE)
        for problem in job.problems(visitor()):
            st.caption(plain(problem))
        measured[ring] = list(done.values())
    return measured


def _answer(network: RingNetwork, value: float) -> None:
    """What the contraction says, or why it does not."""
    try:
        contracted = contraction(network)
    except InputError as refusal:
        st.markdown(f"**The contraction refuses.** {plain(refusal)}")
    else:
        st.markdown(f"**The contraction answers**: ⟨Z⟩ = {signed(contracted)}. The whole state says {signed(value)}.")


def _ranks(found: Mapping[str, Cuts]) -> str:
    return "; ".join(
        f"{RINGS[name].title} {', '.join(str(cut.rank) for cut in of.cuts)}" for name, of in found.items()
    )


def _lesson(found: Mapping[str, Cuts], ring: str, data: int) -> str:
    """What the ranks say, in a sentence or two."""
    star, most = found[STAR].cuts[-1].rank, largest_rank(data)
    if ring == STAR:
        return (
            f"After {LAYERS} layers the star needs {_terms(star)}. Each layer at most doubles them, at any number of "
            "qubits: that is why it has been easy all along."
        )
    ringed = found[ring].cuts[-1].rank
    if ringed <= star:
        return f"This ring adds no term here: {ringed} with it, {star} without."
    full = f", all that {half(data)} qubits can have" if ringed == most else ""
    needs = f"The star needs {_terms(star)}, the {RINGS[ring].title} {ringed}{full}."
    return f"{needs} Two data qubits more double what is possible."


def _terms(count: int) -> str:
    return f"{count} term{'s' * (count > 1)}"


def _largest(measured: Mapping[str, Sequence[Timed]]) -> str:
    """What Aer took for the largest size that all have been measured at."""
    times = {ring: {point.data: point.seconds for point in points} for ring, points in measured.items()}
    common = set.intersection(*(set(each) for each in times.values()))
    if not common:
        return ""
    data = max(common)
    words = " and ".join(f"{each[data]:.2g} s ({RINGS[ring].title})" for ring, each in times.items())
    return f"At {data} data qubits Aer took {words}."


def _details(found: Mapping[str, Cuts], data: int) -> None:
    """The size, the numbers, and the memory of the whole state."""
    desk().choice(st.select_slider, "Data qubits of the state that is cut", DATA, key=SIZE, default=USUAL)
    left, right = st.columns(2)
    with left:
        columns: dict[str, list[float]] = {"layers": [cut.layers for cut in found[STAR].cuts]}
        for name, of in found.items():
            columns[f"{RINGS[name].title}: rank"] = [cut.rank for cut in of.cuts]
            columns[f"{RINGS[name].title}: entropy (bits)"] = [round(cut.entropy, 3) for cut in of.cuts]
        st.dataframe(columns, hide_index=True)
        st.caption(
            f"The rank counts Schmidt values above {rough(TOLERANCE)} of the largest. One random picture and random "
            "weights; the seed in the panel gives others."
        )
    with right:
        frame.chart(
            memory_chart(data),
            alt=f"Bytes of the statevector by data qubits; {SIZES[-1]} would need {state_size(SIZES[-1] + 1)}.",
            caption=f"The whole state doubles with every qubit. {SIZES[-1]} data qubits: "
            f"{state_size(SIZES[-1] + 1)}, {nearest_landmark(SIZES[-1] + 1)}.",
            key="ring_memory",
        )
