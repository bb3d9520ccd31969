"""The sections of the comparison: each shows what the workers have finished, and grows."""

from collections.abc import Iterable
from functools import partial
from itertools import combinations

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.ui import frame, jobs, strip
from pages.ui.desk import desk, value_of
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import Experiment, prepare
from qnn_core.contest.contenders import CONTENDERS, KERAS_THRESHOLD, Outcome, contend
from qnn_core.contest.statistics import paired_sentence
from qnn_core.contest.table import COLUMNS, cells, default_models, table, to_csv, to_markdown
from qnn_core.contest.tutorial import ACCURACIES, published_accuracies, published_counts, published_runs
from qnn_core.data.dataset import pair_of
from qnn_core.data.labels import is_first
from qnn_core.engines import contracted
from qnn_core.experiment import Stage
from qnn_core.figures.contest.comparison import by_frequency, confusion, learning_curves, pair_matrix, seed_dots
from qnn_core.figures.data.images import montage
from qnn_core.figures.theme import FIRST, SECOND
from qnn_core.live.cnn import CNNJob
from qnn_core.live.tasks import TasksJob
from qnn_core.training.budget import BUDGETS

PAGE = "7_compare"
MATRIX, CLICKED = "pairs", "pair clicked"
"""The matrix of all pairs, and the desk's name for what a click on it has to say."""
PUBLISHED_SEEDS = 10
COUNTS = (50, 100, 200, 500, 1000, 2000, 5000)


def pictures_of(experiment: Experiment) -> Experiment:
    """Only what decides the pictures; the models bring the rest, and train by contraction."""
    return contracted(experiment.only(Stage.PICTURE))


def show(job: TasksJob) -> None:
    """How far it is, and what went wrong."""
    strip.strip(job, "Comparison", page=PAGE)
    for problem in job.problems(visitor()):
        st.warning(plain(problem))


def the_table(experiment: Experiment) -> None:
    """Every model under one budget, over seeds."""
    budget = desk().choice(
        st.segmented_control,
        "Budget",
        list(BUDGETS),
        key="budget",
        default="tutorial",
        required=True,
        format_func=lambda name: BUDGETS[name].title,
        help="  \n".join(f"**{part.title}**: {part.blurb}" for part in BUDGETS.values()),
    )
    st.caption(
        f"{BUDGETS[budget].blurb} Only the settings of the picture act here: each model brings its own layers and "
        "its own training."
    )
    chosen = desk().choice(
        st.pills,
        "Models",
        default_models(),
        key="models",
        default=default_models(),
        selection_mode="multi",
        format_func=lambda name: CONTENDERS[name].title,
    )
    pictures = pictures_of(experiment)
    row = st.container(horizontal=True, vertical_alignment="bottom")
    seeds = desk().choice(row.number_input, "Seeds", 1, 300, key="compare_seeds", default=10, width=160)
    job, wanted = table_runs(pictures, budget, chosen, seeds)
    row.button("Run these again", on_click=job.again, args=(wanted,), help="The models ticked, and only these.")
    live = cnn(pictures, budget, row)
    show(job)
    outcomes = list(job.found(wanted).values())
    if live is None or live.outcome is None:
        show_table(experiment, budget, outcomes)
    else:
        show_table(experiment, budget, [*outcomes, live.outcome], live)


def table_runs(
    pictures: Experiment, budget: str, names: Iterable[str], seeds: int
) -> tuple[TasksJob, list[tuple[str, int]]]:
    """These models, once for each seed, and the keys of these runs."""
    job = jobs.tasks("table", pictures, budget)
    wanted = {
        (name, seed): (contend, (name, pictures.with_(seed=seed), budget)) for seed in range(seeds) for name in names
    }
    job.want(visitor(), wanted)
    return job, list(wanted)


def show_table(experiment: Experiment, budget: str, outcomes: list[Outcome], cnn: CNNJob | None = None) -> None:
    """The chart, the table and its files."""
    if not outcomes:
        st.caption("The first results come in a moment.")
        return
    rows = table(outcomes, published=published_accuracies(experiment, budget))
    frame.chart(
        seed_dots(rows, prepare(experiment).ceiling.test_best),
        alt="Test accuracy of each model: " + ", ".join(f"{row['model']} {row['test_accuracy']:.3f}" for row in rows),
        caption="Each dot is one run with its own seed; the bar is the median, the band 5 to 95 % of the runs."
        + (" Hollow diamond: what the tutorial published." if any(row["published"] for row in rows) else ""),
        key="seed_dots",
    )
    columns = zip(*map(cells, rows), strict=True)
    st.dataframe(
        dict(zip(COLUMNS.values(), map(list, columns), strict=True)),
        hide_index=True,
        column_config={"model": st.column_config.TextColumn(width=215, pinned=True)},
    )
    with st.container(horizontal=True):
        frame.download("CSV", lambda: to_csv(rows), "comparison.csv")
        frame.download("Markdown", lambda: to_markdown(rows), "comparison.md")
        if cnn is not None:
            frame.download("Save the CNN", cnn.to_bytes, "cnn.npz")
    st.caption(
        "here: the median test accuracy of the runs; 5 % and 95 %: the ends of the band; kind: of the loss. "
        "effective: weights left after merging layers that commute; one XX, ZZ block has a phase for each pixel and "
        "one factor. Accuracies can be compared, losses of different kinds cannot."
    )
    frame.notice(
        f"{paired_sentence(outcomes)} QNN (32) and QNN (64 grouped) are one and the same network: where they differ, "
        "one has come further than the other."
    )


def cnn(pictures: Experiment, budget: str, row: DeltaGenerator) -> CNNJob | None:
    """The CNN's own button, in `row`, and its progress. Returns its job, or None without PyTorch."""
    advice = CONTENDERS["cnn"].missing()
    if advice:
        row.caption(advice)
        return None
    job = jobs.cnn(pictures, budget)
    if job.status(visitor()) in {"running", "waiting"}:
        row.button("Stop the CNN", on_click=job.pause, args=(visitor(),), icon=":material/stop:")
    elif not job.complete:
        row.button("Train the CNN too", on_click=job.want, args=(visitor(),), icon=":material/play_arrow:")
    strip.message(job)
    strip.strip(job, "CNN", page=PAGE, always=bool(job.records))
    return job


def what_differs(experiment: Experiment) -> None:
    """Test images on which the quantum and the fair network disagree, both trained to convergence."""
    pictures, pair = pictures_of(experiment), ("qnn-32", "fair")
    seeded = pictures.with_(seed=experiment.seed)
    job = jobs.tasks("differs", seeded)
    job.want(visitor(), {name: (contend, (name, seeded, "convergence")) for name in pair})
    show(job)
    found = job.found(pair)
    if len(found) < len(pair):
        st.caption("Both networks are being trained to convergence …")
    else:
        show_differences(experiment, *(found[name].verdicts for name in pair))


def show_differences(experiment: Experiment, quantum: np.ndarray, fair: np.ndarray) -> None:
    """Confusion matrices, a gallery of disagreements, and accuracy by frequency."""
    data, digits = prepare(experiment), experiment.digits
    truth = is_first(data.test.labels)
    left, right = st.columns(2)
    for column, name, verdicts in ((left, "QNN (32)", quantum), (right, "Fair network", fair)):
        with column:
            frame.chart(
                confusion(verdicts, data.test.labels, digits, name),
                alt=f"Confusion matrix of the {name}.",
                caption="Rows: what it is. Columns: what the network says.",
                key=f"confusion {name}",
            )
    differ = np.flatnonzero(quantum != fair)
    right_share = np.mean(quantum[differ] == truth[differ]) if len(differ) else 0.0
    st.markdown(f"The networks disagree on **{len(differ):,}** of {len(truth):,} test images.")
    if len(differ):
        shown = differ[np.linspace(0, len(differ) - 1, min(12, len(differ))).astype(int)]
        says = [digits[0] if quantum[index] else digits[1] for index in shown]
        frame.chart(
            montage(
                pair_of(experiment).test_images[shown],
                [f"QNN says {digit}" for digit in says],
                6,
                caption_colours=[FIRST if digit == digits[0] else SECOND for digit in says],
                height=170 * -(-len(shown) // 6),
            ),
            alt="Test images on which the two networks disagree.",
            caption=f"The fair network says the opposite. The QNN is right on {right_share:.0%} "
            "of all disagreements.",
            key="disagreements",
        )
    in_training = np.array([sum(data.kept.count(image)) for image in data.test.images])
    frame.chart(
        by_frequency(in_training[data.test.row], {"qnn-32": quantum == truth, "fair": fair == truth}),
        alt="Accuracy of both networks by how often the picture occurs in the training images.",
        caption="Who is better on rare pictures, who on frequent ones?",
        key="frequency",
    )
    verdicts_of_all(experiment, quantum, fair, in_training)
    frame.notice(
        "Both networks see the same pixels, so they can only differ on whole groups of identical pictures. "
        "One cosine cannot follow every group's majority."
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


@st.cache_data(show_spinner=False, max_entries=200)
def ceiling_of(pictures: Experiment) -> float:
    """The ceiling on the test images; kept, because the data of all 45 pairs are too many to keep."""
    return prepare(pictures).ceiling.test_best


def all_pairs(experiment: Experiment) -> None:
    """QNN, fair network and ceiling for all 45 pairs of digits."""
    if clicked := desk().choices.pop(CLICKED, None):
        st.toast(clicked)
    # The same work, whichever pair of digits the panel shows.
    pictures = pictures_of(experiment).with_(digits=(3, 6))
    pairs = list(combinations(range(10), 2))
    job = jobs.tasks("pairs", pictures)
    job.want(
        visitor(),
        {
            (name, pair): (contend, (name, pictures.with_(digits=pair), "convergence"))
            for pair in pairs
            for name in ("qnn-32", "fair")
        },
    )
    accuracies = {"QNN (32)": "qnn-32", "Fair network": "fair", "Ceiling": None}
    which = desk().choice(
        st.segmented_control,
        "Accuracy of",
        list(accuracies),
        key="pairs_of",
        default="QNN (32)",
        required=True,
    )
    show(job)
    if name := accuracies[which]:
        values = {
            pair: outcome.test_accuracy for (model, pair), outcome in list(job.results.items()) if model == name
        }
    else:
        done = {pair for _, pair in list(job.results)}
        values = {pair: ceiling_of(pictures.with_(digits=pair)) for pair in pairs if pair in done}
    frame.plot(
        pair_matrix(values, f"Test accuracy: {which}"),
        key=MATRIX,
        on_select=partial(go_to_pair, experiment),
        selection_mode="points",
        alt=f"Test accuracy of {which} for all pairs of digits.",
    )
    st.caption(
        "Click a cell to set these two digits for the whole lesson. Both networks are trained to convergence. "
        "Which pairs does a cosine find hard?"
    )
    table = {"pair": [f"{a} or {b}" for a, b in values], "test accuracy": list(values.values())}
    frame.numbers("chart", lambda: table)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pair = desk().choice(
            st.selectbox,
            "Go to a pair",
            pairs,
            key="pair",
            default=pairs[0],
            format_func=lambda pair: f"{pair[0]} or {pair[1]}",
            width=180,
        )
        st.button("Set the digits", on_click=set_digits, args=(experiment, *pair))
    frame.notice(
        "Pairs that look alike after shrinking are hard for everybody: the ceiling shows it. "
        "Where the QNN is far below the ceiling, one cosine is not enough."
    )


def go_to_pair(experiment: Experiment) -> None:
    """Set the panel's digits to the cell that was clicked."""
    points = value_of(MATRIX).selection.points
    if points and points[0].get("x") != points[0].get("y"):
        first, second = sorted((int(points[0]["x"]), int(points[0]["y"])))
        set_digits(experiment, first, second)
        # Said on the next run: what a callback shows is lost if the page is drawn again at once.
        desk().choices[CLICKED] = f"The digits are now {first} and {second}, on every page."


def set_digits(experiment: Experiment, first: int, second: int) -> None:
    """Set the panel to two digits; for callbacks."""
    desk().change("digits", digits=(first, second))


def more_examples(experiment: Experiment) -> None:
    """Accuracy against the number of training examples."""
    pictures = pictures_of(experiment)
    counts = [count for count in COUNTS if count < len(prepare(pictures).kept)] + [len(prepare(pictures).kept)]
    job = jobs.tasks("examples", pictures)
    job.want(
        visitor(),
        {
            (name, count, seed): (contend, (name, pictures.with_(seed=seed), "convergence", count))
            for seed in range(5)
            for count in counts
            for name in ("qnn-32", "fair")
        },
    )
    show(job)
    curves: dict[str, dict[int, list[float]]] = {}
    for (name, count, _), outcome in list(job.results.items()):
        curves.setdefault(name, {}).setdefault(count, []).append(outcome.test_accuracy)
    if curves:
        frame.chart(
            learning_curves(curves, prepare(pictures).ceiling.test_best),
            alt="Test accuracy against the number of training examples, for the QNN and the fair network.",
            caption="Median and 5–95 % band over five seeds, both trained to convergence.",
            key="learning",
        )
        points = [(name, count, value) for name in curves for count in curves[name] for value in curves[name][count]]
        names, sizes, accuracies = zip(*points, strict=True)
        frame.numbers("chart", lambda: {"model": names, "examples": sizes, "test accuracy": accuracies})
    frame.notice(
        "With few examples a small network cannot overfit much, quantum or not. "
        "See from where on more pictures help only one of the two."
    )


def tutorials_numbers(experiment: Experiment) -> None:
    """The tutorial's counts and accuracies beside this machine's."""
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
    st.caption("Counting has no luck in it: with the tutorial's settings every number has to be the same.")
    st.subheader("Trained networks: test accuracy")
    pictures = pictures_of(experiment)
    names = [name for name in default_models() if name in ACCURACIES]
    job, wanted = table_runs(pictures, "tutorial", names, PUBLISHED_SEEDS)
    show(job)
    outcomes = list(job.found(wanted).values())
    live = jobs.peek_cnn(pictures, "tutorial")
    if live is not None and live.outcome is not None:
        outcomes.append(live.outcome)
    show_published_runs(experiment, outcomes)
    frame.notice(
        "Accuracies of trained networks differ from the published ones because seeds and orders differ: "
        "a published figure is one draw. The section “The table” shows how wide the draws are."
    )


def show_published_runs(experiment: Experiment, outcomes: list[Outcome]) -> None:
    """Published accuracies, those of this machine, and why they differ."""

    def span(low: float, high: float) -> str:
        return "—" if np.isnan(low) else f"{low:.4f} to {high:.4f}"

    lines = published_runs(experiment, outcomes)
    st.dataframe(
        {
            "run": [line.run for line in lines],
            "published": [f"{line.published:.4f}" for line in lines],
            "here (median)": ["—" if np.isnan(line.here) else f"{line.here:.4f}" for line in lines],
            "all runs here": [span(line.here_low, line.here_high) for line in lines],
            "as the tutorial counts": [span(line.counted_low, line.counted_high) for line in lines],
        },
        hide_index=True,
    )
    st.markdown("\n".join(f"- **{line.run.split(':')[0]}**: {line.reason}." for line in lines))
    st.caption(
        f"{PUBLISHED_SEEDS} runs of each network, each with its own seed; the CNN is run in “The table”. "
        "The tutorial's classical networks end in a logit, and Keras counts it as the first digit above "
        f"{KERAS_THRESHOLD:g}; everywhere else in this lesson the sign decides."
    )
