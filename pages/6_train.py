"""Page 6: the weights move."""

import streamlit as st

from pages.ui import controls, frame, guesses, losses, saved, seeds, trained, training
from pages.ui.desk import desk
from qnn_core import Experiment
from qnn_core.live.runs import RunJob
from qnn_core.training.adam import adam_step
from qnn_core.training.budget import as_allowance, to_the_end
from qnn_core.training.loop import advance
from qnn_core.training.losses import LOSSES


def at_every_threshold() -> Experiment:
    """A film over the threshold, at each of which a network is trained to the end; returns the one that is set."""
    experiment = controls.panel(status=False)
    with switches:
        pinned = training.pinned(experiment)
        inside = own.choice(st.toggle, "Show the training at this threshold", key="inside_kept", default=False)
    with stage:
        films = {"trained.csv": trained.watch(experiment, pinned)}
        run = trained.run_at(experiment)
        if inside:
            films["training.csv"] = training.watch(run, pinned, at_the_end=True)
    with files:
        for name, film in films.items():
            if film is not None:
                frame.numbers_of(film, name)
        saved.download(run, lambda: own.position if inside else None)
    end = to_the_end(experiment)
    take_home(
        f"Drag the threshold: at each one a network is trained anew on its pictures, {as_allowance(end).words}. "
        "What training lowers is the loss. The accuracy is not the same, and may have been higher on the way."
    )
    return end


def at_one_threshold(reason: str) -> Experiment:
    """The training to the end as a film, where there can be none over the threshold."""
    experiment = to_the_end(controls.panel(status=False))
    with stage:
        st.caption(reason)
    one_run(experiment, trained.run_at(experiment), at_the_end=True)
    take_home(
        f"Every change trains the network again at once, {as_allowance(experiment).words}. "
        "The accuracy may have been higher on the way: what training lowers is the loss, and that is not the same."
    )
    return experiment


def with_these_settings() -> Experiment:
    """The training as a film that waits for somebody to press Play."""
    experiment = controls.panel(status=False)
    with switches:
        run = training.run_of(experiment)
    one_run(experiment, run)
    take_home(training.lesson(run))
    return experiment


def one_run(experiment: Experiment, run: RunJob, *, at_the_end: bool = False) -> None:
    """The film of a run, and what can be done with it; at_the_end: it goes on to its end by itself."""
    with switches:
        losses.switch()
        pinned = training.pinned(experiment)
    with stage:
        film = training.watch(run, pinned, at_the_end=at_the_end)
    with files:
        frame.numbers_of(film, "training.csv")
        training.keep_branch(run)
        saved.download(run, lambda: own.position)
        seeds.section(experiment)


def take_home(words: str) -> None:
    """What to notice, right below the film."""
    with below:
        frame.notice(words)


frame.head("6_train", "Can the network find weights that tell the two digits apart?")
own = desk()
# What is set below the film is known before the film is drawn.
stage, below = st.container(), st.container()
guesses.who_wins(own.experiment)
switches, files = st.container(horizontal=True, gap="medium"), st.container()
keep = own.choice(
    switches.toggle,
    "Keep it trained",
    key="keep_trained",
    default=False,
    help="A network is trained at every threshold, and again at every change of a setting, on all images.",
)
reason = trained.why_not(own.experiment) if keep else None
if keep and reason is None:
    experiment = at_every_threshold()
else:
    trained.drop()
    experiment = with_these_settings() if reason is None else at_one_threshold(reason)
frame.code(experiment, advance, LOSSES[experiment.loss].of_margin, adam_step)
frame.end("6_train")
