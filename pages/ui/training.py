"""The film of a training run: computed by the workers, played by the browser."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.ui import address, film, jobs, losses, opened, strip
from pages.ui.desk import desk
from pages.ui.film.growing import Growing
from pages.ui.opened import Asked
from pages.ui.workers import visitor
from qnn_core import Experiment, prepare
from qnn_core.live.branches import Branch
from qnn_core.live.film import Film
from qnn_core.live.films.training import MOST_BRANCHES, look, training_film
from qnn_core.live.runs import RunJob

PAGE, TITLE = "6_train", "Training"
MOSTLY = 0.9
"""So large a share of the pictures counts as almost all of them."""
BRANCHES = "branches"
"""Under this name the desk keeps the runs that are drawn behind the next ones."""


def run_of(experiment: Experiment) -> RunJob:
    """The run of an Experiment, which all visitors share, and a switch for what the fair network gets to see."""
    same = desk().choice(
        st.toggle,
        "Same examples for both networks",
        key=jobs.SAME_EXAMPLES,
        default=False,
        help="The fair network usually sees all images kept; this gives it only the QNN's.",
    )
    return jobs.run(experiment, same_examples=same)


def watch(run: RunJob, pinned: Asked, *, at_the_end: bool = False) -> Film:
    """Draw the run as a film, and return it: play, pause, step and drag it; what it has not got yet is computed.

    at_the_end: where nobody has moved it, it stands at the end, or goes on to there while it is computed.
    """
    own = desk()
    _catch_up(run)
    others = losses.found(run.experiment)
    if others is not None and run.status(visitor()) == "ready":
        run.want(visitor())  # one press compares them all
    behind = [*_others(run.experiment, others or {}), *_behind(run.experiment)][:MOST_BRANCHES]
    who, truth = visitor(), pinned.label(run.experiment.digits)

    def make() -> Film:
        return training_film(
            run.experiment,
            run.snapshots,
            run.records,
            pinned=pinned.pixels,
            truth=truth,
            fair=run.fair_records if run.fair_epochs else None,
            fair_epochs=run.fair_epochs or 1,
            behind=behind,
            total=run.steps,
        )

    def go_on(begin: bool) -> bool:
        if begin:
            run.want(who)
        else:
            run.watch(who)
        return run.active

    def rest(step: float) -> None:
        own.position = None if step == run.steps else int(step)

    def wants(play: bool, step: bool) -> None:
        if play or step:
            run.want(who, run.state.step + run.every if step else None)
        else:
            run.pause(who)

    made = make()
    film.show(
        made,
        key="training_film",
        growing=Growing(make, lambda: run.snapshots[-1][0], go_on, lambda: address.tell(own)),
        at=run.steps if own.position is None and (at_the_end or others is not None) else own.position,
        on_rest=rest,
        on_branch=lambda name: _go_back(run.experiment, name),
        on_wants=wants,
    )
    strip.strip(run, TITLE, page=PAGE)  # below, so that nothing jumps when it comes and goes
    strip.message(run)
    losses.say(run, others)
    return made


def _catch_up(run: RunJob) -> None:
    """Compute what a link has asked for: a position that this server has not reached yet."""
    position, who = desk().position, visitor()
    if position is not None and position > run.state.step and run.status(who) in {"ready", "paused"}:
        run.want(who, position)


def pinned(experiment: Experiment) -> Asked:
    """A control for the picture whose verdict is followed."""
    with st.popover("Pinned picture", icon=":material/push_pin:"):
        return opened.pick_picture(experiment)


def lesson(run: RunJob) -> str:
    """What there is to see, as far as this run is."""
    first = look(run.experiment, run.snapshots[0][1])
    flat = (
        f"With the first weights ⟨Z⟩ is almost 0 for {100 * first.undecided:.0f} % of the test pictures, so the loss "
        f"starts at {first.loss:.2f}. "
        if first.undecided >= MOSTLY
        else ""
    )
    tested = [record for record in run.records if record.test_accuracy is not None]
    if not tested and run.active:
        return f"{flat}The first of {run.steps:,} steps is on its way."
    if not tested:
        return f"{flat}Nothing is trained yet: {run.steps:,} steps are to come. Press Play."
    last, test = tested[-1], prepare(run.experiment).test
    wrong = round((1 - float(last.test_accuracy or 0.0)) * len(test))
    least = round((1 - prepare(run.experiment).ceiling.test_best) * len(test))
    limit = f" Nobody can get below {least:,}: the same picture comes with both labels." if least else ""
    return (
        f"{flat}After {last.step:,} of {run.steps:,} steps {wrong:,} of {len(test):,} test pictures are wrong.{limit}"
    )


# Branches: runs that stay behind the next ones


def keep_branch(run: RunJob) -> None:
    """A button that lays this run's curves behind the next ones."""
    kept: dict[Experiment, Branch] = desk().choices.get(BRANCHES, {})
    with st.container(horizontal=True):
        full = len(kept) >= MOST_BRANCHES
        st.button(
            "Keep this run",
            icon=":material/call_split:",
            on_click=_keep,
            args=(run,),
            disabled=run.experiment in kept or not run.records or full,
            help=f"Its curves lie behind those of the next runs, up to {MOST_BRANCHES}; a click on one goes back.",
        )
        if kept:
            st.button("Forget them", icon=":material/delete:", on_click=desk().choices.pop, args=(BRANCHES,))


def _keep(run: RunJob) -> None:
    tested = [record for record in run.records if record.test_loss is not None]
    branch = Branch(
        name="",
        steps=[record.step for record in tested],
        losses=[float(record.test_loss or 0.0) for record in tested],
        accuracies=[float(record.test_accuracy or 0.0) for record in tested],
        loss=run.experiment.loss,
    )
    desk().choices.setdefault(BRANCHES, {})[run.experiment] = branch


def _behind(experiment: Experiment) -> list[Branch]:
    """The other runs that were kept, each named by what differs from this one."""
    kept: dict[Experiment, Branch] = desk().choices.get(BRANCHES, {})
    return _others(experiment, {one: branch for one, branch in kept.items() if one != experiment})


def _others(experiment: Experiment, runs: Mapping[Experiment, Branch]) -> list[Branch]:
    """Runs, each named by what differs from this one."""
    return [branch._replace(name=differences(one, experiment)) for one, branch in runs.items()]


def _go_back(experiment: Experiment, name: str) -> None:
    for one in (*(losses.found(experiment) or {}), *desk().choices.get(BRANCHES, {})):
        if differences(one, experiment) == name:
            desk().set(one)
            return


def differences(one: Experiment, other: Experiment) -> str:
    """What is set otherwise, in few words: "seed 3, learning rate 0.01"."""
    mine, theirs = one.model_dump(), other.model_dump()
    return ", ".join(f"{name.replace('_', ' ')} {_short(mine[name])}" for name in mine if mine[name] != theirs[name])


def _short(value: Any) -> str:
    if isinstance(value, tuple | list):
        return " ".join(map(str, value))
    return "all" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
