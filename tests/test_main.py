"""The command line: its JSON, its exit status, and one clear line for bad input."""

import io
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from qnn_core.__main__ import main, parse_seeds
from qnn_core.data import digits
from qnn_core.data.dataset import prepare, report
from qnn_core.engines import ENGINES
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.model_file import load
from qnn_core.presets import PRESETS
from qnn_core.training.loop import start
from qnn_core.training.run import train
from tests.helpers import is_sentence

QUICK = ["--grid", "2", "--examples", "40", "--epochs", "2", "--engine", "contraction"]
QUICK_RUN = Experiment(grid=2, examples=40, epochs=2, engine="contraction")


@pytest.fixture
def run(capsys):
    """Runs the command line: status, standard output, lines of standard error."""

    def call(*arguments):
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, out, err.splitlines()

    return call


@pytest.fixture
def run_json(run):
    def call(*arguments):
        status, out, err = run(*arguments, "--json", "-")
        assert (status, err) == (0, [])
        return json.loads(out)

    return call


def python_m(*arguments, **options):
    command = [sys.executable, "-m", "qnn_core", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


# data


def test_data(run_json):
    found = run_json("data")
    assert set(found) == {"experiment", "train_images", "test_images", "grey", "binary", "examples_kept", "ceiling"}
    assert (found["train_images"], found["test_images"], found["examples_kept"]) == (12_049, 1_968, 11_520)
    assert found["grey"] == {"unique": 10_387, "first": 4_961, "second": 5_475, "contradictory": 49}
    assert found["binary"] == {"unique": 193, "first": 124, "second": 113, "contradictory": 44}
    assert found["ceiling"]["train"] == pytest.approx(0.9175, abs=5e-5)
    assert found["ceiling"]["test"] == pytest.approx(0.9157, abs=5e-5)
    assert found["experiment"] == Experiment(engine="contraction").model_dump(mode="json")


def test_data_of_other_settings(run_json):
    arguments = ["--digits", "1,7", "--threshold", "0.3", "--resample", "area", "--remove-contradictions", "binary"]
    expected = Experiment(digits=(1, 7), threshold=0.3, resample="area", remove_contradictions="binary")
    assert run_json("data", *arguments) == report(expected.with_(engine="contraction"))
    assert run_json("data", "--grid", "7")["binary"]["unique"] > 193


def test_data_for_people(run):
    status, out, err = run("data")
    assert (status, err) == (0, [])
    for number in ("12,049", "1,968", "10,387", "4,961", "5,475", "11,520", "193", "0.9175"):
        assert number in out


# train


def test_train(run_json):
    found = run_json("train", *QUICK)
    assert list(found) == ["experiment", "history", "initial_weights", "weights", "test_expectation", "seconds"]
    assert Experiment.parse(found["experiment"]) == QUICK_RUN
    expected = train(QUICK_RUN)
    assert found["history"] == expected.history
    assert [row["epoch"] for row in found["history"]] == [1, 2]
    assert all(set(r) == {"epoch", "loss", "accuracy", "test_loss", "test_accuracy"} for r in found["history"])
    assert np.shape(found["weights"]) == np.shape(found["initial_weights"]) == (2, 4)
    assert np.array_equal(found["weights"], expected.weights)
    assert np.array_equal(found["initial_weights"], expected.initial_weights)
    assert np.array_equal(found["test_expectation"], expected.test_expectation)
    assert len(found["test_expectation"]) == 1_968
    assert found["seconds"] > 0


@pytest.mark.parametrize("engine", ENGINES)
def test_train_on_every_engine(run_json, engine):
    found = run_json("train", *QUICK, "--engine", engine)
    np.testing.assert_allclose(found["weights"], train(QUICK_RUN).weights, atol=1e-9)


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        (["--digits", "9,4"], {"digits": (9, 4)}),
        (["--layers", "XX,YY,ZZ"], {"layers": ("XX", "YY", "ZZ")}),
        (["--no-shuffle"], {"shuffle": False}),
        (["--shuffle"], {"shuffle": True}),
        (["--examples", "all"], {"examples": None}),
        (["--batch-size", "null", "--examples", "null"], {"batch_size": None, "examples": None}),
        (["--learning-rate", "1e-2", "--seed", "7"], {"learning_rate": 0.01, "seed": 7}),
        (["--loss", "cross-entropy"], {"loss": "cross-entropy"}),
        (["--start", "narrow", "--encoding", "angle"], {"start": "narrow", "encoding": "angle"}),
        (["--gradient", "parameter-shift"], {"gradient": "parameter-shift"}),
        (["--grid=3", "--epochs=1"], {"grid": 3, "epochs": 1}),
    ],
    ids=str,
)
def test_every_option_is_a_field(run_json, arguments, changes):
    found = run_json("train", *QUICK, *arguments)
    expected = QUICK_RUN.with_(**changes)
    assert Experiment.parse(found["experiment"]) == expected
    assert found["history"] == train(expected).history


def test_help_names_every_field(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    for field in Experiment.model_fields:
        assert f"--{field.replace('_', '-')}" in text


def test_train_for_people(run):
    status, out, err = run("train", *QUICK)
    assert (status, err) == (0, [])
    assert len(out.splitlines()) == 3
    assert f"{train(QUICK_RUN).history[-1]['test_accuracy']:.4f}" in out.splitlines()[1]


def test_initial_weights_from_files(run_json, tmp_path, tfq):
    weights = np.linspace(0, 1, 8)
    np.save(tmp_path / "w.npy", weights)
    np.savez(tmp_path / "one.npz", anything=weights)
    np.savez(tmp_path / "named.npz", initial_weights=weights, other=np.zeros(3))
    for name in ("w.npy", "one.npz", "named.npz"):
        found = run_json("train", *QUICK, "--initial-weights", tmp_path / name)
        assert np.array_equal(np.ravel(found["initial_weights"]), weights)
    np.savez(tmp_path / "tfq.npz", **{name: tfq[name] for name in ("w0", "w1")})
    found = run_json("train", "--engine", "contraction", "--no-shuffle", "--initial-weights", tmp_path / "tfq.npz")
    np.testing.assert_allclose(np.ravel(found["weights"]), tfq["w1"], atol=1e-5)


def test_json_into_a_file(run, tmp_path):
    path = tmp_path / "run.json"
    status, out, err = run("train", *QUICK, "--json", path)
    assert (status, err) == (0, [])
    assert "epoch" in out
    assert json.loads(path.read_text())["history"] == train(QUICK_RUN).history


def test_presets_are_the_tutorials_runs_under_their_names(run_json):
    for name, preset in PRESETS.items():
        found = run_json("data", "--preset", name)
        assert found["experiment"] == preset.experiment.with_(engine="contraction").model_dump(mode="json")
    found = run_json("train", "--preset", "tutorial-64", "--engine", "contraction", "--epochs", "1")
    wanted = PRESETS["tutorial-64"].experiment.with_(engine="contraction", epochs=1)
    assert found["experiment"] == wanted.model_dump(mode="json")


# compare


def test_compare(run_json):
    found = run_json("compare", "--seeds", "1:3", "--models", "qnn-32,fair")
    assert found["seeds"] == [1, 2]
    assert [row["parameters"] for row in found["rows"]] == [32, 37]
    assert all({"model", "parameters", "test_accuracy"} <= set(row) for row in found["rows"])


def test_compare_for_people(run):
    status, out, err = run("compare", "--engine", "contraction", "--grid", "2", "--models", "qnn-32,majority")
    assert (status, err) == (0, [])
    assert len(out.splitlines()) == 4
    assert "—" in out


def test_compare_writes_tables(run, tmp_path):
    markdown, table = tmp_path / "table.md", tmp_path / "table.csv"
    options = ["--engine", "contraction", "--models", "majority", "--markdown", str(markdown), "--csv", str(table)]
    assert run("compare", *options)[0] == 0
    assert markdown.read_text().count("\n") == 3
    assert table.read_text().startswith("model,parameters")


def test_seeds():
    assert parse_seeds("0:3") == range(3)
    assert parse_seeds("7") == range(7, 8)
    for bad in ("", ":", "3:3", "5:2", "a:b", "-2:3", "1:2:3", "1.5"):
        with pytest.raises(InputError) as caught:
            parse_seeds(bad)
        assert "0:10" in str(caught.value)


# save and classify


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A network trained to the end by the command line, in a file."""
    path = tmp_path_factory.mktemp("model") / "model.npz"
    arguments = ["--examples", "all", "--batch-size", "all", "--epochs", "400", "--learning-rate", "0.02"]
    assert main(["train", *arguments, "--engine", "contraction", "--save", str(path)]) == 0
    return path


def test_saved_model(saved):
    model = load(saved)
    assert model.experiment.epochs == 400
    assert len(model.history) == 400
    assert model.history[-1]["test_accuracy"] > 0.85
    assert np.array_equal(start(model.experiment).weights.shape, model.weights.shape)


def test_classify_mnist_digits(run_json, saved, pair, tmp_path):
    right = 0
    for k in range(40):
        Image.fromarray(pair.test_images[k]).resize((280, 280), Image.Resampling.BICUBIC).save(tmp_path / "digit.png")
        found = run_json("classify", tmp_path / "digit.png", "--model", saved)
        assert set(found) >= {"digit", "expectation", "pixels"}
        assert found["digit"] == (3 if found["expectation"] > 0 else 6)
        assert -1 <= found["expectation"] <= 1
        assert set(found["pixels"]) <= {0.0, 1.0}
        assert len(found["pixels"]) == 16
        right += found["digit"] == (3 if pair.test_labels[k] > 0 else 6)
    assert right >= 32


def test_classify_an_mnist_file_of_28x28_and_its_negative(run_json, saved, pair, tmp_path):
    Image.fromarray(pair.test_images[0]).save(tmp_path / "white.png")
    Image.fromarray(255 - pair.test_images[0]).save(tmp_path / "black.png")
    white, black = (run_json("classify", tmp_path / name, "--model", saved) for name in ("white.png", "black.png"))
    assert white == black
    expected = prepare(Experiment()).test
    assert white["pixels"] == expected.images[expected.row[0]].tolist()


@pytest.mark.parametrize("engine", ENGINES)
def test_classify_on_every_engine(run_json, saved, pair, tmp_path, engine):
    Image.fromarray(pair.test_images[1]).save(tmp_path / "digit.png")
    arguments = ["classify", tmp_path / "digit.png", "--model", saved]
    assert run_json(*arguments, "--engine", engine)["expectation"] == pytest.approx(
        run_json(*arguments)["expectation"], abs=1e-9
    )


# Bad input


def weights_file(tmp_path, name, array):
    np.save(tmp_path / name, array)
    return tmp_path / name


BAD_OPTIONS = [
    [],
    ["fly"],
    ["data", "--colour", "red"],
    ["data", "extra"],
    ["data", "--digits", "3"],
    ["data", "--digits", "3,3"],
    ["data", "--digits", "3,6,9"],
    ["data", "--digits", "3,x"],
    ["data", "--digits", ","],
    ["data", "--digits", "3,11"],
    ["data", "--grid", "1"],
    ["data", "--grid", "x"],
    ["data", "--grid"],
    ["data", "--threshold", "nan"],
    ["data", "--threshold", "1"],
    ["data", "--remove-contradictions", "maybe"],
    ["data", "--resample", "nearest"],
    ["data", "--grid", "2", "--threshold", "0", "--remove-contradictions", "binary"],
    ["data", "--json"],
    ["train", "--layers", "XX,QQ"],
    ["train", "--layers", ""],
    ["train", "--layers", ",".join(["XX", "ZZ"] * 6), "--engine", "contraction"],
    ["train", "--grid", "5", "--engine", "aer"],
    ["train", "--engine", "gpu"],
    ["train", "--gradient", "adjoint"],
    ["train", "--start", "zero"],
    ["train", "--encoding", "amplitude"],
    ["train", "--examples", "0"],
    ["train", "--examples", "many"],
    ["train", "--epochs", "all"],
    ["train", "--epochs", "-1"],
    ["train", "--batch-size", "0"],
    ["train", "--learning-rate", "0"],
    ["train", "--learning-rate", "inf"],
    ["train", "--seed", "-5"],
    ["train", "--seed", "1.5"],
    ["train", "--initial-weights", "/nowhere/w.npy"],
    ["train", "--initial-weights", "/"],
    ["train", "--initial-weights", ""],
    ["train", "--save", ""],
    ["train", "--json", ""],
    ["classify", "", "--model", "model.npz"],
    ["classify", "three.png", "--model", ""],
    ["train", "--preset", "tutorial-128"],
    ["trials", "--seeds", "0:4294967299"],
    ["compare", "--seeds", "3:3"],
    ["compare", "--seeds", "x"],
    ["compare", "--seeds", "-1:2"],
    ["compare", "--grid", "5", "--engine", "aer"],
    ["classify"],
    ["classify", "three.png"],
    ["classify", "/nowhere/three.png", "--model", "/nowhere/model.npz"],
]


@pytest.mark.parametrize("arguments", BAD_OPTIONS, ids=" ".join)
def test_bad_input_is_one_line_and_status_2(run, arguments):
    # Where the options are good enough to train at all, make it quick.
    quick = [] if arguments[:1] != ["train"] or "--engine" in arguments else QUICK[-2:]
    status, out, err = run(*arguments, *quick)
    assert status == 2
    assert out == ""
    assert len(err) == 1
    assert err[0].startswith("qnn_core: ")
    is_sentence(err[0].removeprefix("qnn_core: "))


BAD_WEIGHTS = {
    "too few": np.zeros(7),
    "NaN": np.full(8, np.nan),
    "words": np.array(["a"] * 8),
    "complex": np.zeros(8, complex),
    "empty": np.zeros(0),
}


@pytest.mark.parametrize("name", BAD_WEIGHTS)
def test_bad_weights(run, tmp_path, name):
    path = weights_file(tmp_path, "w.npy", BAD_WEIGHTS[name])
    status, out, err = run("train", *QUICK, "--initial-weights", path, "--save", tmp_path / "model.npz")
    assert (status, out, len(err)) == (2, "", 1)
    assert not (tmp_path / "model.npz").exists()


def damaged_files():
    buffer = io.BytesIO()
    np.savez_compressed(buffer, w0=np.linspace(0, 1, 8))
    good = buffer.getvalue()
    several = io.BytesIO()
    np.savez(several, a=np.zeros(8), b=np.zeros(8))
    none = io.BytesIO()
    np.savez(none)
    objects = io.BytesIO()
    np.save(objects, np.array([{}] * 8), allow_pickle=True)
    method = bytearray(good)
    method[8] = method[good.index(b"PK\x01\x02") + 10] = 77
    return {
        "text": b"0.1 0.2 0.3",
        "nothing": b"",
        "half": good[: len(good) // 2],
        "altered": good[:60] + bytes([good[60] ^ 255]) + good[61:],
        "unknown compression": bytes(method),
        "several arrays": several.getvalue(),
        "no arrays": none.getvalue(),
        "objects": objects.getvalue(),
        "bad header": b"\x93NUMPY\x01\x00\x10\x00{'descr': ((((  " + bytes(64),
    }


@pytest.mark.parametrize("name", damaged_files())
@pytest.mark.parametrize("option", ["--initial-weights", "--model"])
def test_damaged_files(run, tmp_path, name, option):
    path = tmp_path / "file.npz"
    path.write_bytes(damaged_files()[name])
    Image.fromarray(np.zeros((28, 28), np.uint8)).save(tmp_path / "digit.png")
    command = ["train", *QUICK] if option == "--initial-weights" else ["classify", tmp_path / "digit.png"]
    status, out, err = run(*command, option, path)
    assert (status, out, len(err)) == (2, "", 1)
    assert str(path) in err[0]


def test_pictures_without_a_digit(run, saved, tmp_path):
    (tmp_path / "text.png").write_text("no picture")
    Image.fromarray(np.zeros((280, 280), np.uint8)).save(tmp_path / "empty.png")
    dot = np.zeros((280, 280), np.uint8)
    dot[100:104, 100:104] = 255
    Image.fromarray(dot).save(tmp_path / "dot.png")
    for name in ("text.png", "empty.png", "dot.png", "."):
        status, out, err = run("classify", tmp_path / name, "--model", saved)
        assert (status, out, len(err)) == (2, "", 1)


def test_an_engine_that_cannot_hold_the_model(run, tmp_path, pair):
    path = tmp_path / "large.npz"
    assert main(["train", *QUICK, "--grid", "6", "--save", str(path)]) == 0
    Image.fromarray(pair.test_images[0]).save(tmp_path / "digit.png")
    assert run("classify", tmp_path / "digit.png", "--model", path)[0] == 0
    status, out, err = run("classify", tmp_path / "digit.png", "--model", path, "--engine", "aer")
    assert (status, out, len(err)) == (2, "", 1)


@pytest.mark.parametrize("option", ["--json", "--save"])
def test_places_that_cannot_be_written(run, tmp_path, option):
    for path in (tmp_path, tmp_path / "nowhere" / "file", tmp_path / ("long" * 100)):
        status, out, err = run("train", *QUICK, option, path)
        assert (status, out, len(err)) == (2, "", 1)
        assert str(path) in err[0]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_when_the_input_is_bad(run, tmp_path):
    files = ["--json", tmp_path / "run.json", "--save", tmp_path / "model.npz"]
    assert run("train", *QUICK, *files, "--learning-rate", "5")[0] == 2
    assert run("train", *QUICK, *files, "--initial-weights", tmp_path / "none.npy")[0] == 2
    assert list(tmp_path.iterdir()) == []


def test_data_folder_without_files(run, tmp_path, monkeypatch):
    monkeypatch.setenv("QNN_DATA_DIR", str(tmp_path))
    status, out, err = run("data")
    assert (status, out, len(err)) == (2, "", 1)
    assert "train-images-idx3-ubyte" in err[0]


def test_stopped_by_the_keyboard(run, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("qnn_core.__main__.train", lambda *_, **__: stop())
    status, out, err = run("train", *QUICK)
    assert (status, out, err) == (130, "", ["qnn_core: stopped."])


# As a real process


def test_as_a_process():
    result = python_m("train", *QUICK, "--json", "-")
    assert (result.returncode, result.stderr) == (0, "")
    assert json.loads(result.stdout)["history"] == train(QUICK_RUN).history


def test_bad_input_as_a_process(tmp_path):
    for name, _, _ in digits.FILES.values():
        (tmp_path / name).write_bytes(b"")
    result = python_m("data", env={"QNN_DATA_DIR": str(tmp_path), "PATH": ""})
    assert result.returncode == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "Traceback" not in result.stderr
