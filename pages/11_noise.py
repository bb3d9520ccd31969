"""Page 11: what a real machine would show."""

import streamlit as st

from pages.ui import controls, example, frame, machine, models, noise, opened
from qnn_core.circuit import qubit_count
from qnn_core.engines import contracted
from qnn_core.machine.noise import MAX_LAYERS, Noise, noisy_expectation
from qnn_core.machine.shots import estimate, shots_until_sure
from qnn_core.words import signed

frame.head("11_noise", "What would a real machine show?")
experiment = controls.panel()
watched, noticed = st.container(), st.container()
left, right = st.columns(2)
with left:
    picture = opened.pick_picture(experiment)
    weights = models.choose_weights(experiment)
    most = noise.reach()
with right:
    channel, readout, shots = machine.settings()
exact = float(models.ask(experiment, weights, picture.pixels[None])[0])
refused = noise.refusal(experiment)
with watched:
    if refused:
        st.warning(refused)
        now = Noise(channel, 0.0, readout)
        noisy: float | None = now.readout_factor * exact
    else:
        now = Noise(channel, noise.strength(experiment, most), readout)
        noisy = noise.section(contracted(experiment), weights, now, shots, picture, most)
with noticed:
    if noisy is None:
        frame.notice("A machine shows +1 or −1, never ⟨Z⟩. Noise makes what it shows less certain.")
    else:
        frame.notice(machine.take_home(exact, noisy, now))
if noisy is not None:
    st.subheader("One picture, shot by shot", anchor=False)
    truth = "" if picture.truth is None else f"It is a {picture.truth}. "
    st.markdown(
        f"**{picture.name.capitalize()}** on {qubit_count(experiment)} qubits. {truth}"
        f"Exact ⟨Z⟩ = {signed(exact, '.4f')} (a {example.digit(experiment, exact)}). "
        f"With {100 * now.gate:g} % noise and {100 * readout:g} % readout error it is {signed(noisy, '.4f')}."
    )
    frame.part(machine.shots_of_one)(experiment, exact, noisy, shots, picture.name)
if len(experiment.layers) <= MAX_LAYERS:
    frame.more(lambda: machine.check(experiment, now), key="density", label="Check the noise with Aer")
    frame.more(
        lambda: machine.training_section(experiment, now, shots), key="learn", label="Training on such a machine"
    )
frame.more(lambda: machine.machine_section(experiment), key="wires", label="Run it on a fake machine with wires")
frame.code(experiment, noisy_expectation, estimate, shots_until_sure)
frame.end("11_noise")
