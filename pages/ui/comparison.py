"""The contest of page 7: who is ahead under one budget, by how much, and whether that is luck."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from pages.ui import follow, frame, glossary, jobs, strip
from pages.ui.desk import desk
from pages.ui.said import plain
from pages.ui.workers import visitor
from qnn_core import Experiment
from qnn_core.contest.contenders import CONTENDERS, Outcome, contend, trained_with
from qnn_core.contest.statistics import who_is_ahead
from qnn_core.contest.table import COLUMNS, PAIR, cells, default_models, table, to_csv, to_markdown
from qnn_core.contest.tutorial import published_accuracies
from qnn_core.engines import contracted
from qnn_core.experiment import Stage
from qnn_core.figures.contest.comparison import seed_dots
from qnn_core.live.cnn import CNNJob
from qnn_core.live.job import Task
from qnn_core.live.tasks import TasksJob
from qnn_core.training.budget import BUDGETS

PAGE = "7_compare"
SEEDS, MODELS, ONE, OTHER = "compare_seeds", "models", "pair_one", "pair_other"
"""The desk's names for how many runs of each, which models, and which two are compared."""
FEW_SEEDS = 10
"""So many runs of each model at first."""


def pictures_of(experiment: Experiment) -> Experiment:
    """Only what decides the pictures; the models bring the rest, and train by contraction."""
    return contracted(experiment.only(Stage.PICTURE))


def show(job: TasksJob) -> None:
    """How far it is, and what went wrong."""
    strip.strip(job, "Comparison", page=PAGE)
    for problem in job.problems(visitor()):
        st.warning(plain(problem))


def want(job: TasksJob, tasks: Mapping[Any, Task]) -> None:
    """Want these tasks, and follow them from here on: what comes in after their results were read is news."""
    job.want(visitor(), tasks)
    follow.look(job)


def chosen(name: str, default: Any) -> Any:
    """A choice whose control may be folded away."""
    return desk().choices.get(name, default)


def who_is_best(experiment: Experiment) -> None:
    """Every model under one budget, over seeds: the sentence and the chart, then what decides them."""
    pictures, budget = pictures_of(experiment), chosen("budget", "tutorial")
    names, seeds = chosen(MODELS, default_models()), chosen(SEEDS, FEW_SEEDS)
    job, wanted = table_runs(pictures, budget, names, seeds)
    live = jobs.peek_cnn(pictures, budget)
    if live is not None:
        follow.look(live)
    done = live is not None and live.outcome is not None
    outcomes = [*job.found(wanted).values(), *([live.outcome] if live and live.outcome else [])]
    said = verdict(experiment, job, wanted, outcomes)
    frame.notice(said, words=False)
    rows = table(experiment, outcomes, published=published_accuracies(experiment, budget))
    # One place, whether the chart is there or not: nothing below it is drawn over something else.
    with st.container():
        show_chart(rows, len(names))
    glossary.show(said)
    controls(budget)
    show(job)
    frame.more(partial(more_controls, job, wanted, pictures, budget), key="contest", label="Models, seeds, the CNN")
    frame.more(partial(show_table, rows, live if done else None), key="table", label="The table")
    frame.more(partial(how_trained, pictures, names, budget), key="how", label="How each model is trained")
    if live is not None:
        strip.message(live)
        strip.strip(live, "CNN", page=PAGE, always=bool(live.records) and not live.complete)


def table_runs(
    pictures: Experiment, budget: str, names: Iterable[str], seeds: int
) -> tuple[TasksJob, list[tuple[str, int]]]:
    """These models, once for each seed, and the keys of these runs; the two that are compared come first."""
    job, pair = jobs.tasks("table", pictures, budget), compared()
    groups = [name for name in names if name in pair], [name for name in names if name not in pair]
    keys = [(name, seed) for group in groups for seed in range(seeds) for name in group]
    want(job, {(name, seed): (contend, (name, pictures.with_(seed=seed), budget)) for name, seed in keys})
    return job, keys


def compared() -> tuple[str, str]:
    """The two models that are compared."""
    return chosen(ONE, PAIR[0]), chosen(OTHER, PAIR[1])


def verdict(
    experiment: Experiment, job: TasksJob, wanted: Sequence[tuple[str, int]], outcomes: Sequence[Outcome]
) -> str:
    """Who is ahead of the two that are compared; before all their runs are there, how many are still missing."""
    pair = compared()
    keys = [key for key in wanted if key[0] in pair]
    missing = len(set(keys) - job.found(keys).keys() - job.errors.keys())
    if missing:
        names = " and ".join(CONTENDERS[name].title for name in pair if name in {model for model, _ in keys})
        return f"The verdict comes when all runs of {names} are there: {missing:,} of {len(keys):,} are missing."
    return who_is_ahead(experiment, outcomes, *pair)


def show_chart(rows: Sequence[dict[str, Any]], places: int) -> None:
    """Every run, what is luck in it, and what nobody can beat. places: rows to leave room for."""
    if not rows:
        st.caption("The first results come in a moment.")
        return
    published = any(row["published"] for row in rows)
    frame.chart(
        seed_dots(rows, places),
        alt="Test accuracy of each model: " + ", ".join(f"{row['model']} {row['test_accuracy']:.3f}" for row in rows),
        caption="A point is one run, with its own seed; the bar is their median. The band holds 5 to 95 % of the "
        "runs: the luck of the start. The line below it is the 95 % interval of the median run: the luck of the test "
        f"images.{' Hollow diamond: what the post printed.' if published else ''} {above_the_bits(rows)}",
        key="seed_dots",
    )


def above_the_bits(rows: Sequence[dict[str, Any]]) -> str:
    """Who stands above the lowest ceiling on the chart, and why that may be."""
    lowest = min(row["ceiling"] for row in rows)
    above = [row for row in rows if row["test_accuracy"] > lowest]
    return " ".join(
        f"{row['model']} sees {row['sees']}: its own ceiling is {row['ceiling']:.4f}, not {lowest:.4f}."
        for row in above
    )


def controls(budget: str) -> None:
    """What decides the chart and the sentence: the budget, and which two are compared."""
    titles = {name: contender.title for name, contender in CONTENDERS.items()}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        desk().choice(
            st.selectbox,
            "Budget",
            list(BUDGETS),
            key="budget",
            default=budget,
            format_func=lambda name: BUDGETS[name].title,
            help="  \n".join(f"**{part.title}**: {part.blurb}" for part in BUDGETS.values()),
            width=210,
        )
        for key, label, default in ((ONE, "Compare", PAIR[0]), (OTHER, "with", PAIR[1])):
            desk().choice(
                st.selectbox, label, list(titles), key=key, default=default, format_func=titles.get, width=250
            )
    st.caption(f"{BUDGETS[budget].blurb} {in_words(trained_with(chosen(MODELS, default_models()), budget))}")


def in_words(trained: dict[tuple[str, float], list[str]]) -> str:
    """Which loss and learning rate each model has, one sentence for each kind."""
    return " ".join(
        f"With the {loss} at learning rate {rate:g}: {', '.join(titles)}." for (loss, rate), titles in trained.items()
    )


def more_controls(job: TasksJob, wanted: list[tuple[str, int]], pictures: Experiment, budget: str) -> None:
    """Who takes part, and how often."""
    desk().choice(
        st.pills,
        "Models",
        default_models(),
        key=MODELS,
        default=default_models(),
        selection_mode="multi",
        format_func=lambda name: CONTENDERS[name].title,
    )
    row = st.container(horizontal=True, vertical_alignment="bottom")
    desk().choice(row.number_input, "Seeds", 1, 300, key=SEEDS, default=FEW_SEEDS, width=160)
    row.button("Run these again", on_click=job.again, args=(wanted,), help="The models ticked, and only these.")
    with row:
        cnn(pictures, budget)
    st.caption(
        "Only the settings of the picture act here. Each model brings its own layers and its own training. It is run "
        "once for each seed."
    )


def cnn(pictures: Experiment, budget: str) -> None:
    """The CNN's own button, or how to get what it needs."""
    advice = CONTENDERS["cnn"].missing()
    if advice:
        st.caption(advice)
        return
    job = jobs.cnn(pictures, budget)
    if job.status(visitor()) in {"running", "waiting"}:
        st.button("Stop the CNN", on_click=job.pause, args=(visitor(),), icon=":material/stop:")
    elif not job.complete:
        st.button("Train the CNN too", on_click=job.want, args=(visitor(),), icon=":material/play_arrow:")


def show_table(rows: Sequence[dict[str, Any]], cnn: CNNJob | None) -> None:
    """All numbers, and their files."""
    columns = zip(*map(cells, rows), strict=True)
    st.dataframe(
        dict(zip(COLUMNS.values(), map(list, columns), strict=True)) if rows else {},
        hide_index=True,
        height="content",
        column_config={"model": st.column_config.TextColumn(width=215, pinned=True)},
    )
    with st.container(horizontal=True):
        frame.download("CSV", lambda: to_csv(rows), "comparison.csv")
        frame.download("Markdown", lambda: to_markdown(rows), "comparison.md")
        if cnn is not None:
            frame.download("Save the CNN", cnn.to_bytes, "cnn.npz")
    st.caption(
        "here: the median test accuracy of the runs. 5 % and 95 %: the ends of the band. kind: of the test loss; log "
        "is the cross-entropy. effective: the weights that count, after merging layers that commute. "
        "Accuracies can be compared, losses of different kinds cannot."
    )


def how_trained(pictures: Experiment, names: Sequence[str], budget: str) -> None:
    """What each model is, sees and is trained with."""
    models = [CONTENDERS[name] for name in names]
    allowances = [model.allowance(budget) for model in models]
    training = [one if model.trains else None for model, one in zip(models, allowances, strict=True)]
    st.dataframe(
        {
            "model": [model.title for model in models],
            "loss": [one.loss if one else "—" for one in training],
            "learning rate": [f"{one.learning_rate:g}" if one else "—" for one in training],
            "how long": [one.words for one in allowances],
            "sees": [model.sees(pictures) for model in models],
            "what it is": [model.blurb for model in models],
        },
        hide_index=True,
        height="content",
        column_config={"model": st.column_config.TextColumn(width=215, pinned=True)},
    )
