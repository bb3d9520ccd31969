"""Page 11: what a real machine would show."""

import streamlit as st

from pages.ui import controls, example, frame, machine, models, opened
from qnn_core.circuit import qubit_count
from qnn_core.engines import contracted
from qnn_core.machine.noise import MAX_LAYERS, Noise, noisy_expectation
from qnn_core.machine.shots import estimate, shots_until_sure

frame.question("Noise and shots", "What would a real machine show?")
experiment = controls.panel("layers")
left, right = st.columns([2, 3])
with left:
    picture = opened.pick_picture(experiment)
    weights = models.choose_weights(experiment)
    noise, shots = machine.settings()
if len(experiment.layers) > MAX_LAYERS:
    st.warning(f"Gate noise is followed for up to {MAX_LAYERS} layers; here only readout error and shots act.")
    noise = Noise(noise.channel, 0.0, noise.readout)
exact = float(models.ask(experiment, weights, picture.pixels[None])[0])
noisy = noise.readout_factor * exact
if noise.gate:
    noisy = float(noisy_expectation(contracted(experiment), weights, picture.pixels[None], noise)[0])
with right:
    truth = "" if picture.truth is None else f"It is a {picture.truth}. "
    st.markdown(
        f"**{picture.name.capitalize()}** on {qubit_count(experiment)} qubits. {truth}Exact ⟨Z⟩ = {exact:+.4f} "
        f"(a {example.digit(experiment, exact)}), with this noise {noisy:+.4f}."
    )
    st.fragment(machine.shots_of_one)(experiment, exact, noisy, shots, picture.name)
if len(experiment.layers) <= MAX_LAYERS:
    st.fragment(machine.accuracy_section)(contracted(experiment), weights, noise, shots)
    st.fragment(machine.check)(experiment, noise)
    st.fragment(machine.training_section)(experiment, noise, shots)
st.fragment(machine.machine_section)(experiment)
frame.notice(
    "For XX and then ZZ on black and white pictures depolarising noise makes ⟨Z⟩ smaller but never changes its "
    "sign: it costs shots, not verdicts. Damping does change verdicts, and learning from shots costs a circuit or "
    "two for every weight and picture."
)
frame.code(experiment, noisy_expectation, estimate, shots_until_sure)
frame.onward("11_noise")
