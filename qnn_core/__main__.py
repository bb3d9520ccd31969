"""The command line: the lesson's stages for people and programs without a browser.

python -m qnn_core data|train|compare|trials|classify|doctor --help
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from qnn_core import ENGINES, FAMILIES, InputError, console, model_file, saving
from qnn_core.contest.contenders import BROUGHT, CONTENDERS
from qnn_core.contest.table import COLUMNS, cells, compare, default_models, to_csv, to_markdown
from qnn_core.contest.trial import Trial
from qnn_core.contest.trials import Summary, run_trials, summary
from qnn_core.data import dataset
from qnn_core.data.dataset import encoded
from qnn_core.data.drawing import prepare_drawing, read_image
from qnn_core.data.labels import digit_of
from qnn_core.doctor import CHECKS, PORT, Finding, examine
from qnn_core.errors import cut, named, quoted
from qnn_core.experiment import NAMED_PARTS, Experiment
from qnn_core.npz import open_arrays
from qnn_core.presets import PRESETS
from qnn_core.training.budget import BUDGETS
from qnn_core.training.loop import total_steps
from qnn_core.training.run import DivergedRunError, train
from qnn_core.workers.pool import SCHEDULER, SchedulerLostError, default_executor

LISTS = {"digits", "layers"}
OUTPUTS = ("json", "save", "markdown", "csv")
MOST_RUNS = 100_000
NONE_WORDS = {"all", "null"}
MOST_SAID = 400
"""Characters of what argparse complains of."""
COMPARE_HELP = (
    "train the tutorial's networks beside each other, on the contraction engine unless told otherwise (its numbers "
    "are Aer's, to 1e-9)"
)
TRIALS_HELP = (
    "train once for each seed, on all cores or on the cluster that QNN_DASK_SCHEDULER names; on the "
    "contraction engine unless told otherwise; --json FILE gets one line for each run, and is gone on with"
)

DOCTOR_HELP = f"look whether this machine is ready for a class: {', '.join(CHECKS)}; status 2 if it is not"


class Parser(argparse.ArgumentParser):
    """Bad options end in one line and status 2, as all bad input does."""

    def error(self, message: str) -> Any:
        # The message repeats what was given, however long it is.
        words = cut(" ".join(map(cut, message.split())), MOST_SAID)
        raise InputError(f"{words[0].upper()}{words[1:]}; see `{self.prog} --help`.")

    def print_help(self, file: Any = None) -> None:
        console.say(self.format_help().rstrip("\n"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status.

    It is 0, or 2 for bad input and whatever else somebody can mend (a full disk, a closed standard output), 130 for
    Ctrl-C, and 141 if nobody reads standard output any more, as in `… | head -1`.
    """
    try:
        console.check_streams()
        options = _parser().parse_args(arguments)
        _check_outputs(options)
        options.run(options)
    except InputError as error:
        console.complain(str(error))
        return console.BAD_INPUT
    except console.OutputLostError as error:
        console.complain(str(error))
        return error.status
    except KeyboardInterrupt:
        console.complain("stopped.")
        return 130
    return 0


def _parser() -> Parser:
    parser = Parser(prog="python -m qnn_core", description="The QNN lesson on the command line.")
    commands = parser.add_subparsers(required=True, metavar="command", parser_class=Parser)
    _add(commands, "data", _data, "count images at every stage").set_defaults(engine="contraction")
    training = _add(commands, "train", _train, "train the quantum network")
    training.add_argument("--initial-weights", type=file_name, metavar="FILE", help="half-turns, .npy or .npz")
    training.add_argument("--save", type=file_name, metavar="FILE", help="write the trained model (.npz)")
    comparing = _add(commands, "compare", _compare, COMPARE_HELP)
    comparing.add_argument("--seeds", default="0:1", metavar="A:B", help="seeds A … B−1 (default 0:1)")
    comparing.add_argument("--models", metavar="A,B", help=f"of {', '.join(CONTENDERS)} (default: all but the CNN)")
    comparing.add_argument("--budget", default="tutorial", help=f"one of {', '.join(BUDGETS)} (default tutorial)")
    comparing.add_argument("--markdown", type=file_name, metavar="FILE", help="write the table as Markdown")
    comparing.add_argument("--csv", type=file_name, metavar="FILE", help="write the table as CSV")
    comparing.set_defaults(engine="contraction")
    trials = _add(commands, "trials", _trials, TRIALS_HELP)
    trials.add_argument("--seeds", default="0:10", metavar="A:B", help="seeds A … B−1 (default 0:10)")
    trials.add_argument("--local", action="store_true", help=f"this machine's cores, whatever {SCHEDULER} says")
    trials.set_defaults(engine="contraction")
    classify = commands.add_parser("classify", help="classify an image file with a saved model")
    classify.set_defaults(run=_classify)
    classify.add_argument("image", type=file_name, help="a drawn digit: PNG, JPEG …")
    classify.add_argument("--model", required=True, type=file_name, metavar="FILE", help="a saved network")
    classify.add_argument("--engine", choices=list(ENGINES), help="instead of the model's engine")
    _add_json(classify)
    doctor = commands.add_parser("doctor", help=DOCTOR_HELP, description=DOCTOR_HELP)
    doctor.set_defaults(run=_doctor)
    doctor.add_argument("--port", type=int, default=PORT, help=f"where the dashboard is to listen (default {PORT})")
    _add_json(doctor)
    return parser


def _add(commands: Any, name: str, run: Callable[[argparse.Namespace], None], text: str) -> Parser:
    """A subcommand with one option for each field of Experiment."""
    parser: Parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    _add_json(parser)
    if run is not _compare:  # where each model brings its own settings
        parser.add_argument("--preset", metavar="NAME", help=f"begin with the settings of {', '.join(PRESETS)}")
    for field, info in Experiment.model_fields.items():
        flag, text = f"--{field.replace('_', '-')}", str(info.description)
        if isinstance(info.default, bool):
            action = argparse.BooleanOptionalAction
            parser.add_argument(flag, action=action, default=None, help=f"{text} (default {info.default})")
            continue
        if field in NAMED_PARTS:
            text += f": {', '.join(FAMILIES[NAMED_PARTS[field]])}"
        default = ",".join(map(str, info.default)) if field in LISTS else info.default
        parser.add_argument(flag, metavar=field.upper(), help=f"{text} (default {default})")
    return parser


def file_name(text: str) -> str:
    """An option that names a file. An empty one, as of an unset shell variable, is refused."""
    if not text:
        raise argparse.ArgumentTypeError("give the name of a file, not an empty text")
    return text


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", type=file_name, metavar="FILE", help="write the result as JSON; - is stdout")


def _experiment(options: argparse.Namespace) -> Experiment:
    """The Experiment that the options name; whatever was not given keeps its default."""
    preset = getattr(options, "preset", None)
    fields: dict[str, object] = PRESETS[preset].experiment.model_dump() if preset else {}
    for field, info in Experiment.model_fields.items():
        value = getattr(options, field)
        if value is None:
            continue
        if field in LISTS:
            value = [item for item in value.split(",") if item]
        elif info.annotation == int | None and value in NONE_WORDS:
            value = None
        fields[field] = value
    return Experiment.parse(fields)


def _show(options: argparse.Namespace, result: dict[str, Any], text: str) -> None:
    """Print for people, or write JSON for machines."""
    if options.json is None:
        console.say(text)
    elif options.json == "-":
        console.say(json.dumps(result))
    else:
        content = f"{json.dumps(result, indent=1)}\n".encode()
        _deliver(partial(saving.write, options.json, content), partial(console.say, text))


def _deliver(*outputs: Callable[[], None]) -> None:
    """All outputs of a work that is done, whichever of them fail; the first failure is said at the end."""
    failures = list[Exception]()
    for output in outputs:
        try:
            output()
        except (InputError, console.OutputLostError) as failure:
            failures.append(failure)
    if failures:
        raise failures[0]


def _check_outputs(options: argparse.Namespace) -> None:
    """Refuse a file that cannot be written before the work is done, not after."""
    for name in OUTPUTS:
        path = getattr(options, name, None)
        if path is not None and (name, path) != ("json", "-"):
            saving.check_place(path)


def _data(options: argparse.Namespace) -> None:
    report = dataset.report(_experiment(options))
    lines = [
        f"{report['train_images']:,} training and {report['test_images']:,} test images",
        *(
            f"{stage}: {counts['unique']:,} distinct images, {counts['first']:,} carry the first digit, "
            f"{counts['second']:,} the second, {counts['contradictory']:,} both"
            for stage, counts in (("grey", report["grey"]), ("encoded", report["binary"]))
        ),
        f"{report['examples_kept']:,} training images kept",
        f"accuracy ceiling: {report['ceiling']['train']:.4f} (training), {report['ceiling']['test']:.4f} (test)",
    ]
    _show(options, report, "\n".join(lines))


def _train(options: argparse.Namespace) -> None:
    experiment = _experiment(options)
    weights = _read_weights(options.initial_weights) if options.initial_weights else None
    with tqdm(total=total_steps(experiment), unit="step", disable=None) as bar:

        def progress(records: list[Any]) -> None:
            bar.set_postfix(loss=f"{records[-1].loss:.4f}", refresh=False)
            bar.update(len(records))

        stopped = None
        try:
            run = train(experiment, initial_weights=weights, progress=progress)
        except DivergedRunError as error:
            run, stopped = error.run, error
    save = [partial(model_file.save, run, options.save)] if options.save else []
    lines = [
        f"epoch {row['epoch']:>4}  loss {row['loss']:.4f}  accuracy {row['accuracy']:.4f}  "
        f"test loss {row['test_loss']:.4f}  test accuracy {row['test_accuracy']:.4f}"
        for row in run.history[-10:]
    ]
    text = "\n".join([*lines, f"{run.seconds:.2f} s on the {experiment.engine} engine"])
    _deliver(*save, partial(_show, options, run.report(), text))
    if stopped:
        raise InputError(f"{stopped} Step {len(run.records)} is the last good one, and what is shown and saved.")


def _read_weights(path: str) -> np.ndarray:
    """Weights of a .npy file, or the one array (or w0, initial_weights) of a .npz file."""
    with open_arrays(path, "a .npy or .npz file of numbers", "give another file") as found:
        names = [name for name in found if name in {"initial_weights", "w0"}] or list(found)
        if len(names) != 1:
            raise InputError(f"{named(path)} holds {len(names)} arrays; name the weights 'initial_weights'.")
        return found[names[0]]


def _compare(options: argparse.Namespace) -> None:
    experiment, seeds = _experiment(options), parse_seeds(options.seeds)
    for field in Experiment.model_fields:
        if field in BROUGHT and getattr(options, field) is not None:
            flag = field.replace("_", "-")
            console.complain(f"--{flag} is not used: in a comparison each model brings its own.")
    names = options.models.split(",") if options.models else default_models()
    with tqdm(total=len(names) * len(seeds), unit="run", disable=None) as bar:
        result = compare(experiment, seeds, bar.update, models=names, budget=options.budget)
    rows = result["rows"]
    tables = ((options.markdown, to_markdown), (options.csv, to_csv))
    files = [partial(saving.write, path, table(rows).encode()) for path, table in tables if path]
    text = f"{_aligned([list(COLUMNS.values()), *map(cells, rows)])}\n{result['paired']}"
    _deliver(*files, partial(_show, options, result, text))


def _aligned(lines: list[list[str]]) -> str:
    """Columns of equal width: the first to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(line[1:], widths[1:], strict=True))])
        for line in lines
    )


def _trials(options: argparse.Namespace) -> None:
    if options.seed is not None:
        raise InputError("The seeds of trials are given by --seeds; leave --seed out.")
    experiment, seeds, done = _experiment(options), parse_seeds(options.seeds), list[Trial]()
    file = Path(options.json) if options.json not in {None, "-"} else None
    experiments = [experiment.with_(seed=seed) for seed in seeds]
    with (
        default_executor(local=options.local) as executor,
        tqdm(total=len(seeds), unit="run", disable=None) as bar,
    ):
        try:
            for trial in run_trials(experiments, executor, file=file):
                done.append(trial)
                bar.update()
                if options.json == "-":
                    console.say(trial.to_json())
        except SchedulerLostError as error:
            kept = f" The {len(done)} runs that are done are in {named(file)}; the same command goes on from there."
            raise InputError(f"{error}{kept if file else ''}") from None
    if options.json != "-":
        console.say(_in_words(summary(done)))
    if failed := [trial for trial in done if trial.error]:
        raise InputError(
            f"{len(failed)} of {len(done)} runs failed; seed {failed[0].experiment.seed}: {failed[0].error}"
        )


def _in_words(result: Summary) -> str:
    words = (
        f"{result.runs:,} runs: test accuracy {result.mean:.3f} ± {result.deviation:.3f}, "
        f"median {result.median:.3f}, 5 to 95 %: {result.low:.3f} to {result.high:.3f}"
    )
    return words if result.published is None else f"{words}; published {result.published:.4f}"


def parse_seeds(text: str) -> range:
    """'A:B' → A … B−1; 'A' → A alone. Raises InputError."""
    first, _, last = text.partition(":")
    try:
        seeds = range(int(first), int(last) if last else int(first) + 1)
    except ValueError:
        seeds = range(0)
    if not seeds or seeds[0] < 0:
        raise InputError(f"--seeds is {quoted(text)}, but it must be like 0:10, with the first below the last.")
    if len(seeds) > MOST_RUNS or seeds[-1] >= 2**32:
        raise InputError(
            f"--seeds is {quoted(text)}, but there can be {MOST_RUNS:,} of them, each below 2^32; give fewer."
        )
    return seeds


def _classify(options: argparse.Namespace) -> None:
    model = model_file.load(options.model)
    if options.engine:
        model = replace(model, experiment=model.experiment.with_(engine=options.engine))
    experiment, quantum = model.experiment, model.network == "qnn"
    image = prepare_drawing(read_image(options.image)).image[None]
    decision = float(model.decide(image)[0])
    digit = digit_of(experiment.digits, decision)
    result = {
        "digit": digit,
        "network": model.network,
        "expectation" if quantum else "logit": decision,
        "pixels": encoded(experiment, image)[0].tolist(),
    }
    symbol = "⟨Z⟩" if quantum else "logit"
    _show(options, result, f"{digit}  ({symbol} = {decision:+.4f}; {experiment.digits[0]} if positive)")


def _doctor(options: argparse.Namespace) -> None:
    if not 0 < options.port < 2**16:
        raise InputError(f"--port is {options.port}, but it must be from 1 to {2**16 - 1}.")
    found: list[Finding] = []
    for finding in examine(options.port):
        found.append(finding)
        if options.json != "-":
            print(f"{'ok ' if finding.ok else 'BAD'}  {finding.name:<10}{finding.says}", flush=True)
    bad = [finding.name for finding in found if not finding.ok]
    if options.json is not None:
        _show(options, {"ok": not bad, "checks": [asdict(finding) for finding in found]}, "")
    if bad:
        raise InputError(f"{len(bad)} of {len(found)} checks failed: {', '.join(bad)}; their lines say what to do.")


if __name__ == "__main__":
    sys.exit(main())
