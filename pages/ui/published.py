"""What the paper, the tutorial and the post say, each for itself, beside what this machine finds."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from pages.ui import frame, jobs, strip
from pages.ui.comparison import PAGE, pictures_of, show, table_runs
from pages.ui.desk import desk
from qnn_core import Experiment
from qnn_core.contest.contenders import CONTENDERS, KERAS_THRESHOLD, Outcome, by_name
from qnn_core.contest.statistics import duel, median_run
from qnn_core.contest.table import PAIR, default_models
from qnn_core.contest.tutorial import (
    ACCURACIES,
    BUDGET,
    CONVERGED,
    FIRST_IN_LOG,
    SOURCES,
    as_published,
    published_counts,
    published_runs,
    second_digits,
)

FEW_SEEDS, MOST_SEEDS = 10, 300
CONVERGED_SEEDS = 1
"""Runs to convergence beside what the tutorial says of it: from a narrow start all end alike."""


def tutorials_numbers(experiment: Experiment) -> None:
    """The sources, what the tutorial says, what the post printed, and what the tutorial counts."""
    said_by_the_tutorial(experiment)
    st.markdown(
        "\n".join(
            f"- **{who}** ([{source.title}]({source.address})) has {source.about}" for who, source in SOURCES.items()
        )
    )
    st.subheader("What the post printed: test accuracies", anchor=False)
    printed_in_the_post(experiment)
    st.subheader("What the tutorial counts", anchor=False)
    show_counts(experiment)


def said_by_the_tutorial(experiment: Experiment) -> None:
    """Training to convergence, and the classical network's time, as both come out here."""
    pictures = pictures_of(experiment)
    job, wanted = table_runs(pictures, "convergence", PAIR, CONVERGED_SEEDS)
    strip.strip(job, "To convergence", page=PAGE)
    found = by_name(job.found(wanted).values())
    if not set(PAIR) <= found.keys():
        st.caption("Both networks are being trained to convergence …")
        return
    frame.notice(converged_in_words(experiment, found))


def converged_in_words(experiment: Experiment, found: dict[str, list[Outcome]]) -> str:
    """What the tutorial says of convergence, beside the runs made here."""
    quantum, fair = (median_run(found[name]) for name in PAIR)
    above = "above" if quantum.test_accuracy > CONVERGED else "not above"
    one = duel(experiment, found[PAIR[1]], found[PAIR[0]])
    classical = "at least as good" if one.lead >= 0 else "behind"
    return (
        f"To convergence, {CONTENDERS[PAIR[0]].title} reaches {quantum.test_accuracy:.3f}: {above} the tutorial’s "
        f"{CONVERGED:.0%}. {CONTENDERS[PAIR[1]].title} has {fair.test_accuracy:.3f}, {classical}. It took "
        f"{fair.seconds:.1f} s, and the QNN {quantum.seconds:.1f} s by exact contraction. "
        "The tutorial’s “fraction of the time” is against a simulator of all amplitudes."
    )


def printed_in_the_post(experiment: Experiment) -> None:
    """The post's accuracies, and how many runs of this machine find them again."""
    pictures = pictures_of(experiment)
    seeds = desk().choices.get("published_seeds", FEW_SEEDS)
    names = [name for name in default_models() if name in ACCURACIES]
    job, wanted = table_runs(pictures, BUDGET, names, seeds)
    show(job)
    outcomes = list(job.found(wanted).values())
    live = jobs.peek_cnn(pictures, BUDGET)
    if live is not None and live.outcome is not None:
        outcomes.append(live.outcome)
    show_published_runs(experiment, outcomes)
    desk().choice(
        st.number_input, "Seeds", 1, MOST_SEEDS, key="published_seeds", default=FEW_SEEDS, step=10, width=160
    )
    if as_published(experiment):
        st.caption(first_in_the_log(experiment))


def show_published_runs(experiment: Experiment, outcomes: Sequence[Outcome]) -> None:
    """Published accuracies, those of this machine, and how many of these are near."""

    def number(value: float) -> str:
        return "—" if np.isnan(value) else f"{value:.4f}"

    lines = published_runs(experiment, outcomes)
    st.dataframe(
        {
            "run": [line.run for line in lines],
            "the post": [f"{line.published:.4f}" for line in lines],
            "here (median)": [number(line.here) for line in lines],
            "least": [number(line.here_low) for line in lines],
            "largest": [number(line.here_high) for line in lines],
            "runs": [line.runs for line in lines],
        },
        hide_index=True,
        height="content",
    )
    st.markdown("\n".join(f"- **{line.run.split(':')[0]}**: {line.reason}." for line in lines))
    st.caption(
        "Each run has its own seed; the CNN is run in “Who is ahead”. The classical networks end in a logit. Keras "
        f"counts it as the first digit above {KERAS_THRESHOLD:g}; everywhere else in this lesson the sign decides."
    )


def first_in_the_log(experiment: Experiment) -> str:
    """The number with which the post's log begins, and what it is."""
    right, images = second_digits(experiment)
    share, digit = right / images, experiment.digits[1]
    fits = "That is the same number" if round(share, 4) == FIRST_IN_LOG else "That is another number"
    return (
        f"In the post’s log the fair network begins at {FIRST_IN_LOG}. Here {right:,} of {images:,} test images are "
        f"{digit}s, a share of {share:.4f}. {fits}: who calls every image a {digit} is right so often. "
        f"So is a network whose logit is never above {KERAS_THRESHOLD:g}, as Keras counts."
    )


def show_counts(experiment: Experiment) -> None:
    """The tutorial's counts beside those of these pictures."""
    lines = published_counts(experiment)
    st.dataframe(
        {
            "what": [line.what for line in lines],
            "published": [f"{line.published:,}" for line in lines],
            "here": [f"{line.here:,}" for line in lines],
            "why": [line.reason for line in lines],
        },
        hide_index=True,
        height="content",
    )
    same = sum(line.here == line.published for line in lines)
    st.caption(f"Counting has no luck in it: {same} of {len(lines)} numbers are the same here.")
