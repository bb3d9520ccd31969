"""A page with nothing but films, for the tests of the player. What is shown is said in the address."""

import json
from functools import lru_cache

import streamlit as st

from pages.ui import film
from qnn_core import Experiment, prepare
from qnn_core.inside.cosine import cosine_neuron
from qnn_core.live.branches import Branch
from qnn_core.live.films.dial import dial_film
from qnn_core.live.films.noise import noise_film, strengths, under_noise
from qnn_core.live.films.threshold import encoding_film, threshold_film
from qnn_core.live.films.training import training_film
from qnn_core.machine.noise import Noise
from qnn_core.training.loop import advance, start
from qnn_core.training.run import train

OF_GREYS = {"threshold": threshold_film, "encoding": encoding_film}


@lru_cache
def run(**changes):
    """Snapshots and records of a whole run, one for each step."""
    experiment = Experiment.parse({"engine": "contraction", **changes})
    state = start(experiment)
    snapshots, records = [(0, state.weights)], []
    while True:
        state, new = advance(experiment, state, 1, test_every=1)
        if not new:
            return experiment, snapshots, records
        records += new
        snapshots.append((state.step, state.weights))


def earlier(seed):
    """A run with another seed."""
    records = run(seed=seed)[2]
    steps = [record.step for record in records]
    return Branch(f"seed {seed}", steps, [r.test_loss for r in records], [r.test_accuracy for r in records])


def training(steps, **changes):
    """A run after so many steps, with a pinned picture."""
    experiment, snapshots, records = run(**changes)
    test = prepare(experiment).test
    picture, truth = test.images[test.row[0]], test.labels[0]
    behind = [earlier(seed) for seed in range(1, 1 + int(st.query_params.get("behind", 0)))]
    return training_film(
        experiment,
        snapshots[: steps + 1],
        records[:steps],
        pinned=picture,
        truth=truth,
        behind=behind,
        total=len(records),
    )


def noise(experiment, weights):
    """How noise grows, for one picture and all."""
    values = {each: under_noise(experiment, weights, "depolarising", each) for each in strengths(experiment)}
    own = {each: of_all[5] for each, of_all in values.items()}
    picture = prepare(experiment).test.images[5]
    return noise_film(experiment, weights, Noise(), values, own=own, picture=picture, truth=1.0)


def chosen(name):
    """A film by its name in the address."""
    if name in OF_GREYS:
        greys = [0.0, 0.1, 0.6, 0.3, 0.0, 0.9, 0.4, 0.2, 0.1, 0.8, 0.7, 0.3, 0.0, 0.4, 0.5, 0.0]
        return OF_GREYS[name](Experiment(engine="contraction"), greys)
    trained = train(Experiment(engine="contraction"))
    if name == "dial":
        images = prepare(trained.experiment).test.images
        return dial_film(cosine_neuron(trained.experiment, trained.weights), images[5])
    if name == "noise":
        return noise(trained.experiment, trained.weights)
    if name == "large":
        return training(len(run(grid=28, epochs=1)[2]), grid=28, epochs=1)
    if name == "long":
        return training(len(run(epochs=19)[2]), epochs=19)
    steps = st.session_state.setdefault("steps", int(st.query_params.get("steps", 48)))
    return training(steps, seed=st.session_state.get("seed", 0))


def note(what):
    """Keep what the player has said."""

    def keep(value):
        st.session_state.setdefault("heard", []).append([what, value])
        st.session_state[what] = value

    return keep


def rested(position):
    """Keep where this film has come to rest."""
    frame = shown.positions.tolist().index(position)
    st.session_state.setdefault("rested", {})[shown.name] = frame
    note("rest")(frame)


st.set_page_config("Films", layout="wide")
st.html("<style>.stMainBlockContainer {padding: 1rem clamp(1rem, 3vw, 2.5rem)} .stAppHeader {display: none}</style>")
shown = chosen(st.query_params.get("film", "training"))
film.show(
    shown,
    key="player",
    at=0 if "start" in st.query_params else None,
    play=st.session_state.get("play", 0),
    on_rest=rested,
    on_branch=note("branch"),
)
with st.container(horizontal=True):
    if st.button("Grow"):
        st.session_state["steps"] = min(st.session_state["steps"] + 12, 48)
        st.rerun()
    if st.button("Other film"):
        st.session_state["seed"] = st.session_state.get("seed", 0) + 1
        st.session_state["rest"] = None
        st.rerun()
    if st.button("Play from Python"):
        st.session_state["play"] = st.session_state.get("play", 0) + 1
        st.rerun()
    st.text_input("Elsewhere", "some words")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
known = {name: st.session_state.get(name, []) for name in ("heard", "runs")}
rest = st.session_state.get("rested", {}).get(shown.name)
st.code(json.dumps({"rest": rest, "frames": len(shown), **known}))
