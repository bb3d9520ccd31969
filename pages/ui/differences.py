"""On which pictures the quantum and the fair network disagree, and how much of it is the choice of a loss."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from pages.ui import frame, jobs, tiles
from pages.ui.comparison import pictures_of, show, want
from pages.ui.desk import desk
from pages.ui.example import digit
from qnn_core import LOSSES, Experiment, prepare
from qnn_core.contest.contenders import Outcome, contend
from qnn_core.contest.statistics import Duel, duel, probability
from qnn_core.contest.table import PAIR
from qnn_core.data.dataset import pair_of
from qnn_core.data.labels import is_first, labels_of
from qnn_core.figures import theme
from qnn_core.figures.contest.comparison import by_frequency, confusion
from qnn_core.words import signed

QUANTUM, FAIR = PAIR


def what_differs(experiment: Experiment) -> None:
    """Test images on which two networks disagree, both trained to convergence, the QNN with a loss of choice."""
    seeded = pictures_of(experiment).with_(seed=experiment.seed)
    job = jobs.tasks("differs", seeded)
    tasks = {loss: (contend, (QUANTUM, seeded, "convergence", None, loss)) for loss in LOSSES}
    want(job, {FAIR: (contend, (FAIR, seeded, "convergence")), **tasks})
    found = job.found([*tasks, FAIR])
    loss = desk().choices.get("differs_loss", "hinge")
    if {loss, FAIR} <= found.keys():
        frame.notice(gap_in_words(experiment, found, loss))
    choose_loss()
    show(job)
    if {loss, FAIR} <= found.keys():
        show_differences(experiment, found[loss].verdicts, found[FAIR].verdicts)
        frame.more(lambda: losses_table(experiment, found), key="gaps", label="The gap with every loss")
    else:
        st.caption("Both networks are being trained to convergence …")


def choose_loss() -> None:
    """The one control: what the quantum network is trained with."""
    desk().choice(
        st.segmented_control,
        "The QNN is trained with the loss",
        list(LOSSES),
        key="differs_loss",
        default="hinge",
        required=True,
        format_func=lambda name: LOSSES[name].title,
        help="  \n".join(f"**{loss.title}**: {loss.blurb}" for loss in LOSSES.values()),
    )


def duels(experiment: Experiment, found: Mapping[str, Outcome]) -> dict[str, Duel]:
    """Loss → the quantum network trained with it against the fair one, as far as they are there."""
    return {loss: duel(experiment, [found[loss]], [found[FAIR]]) for loss in LOSSES if loss in found}


def gap_in_words(experiment: Experiment, found: Mapping[str, Outcome], loss: str) -> str:
    """How far the quantum network is ahead or behind, and what another loss makes of it."""
    all_duels = duels(experiment, found)
    here = all_duels[loss]
    sentence = (
        f"With the {LOSSES[loss].words} QNN (32) is right on {here.first:,} of the {here.images:,} test images, "
        f"the fair network on {here.second:,}. {_luck(here)}"
    )
    others = [name for name in all_duels if name != loss]
    other = min(others, key=lambda name: abs(all_duels[name].lead), default=None)
    if other is None:
        return sentence
    best = all_duels[other]
    second = f"With the {LOSSES[other].words} the same circuit is right on {best.first:,}. {_luck(best)}"
    if best.is_luck and not here.is_luck:
        return f"{sentence} {second} The gap came from the loss, not from the circuit."
    return f"{sentence} {second}"


def _luck(one: Duel) -> str:
    if not one.lead:
        return "They stand level."
    verdict = "may be luck" if one.is_luck else "is no luck"
    p = probability(one.disagreement.chance)
    return f"A gap of {abs(one.lead):,}, and that {verdict} (McNemar’s test, p = {p})."


def losses_table(experiment: Experiment, found: Mapping[str, Outcome]) -> None:
    """The gap with every loss."""
    rows = duels(experiment, found)
    st.dataframe(
        {
            "loss of the QNN": [LOSSES[loss].title for loss in rows],
            "test accuracy": [f"{found[loss].test_accuracy:.4f}" for loss in rows],
            "ahead of the fair network by": [signed(one.lead, ",d") for one in rows.values()],
            "only the QNN is right": [one.disagreement.first_only for one in rows.values()],
            "only the fair one": [one.disagreement.second_only for one in rows.values()],
            "p (McNemar)": [probability(one.disagreement.chance) for one in rows.values()],
        },
        hide_index=True,
        height="content",
    )


def show_differences(experiment: Experiment, quantum: np.ndarray, fair: np.ndarray) -> None:
    """A gallery of disagreements, accuracy by frequency, and confusion matrices."""
    data = prepare(experiment)
    truth = is_first(data.test.labels)
    differ = np.flatnonzero(quantum != fair)
    st.markdown(f"The networks disagree on **{len(differ):,}** of {len(truth):,} test images.")
    if len(differ):
        gallery(experiment, quantum, differ, float(np.mean(quantum[differ] == truth[differ])))
    in_training = np.array([sum(data.kept.count(image)) for image in data.test.images])
    right = {QUANTUM: quantum == truth, FAIR: fair == truth}
    frame.chart(
        by_frequency(in_training[data.test.row], right),
        alt="Accuracy of both networks by how often the picture occurs in the training images.",
        caption="Who is better on rare pictures, who on frequent ones?",
        key="frequency",
    )
    verdicts_of_all(experiment, quantum, fair, in_training)
    confusions(experiment, quantum, fair)


def gallery(experiment: Experiment, quantum: np.ndarray, differ: np.ndarray, right_share: float) -> None:
    """Some of the images on which the networks disagree."""
    shown = differ[np.linspace(0, len(differ) - 1, min(12, len(differ))).astype(int)]
    labels, said = prepare(experiment).test.labels[shown], labels_of(quantum[shown])
    each = zip(labels, said, strict=True)
    tiles.show(
        pair_of(experiment).test_images[shown],
        [f"is a {digit(experiment, label)}\nQNN says {digit(experiment, answer)}" for label, answer in each],
        truths=[theme.digit_token(label) for label in labels],
        verdicts=[theme.digit_token(answer) for answer in said],
        alt="Test images on which the two networks disagree.",
        caption="Frame: what it is. Corner: what the QNN says; the fair network says the opposite. "
        f"The QNN is right on {right_share:.0%} of all disagreements.",
    )


def confusions(experiment: Experiment, quantum: np.ndarray, fair: np.ndarray) -> None:
    """What each network says of each digit."""
    labels, digits = prepare(experiment).test.labels, experiment.digits
    left, right = st.columns(2)
    for column, name, verdicts in ((left, "QNN (32)", quantum), (right, "Fair network", fair)):
        with column:
            frame.chart(
                confusion(verdicts, labels, digits, name),
                alt=f"Confusion matrix of the {name}.",
                caption="Rows: what it is. Columns: what the network says.",
                key=f"confusion {name}",
            )


def verdicts_of_all(experiment: Experiment, quantum: np.ndarray, fair: np.ndarray, in_training: np.ndarray) -> None:
    """Every different test image, how often it occurs, and what both networks say."""
    data, digits = prepare(experiment), experiment.digits
    distinct = data.test.images
    _, example = np.unique(data.test.row, return_index=True)
    frame.numbers(
        "chart",
        lambda: {
            "pixels, row by row": [in_words(image) for image in distinct],
            f"test images of a {digits[0]}": data.test.first,
            f"test images of a {digits[1]}": data.test.second,
            "in training": in_training,
            "QNN says": np.where(quantum[example], *digits),
            "fair says": np.where(fair[example], *digits),
        },
    )


def in_words(image: np.ndarray) -> str:
    """Bits as 0110…, grey values in hundredths."""
    bits = np.isin(image, (0, 1)).all()
    return "".join(f"{pixel:g}" for pixel in image) if bits else " ".join(f"{pixel:.2f}" for pixel in image)
