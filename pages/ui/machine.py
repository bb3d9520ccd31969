"""The parts of page 11 beside the noise itself: shots, training with shots, and a fake machine."""

import numpy as np
import streamlit as st

from pages.ui import frame, models, opened
from pages.ui.desk import check as check_experiment
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import ask
from qnn_core import Experiment, InputError, prepare
from qnn_core.circuit import STATEVECTOR_GRID
from qnn_core.data.labels import changed
from qnn_core.engines import contracted
from qnn_core.figures.machine import noise as figures
from qnn_core.live.films.noise import in_shots
from qnn_core.machine.channels import CHANNELS
from qnn_core.machine.checks import noise_difference
from qnn_core.machine.hardware import HardwareRun, Sizes, offline_size, run_offline
from qnn_core.machine.noise import Noise
from qnn_core.machine.noisy_training import NoisyRecord, biased, machine_seconds, run_with_shots
from qnn_core.machine.shots import estimate, shots_until_sure
from qnn_core.training.budget import to_the_end
from qnn_core.words import rough, signed, three_digits, visible

SHOTS = (1, 10, 30, 100, 300, 1_000, 3_000, 10_000, 100_000, 1_000_000, 1_000_000_000)
STEPS, RATE = 30, 0.02
FEW_LAYERS, MACHINE_IMAGES = 2, 4


def settings() -> tuple[str, float, int]:
    """The kind of gate noise, the readout error in [0, 1] and the number of shots."""
    own = desk()
    channel = own.choice(
        st.selectbox,
        "Gate noise",
        list(CHANNELS),
        key="channel",
        default=next(iter(CHANNELS)),
        format_func=lambda name: CHANNELS[name].title,
        help="  \n".join(f"**{channel.title}**: {channel.blurb}" for channel in CHANNELS.values()),
    )
    error = own.choice(st.slider, "Readout error", 0, 50, key="readout_error", default=2, format="%d %%")
    shots = own.choice(st.select_slider, "Shots", SHOTS, key="shots", default=100, format_func=lambda n: f"{n:,}")
    return channel, error / 100, shots


def shots_of_one(experiment: Experiment, exact: float, noisy: float, shots: int, name: str) -> None:
    """Dots, estimate and how many shots it takes."""
    own = desk()
    roll = own.choices.get("roll", 0)
    found = estimate(np.random.default_rng((roll, shots)), noisy, shots)
    left, right = st.columns(2)
    with left:
        frame.chart(
            figures.shot_dots(found, experiment.digits),
            alt=f"{found.plus:,} of {in_shots(shots)} gave +1.",
            caption=f"{in_shots(shots)} of {name}: a measurement never gives ⟨Z⟩, only +1 or −1."
            + (f" Each dot stands for {shots / figures.MAX_DOTS:,.0f} shots." if shots > figures.MAX_DOTS else ""),
            key="dots",
        )
        st.button("Measure again", icon=":material/casino:", on_click=own.choose, args=("roll", roll + 1))
    with right:
        frame.chart(
            figures.estimate_bar(exact, noisy, found),
            alt=f"Exact {signed(exact)}, with noise {signed(noisy)}, estimate {signed(found.value)}.",
            caption="The mean of the shots with its 95 % interval, beside what it estimates.",
            key="estimate",
        )
        st.markdown("**Shots until this verdict is 99 % sure**")
        columns = st.columns(2)
        columns[0].metric("perfect machine", until_sure(exact))
        columns[1].metric("this machine", until_sure(noisy))
        if changed(np.array(exact), np.array(noisy)):
            st.warning("Noise has turned this verdict over. More shots only make the wrong one surer.")


def until_sure(f: float) -> str:
    """How many shots show the sign of ⟨Z⟩ = f with 99 %, in words for a number."""
    shots = shots_until_sure(f)
    return f"{shots:,}" if shots else "> 10⁹"


def take_home(exact: float, noisy: float, noise: Noise) -> str:
    """What becomes of the one picture, in two sentences."""
    first = f"With {100 * noise.gate:g} % noise ⟨Z⟩ of this picture goes from {visible(exact)} to {visible(noisy)}."
    if changed(np.array(exact), np.array(noisy)):
        return f"{first} The verdict is turned over: more shots only make the wrong one surer."
    return f"{first} To be 99 % sure of its sign takes {until_sure(noisy)} shots instead of {until_sure(exact)}."


@st.cache_data(show_spinner="Aer multiplies density matrices …", max_entries=50)
def differences(layers: tuple[str, ...], noise: Noise) -> dict[int, float]:
    """Largest difference from Aer at 2×2 and 3×3."""
    return {grid: opened.with_qiskit(noise_difference, grid, layers, noise) for grid in (2, 3)}


def check(experiment: Experiment, noise: Noise) -> None:
    """Ask Aer's density matrix where it fits."""
    if st.button("Check against Aer's density matrix", icon=":material/verified:"):
        found = differences(experiment.layers, noise)
        st.success(
            f"Same layers, same noise, random weights: the difference is {rough(found[2])} at 2 × 2 (5 qubits) and "
            f"{rough(found[3])} at 3 × 3 (10 qubits). At 17 qubits that matrix would have 2³⁴ entries."
        )


@st.cache_data(show_spinner="Training with shots …", max_entries=50)
def learned(experiment: Experiment, shots: int, noise: Noise) -> list[NoisyRecord]:
    """A run by parameter shift."""
    used = noise if noise.gate or noise.readout else None
    records: list[NoisyRecord] = ask(run_with_shots, experiment, shots, used, STEPS)
    return records


def training_section(experiment: Experiment, noise: Noise, shots: int) -> None:
    """Train as hardware would have to."""
    if len(experiment.layers) > FEW_LAYERS:
        st.caption(f"Offered here for up to {FEW_LAYERS} layers: with more, following the noise takes too long.")
        return
    if problem := biased(experiment):
        st.caption(plain(problem))
        return
    st.markdown(
        f"{STEPS} steps at learning rate {RATE}, {experiment.batch_size or 32} examples each, with the noise and the "
        f"{in_shots(shots)} chosen above. Every slope takes two more circuits for each weight."
    )
    own = desk()
    begin = own.choice(
        st.segmented_control, "Start", ("narrow", "uniform"), key="noisy_start", default="narrow", required=True
    )
    wanted = (experiment, begin, shots, noise)
    st.button("Train with shots", icon=":material/play_arrow:", on_click=own.choose, args=("noisy_wanted", wanted))
    if own.choices.get("noisy_wanted") == wanted:
        batch = experiment.batch_size or 32
        run = contracted(experiment).with_(start=begin, learning_rate=RATE, batch_size=batch)
        records = learned(run, shots, noise)
        circuits = records[-1].circuits
        hours, here = machine_seconds(circuits) / 3600, machine_seconds(circuits, shots) / 3600
        chosen = "" if shots == 1000 else f", {three_digits(here)} hours for the {in_shots(shots)} chosen"
        frame.chart(
            figures.noisy_curve(
                np.array([r.step for r in records]),
                np.array([r.loss for r in records]),
                np.array([r.test_accuracy for r in records]),
            ),
            alt=f"Loss and accuracy over {STEPS} steps with {in_shots(shots)}.",
            caption=f"{circuits:,} circuits. A machine of 1,000 shots a second needs **{hours:.1f} hours** for 1,000 "
            f"shots each{chosen}.",
            key="noisy_curve",
        )


@st.cache_data(show_spinner="Running on the fake machine …", max_entries=20)
def on_machine(experiment: Experiment, weights: np.ndarray, pixels: np.ndarray, shots: int) -> HardwareRun:
    """A few images of a small network on the offline backend."""
    run: HardwareRun = opened.with_qiskit(run_offline, experiment, weights, pixels, shots)
    return run


@st.cache_data(show_spinner="Fitting the circuit to the machine …", max_entries=20)
def fitted(experiment: Experiment) -> tuple[str, Sizes]:
    """The offline backend's name and the circuit's size as drawn, in its own gates, and along its wires."""
    sizes: tuple[str, Sizes] = opened.with_qiskit(offline_size, experiment)
    return sizes


def machine_section(experiment: Experiment) -> None:
    """A fake backend: the circuit rewritten, and a 2×2 network run on it."""
    small = contracted(experiment).with_(grid=2)
    try:
        check_experiment(small)
    except InputError as problem:
        st.warning(plain(problem))
        return
    rows = [("2 × 2", *fitted(small))]
    if 2 < experiment.grid <= STATEVECTOR_GRID:
        rows.append((f"{experiment.grid} × {experiment.grid}", *fitted(contracted(experiment))))
    st.dataframe(
        {
            "grid": [row[0] for row in rows],
            "machine": [row[1] for row in rows],
            "two-qubit gates, as drawn": [row[2].drawn.two_qubit for row in rows],
            "in its own gates": [row[2].own_gates.two_qubit for row in rows],
            "along its wires": [row[2].along_wires.two_qubit for row in rows],
            "depth, as drawn": [row[2].drawn.depth for row in rows],
            "depth along its wires": [row[2].along_wires.depth for row in rows],
        },
        hide_index=True,
    )
    weights = models.trained(to_the_end(small)).weights
    pixels = _different(small, weights)
    run, exact = on_machine(small, weights, pixels, 4000), models.ask(small, weights, pixels)
    st.dataframe(
        {
            "picture, bit by bit": [" ".join(f"{x:g}" for x in image.round(2)) for image in pixels],
            "exact ⟨Z⟩": exact.round(3),
            "fake machine, 4,000 shots": run.values.round(3),
            "± (standard error)": run.errors.round(3),
        },
        hide_index=True,
    )
    st.caption(
        f"{_why_more(rows[-1][2])} Your own backend: qnn_core.machine.hardware.run_on(estimator, …, backend=…)."
    )


def _different(experiment: Experiment, weights: np.ndarray) -> np.ndarray:
    """A few test pictures (k, n) that the network answers as differently as it can, the largest ⟨Z⟩ first."""
    images = prepare(experiment).test.images
    order = np.argsort(-models.ask(experiment, weights, images), kind="stable")
    chosen: np.ndarray = images[order[np.linspace(0, len(order) - 1, min(MACHINE_IMAGES, len(order))).astype(int)]]
    return chosen


def _why_more(sizes: Sizes) -> str:
    """Where the gates come from that a machine needs more."""
    drawn, own, wires = (size.two_qubit for size in sizes)
    return (
        f"The machine has no such gates. It writes each as {three_digits(own / drawn)} of its own: {drawn:,} become "
        f"{own:,}. The readout has to meet every data qubit, but wires lead only to neighbours. "
        f"So qubits swap places on the way: that makes {wires:,} gates, {three_digits(wires / own)} times as many."
    )
