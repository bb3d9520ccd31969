"""Page 13, second part: when does quantum data help? Two copies measured together against one at a time."""

import streamlit as st

from pages.ui import frame
from pages.ui.desk import desk
from qnn_core import Experiment
from qnn_core.figures.inside.two_copies import copies_chart
from qnn_core.inside.two_copies import (
    MOST_QUBITS,
    Needed,
    Trial,
    copies_needed,
    one_copy_limit,
    one_copy_success,
    pairs_for_all,
    play,
    two_copies_success,
)
from qnn_core.streams import Stream, generator

SURE = {"2 of 3": 2 / 3, "9 of 10": 0.9, "99 of 100": 0.99}
ROUND, GUESS = "copies_round", "copies_guess"
"""Under these names the desk keeps which round of the game it is, and what the class says."""
QUBITS, PAIRS = 5, 5
SIDES = ("the first", "the second")


def section(experiment: Experiment) -> None:
    """Copies needed by qubits; then the game itself."""
    st.markdown(
        "A box hands out copies of a state: noise with one Pauli P hidden in it, ρ = (I ± P)/2ⁿ. All copies are "
        "measured. Only then two Paulis are named: **which of them is hidden?**"
    )
    often: str = desk().choice(
        st.segmented_control, "Right how often", list(SURE), key="copies_sure", default="9 of 10", required=True
    )
    needed = _needed(SURE[often])
    frame.chart(
        copies_chart(needed),
        alt="Copies needed by qubits: "
        + "; ".join(f"{each.qubits} qubits, {each.two} in twos, {each.one} one at a time" for each in needed)
        + ".",
        caption=f"Copies until the answer is right {often} times, exactly. Long dashes: with fewer, **no** way of "
        "measuring single copies is enough.",
        key="copies",
    )
    frame.notice(_lesson(needed))
    _game(experiment)
    frame.more(lambda: _details(SURE[often], often), key="copies_more", label="More: all numbers, and what it needs")


@st.cache_data(show_spinner=False, max_entries=len(SURE))
def _needed(sure: float) -> list[Needed]:
    return [copies_needed(qubits, sure) for qubits in range(1, MOST_QUBITS + 1)]


def _lesson(needed: list[Needed]) -> str:
    """What the two ways need, and how much of the difference is proven."""
    before, last = needed[-2:]
    proven = [each.qubits for each in needed if each.limit > each.two]
    beyond = (
        f" From {proven[0]} qubits on, no way with single copies does it with {last.two}."
        if proven
        else " That no way with single copies does with as few is not proven here."
    )
    return (
        f"Two at a time: {last.two} copies, at any number of qubits. One at a time it takes {before.one} for "
        f"{before.qubits} qubits and {last.one} for {last.qubits}.{beyond}"
    )


def _game(experiment: Experiment) -> None:
    """One state, some pairs, two Paulis; the class says which."""
    st.subheader("Play it: which one is hidden?", anchor=False)
    own = desk()
    number = own.choices.get(ROUND, 0)
    pairs = own.choice(st.slider, "Pairs of copies", 1, 20, key="copies_pairs", default=PAIRS)
    trial = play(generator(experiment.seed, Stream.TRIAL, number), QUBITS, pairs)
    st.dataframe(
        {
            "Pauli Q": trial.names,
            "Q⊗Q in each pair": ["  ".join("+" if value > 0 else "−" for value in row) for row in trial.values.T],
        },
        hide_index=True,
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        guess = own.choice(st.segmented_control, "The hidden one is", SIDES, key=GUESS, default=None)
        st.button("Another state", icon=":material/casino:", on_click=_another, args=(number + 1,))
    if guess is not None:
        _judge(trial, SIDES.index(guess), pairs)


def _another(number: int) -> None:
    desk().choose(ROUND, number)
    desk().choose(GUESS, None)


def _judge(trial: Trial, guess: int, pairs: int) -> None:
    """Whether the class was right, and how likely that was."""
    chance = two_copies_success(QUBITS, 2 * pairs)
    right = "Right" if guess == trial.hidden else "No"
    st.markdown(
        f"**{right}: {trial.names[trial.hidden]} is hidden.** It is + in every pair. The other one is + by luck, "
        f"half of the time. {2 * pairs} copies name the right one with chance {chance:.4f}; one at a time, with "
        f"{one_copy_success(QUBITS, 2 * pairs):.4f}."
    )


def _details(sure: float, often: str) -> None:
    needed = _needed(sure)
    columns = {
        "qubits": [each.qubits for each in needed],
        "two at a time": [each.two for each in needed],
        "one at a time": [each.one for each in needed],
        "one at a time, never fewer": [each.limit for each in needed],
        f"two at a time, to name P among all ({often})": [2 * pairs_for_all(each.qubits, sure) for each in needed],
        "chance of one at a time with as few": [round(one_copy_success(each.qubits, each.two), 3) for each in needed],
        "at most, any way": [round(one_copy_limit(each.qubits, each.two), 3) for each in needed],
    }
    st.dataframe(columns, hide_index=True)
    st.markdown(
        "- **Two at a time** is a Bell measurement on both copies. Both are held at once, in a quantum memory.\n"
        "- **One at a time** spreads the copies over 2ⁿ + 1 measurements, which share all Paulis among them.\n"
        "- The copies are quantum states, from an experiment. A picture of a digit is not such data: it can be "
        "copied and looked at as often as one likes.\n"
        "- The states here are made for this question. For others two copies may not help."
    )
    st.caption("After Huang and others, Quantum advantage in learning from experiments (arXiv 2112.00778).")
