"""A new part is one definition and one line: a toy of every family goes through menus, command line and work."""

import json
from concurrent.futures import Future
from io import BytesIO

import numpy as np
import pytest
import qiskit_aer  # noqa: F401  the pages' threads end, and Qiskit must not have been imported by one of them

import qnn_core.__main__ as command
from pages.ui import workers as dashboard
from pages.ui.sources import Asked, Source
from qnn_core import model_file
from qnn_core.baselines import Baseline
from qnn_core.baselines.base import bits as see_bits
from qnn_core.circuit import LayerKind, build_circuit
from qnn_core.contest.contenders import CONTENDERS, Contender, run_contender
from qnn_core.contest.exercises import Exercise, Finding
from qnn_core.data.dataset import encoded, pair_of, prepare, shrunken
from qnn_core.data.encoding import Encoding
from qnn_core.data.shrink import Resampler
from qnn_core.engines import EngineEntry, build_engine
from qnn_core.engines.contraction import ContractionEngine
from qnn_core.engines.gradients import GRADIENTS, Gradient
from qnn_core.engines.ring import Ring
from qnn_core.experiment import NAMED_PARTS, Experiment
from qnn_core.families import FAMILIES, Mark, Part
from qnn_core.figures.circuit.star import overview_svg, star_svg
from qnn_core.figures.contest.comparison import seed_dots
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.inside.kernel import Learner
from qnn_core.inside.paths import hidden_cosines
from qnn_core.inside.product import product_expectation
from qnn_core.inside.readout import readout_states
from qnn_core.inside.uploads import Target
from qnn_core.machine.channels import Channel
from qnn_core.machine.checks import ask_aer, ask_density_matrix
from qnn_core.machine.noise import Noise, noisy_expectation
from qnn_core.model_file import Network
from qnn_core.presets import Preset
from qnn_core.training.budget import Allowance
from qnn_core.training.losses import Loss
from qnn_core.training.run import train
from qnn_core.training.starts import Start
from tests.helpers import bits, small, statevector

QUICK = ["--grid", "2", "--examples", "40", "--batch-size", "20", "--epochs", "1", "--engine", "contraction"]


def finite_differences(f, weights):
    """∂f/∂weights from values alone."""
    step = 1e-6 * np.eye(weights.size).reshape(-1, *weights.shape)
    return np.stack([(f(weights + d) - f(weights - d)) / 2e-6 for d in step], 1).reshape(-1, *weights.shape)


class Means:
    """Which of two mean images is nearer."""

    steps_taken = parameter_count = 0

    def set_params(self, **params):
        return self

    def partial_fit(self, X, y, classes=None, progress=None):
        self.parameters = [X[y > 0].mean(axis=0), X[y < 0].mean(axis=0)]
        self.parameter_count, self.steps_taken = 2 * X.shape[1], self.steps_taken + 1
        return self

    def decision_function(self, X):
        return nearer(self.parameters, X)


def nearer(parameters, X):
    first, second = (((X - mean) ** 2).sum(axis=1) for mean in parameters)
    return second - first


def bit_flips(p):
    from qiskit_aer.noise import pauli_error

    flip = pauli_error([("X", p), ("I", 1 - p)])
    return flip.expand(flip)


def corners(grid):
    """Integer weights that read the first pixel of each cell."""
    return np.eye(28, dtype=np.int64)[np.arange(grid) * 28 // grid]


TOYS = {
    "layer": LayerKind("XZ", "XZ", "Turns about x as the readout's z decides.", data="X", readout="Z"),
    "encoding": Encoding(
        "toy", "Inverted", "Paper turns.", lambda grey, t: 1.0 - (grey > t), True, "X", "where it is 0", "X if 0"
    ),
    "resampler": Resampler("toy", "Corner", "Read the first pixel of each cell.", corners),
    "gradient": Gradient(
        "toy", "Differences", "Two values for each weight.", finite_differences, GRADIENTS["exact"].in_qiskit
    ),
    "engine": EngineEntry(
        "toy",
        "Again",
        "The contraction once more.",
        ContractionEngine,
        lambda e: None,
        needs_qiskit=False,
        quick=True,
    ),
    "loss": Loss("toy", "Fourth power", "(1 − y·f)⁴.", lambda margin: ((1 - margin) ** 4, -4 * (1 - margin) ** 3)),
    "start": Start("toy", "Quarter", "All at a quarter.", lambda rng, kinds, n: np.full((len(kinds), n), 0.25)),
    "preset": Preset("toy", "A toy run", "Small.", small(epochs=1)),
    "budget": Part("toy", "A toy's", "As the tutorial."),
    "baseline": Baseline(
        "toy",
        "Means",
        "Which mean image is nearer.",
        build=lambda experiment: Means(),
        images=see_bits,
        allowances={"tutorial": Allowance(1, None)},
        shapes=lambda experiment: [(experiment.pixels,)] * 2,
        decide=lambda experiment, parameters, images: nearer(parameters, encoded(experiment, images)),
        mark=Mark("classical", "hexagon"),
    ),
    "network": Network(
        "toy",
        "Constant",
        "Says the same of all.",
        lambda experiment: {"level": (1,)},
        lambda experiment, arrays, images: np.repeat(arrays["level"], len(images)),
    ),
    "model": Contender(
        "toy",
        "A late bloomer",
        "Another model's answers.",
        lambda contender, experiment, allowance, begun, until: run_contender(
            "majority", experiment, "tutorial"
        )._replace(model="toy"),
        {"tutorial": Allowance(1, None)},
    ),
    "channel": Channel(
        "toy",
        "Bit flips",
        "With probability p each qubit gets an X.",
        lambda p: np.kron(*[np.diag([1.0, 1.0, 1 - 2 * p, 1 - 2 * p])] * 2),
        bit_flips,
    ),
    "ring": Ring("toy", "YY ring", "A YY gate between each data qubit and the next.", "YY"),
    "learner": Learner(
        "toy", "Says first", "The first digit, whatever it sees.", lambda x, y: lambda z: np.ones(len(z))
    ),
    "target": Target("toy", "Nothing", "Zero everywhere.", np.zeros_like),
    "exercise": Exercise("toy", "Nothing to do", "Look.", "0_start", lambda work: Finding(True, "Seen.")),
    "source": Source("toy", "Blank", "Nothing at all.", lambda one: Asked("Nothing."), lambda *all: None),
}
FIELD_OF = {noun: field for field, noun in NAMED_PARTS.items()}


def field_of(toy):
    """The field of an Experiment that names it."""
    return next(FIELD_OF[noun] for noun, one in TOYS.items() if one is toy)


@pytest.fixture
def toy(request):
    """A toy in its family, for as long as a test lasts."""
    with FAMILIES[request.param].with_part(TOYS[request.param]) as part:
        yield part
    assert part.name not in FAMILIES[request.param]


def of(noun):
    return pytest.mark.parametrize("toy", [noun], indirect=True, ids=[noun])


@pytest.fixture
def run(capsys):
    """The command line: options → what it printed as JSON."""

    def ask(*arguments):
        assert command.main([*arguments, "--json", "-"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return ask


@pytest.fixture
def here(monkeypatch):
    """The dashboard's work is done in this process, which knows the toys."""

    class Here:
        def submit(self, function, /, *arguments, **options):
            future = Future()
            future.set_result(function(*arguments, **options))
            return future

    monkeypatch.setattr(dashboard, "workers", Here)


def healthy(visitor):
    app = visitor.app
    assert not app.exception, app.exception[0].message
    assert not app.error, app.error[0].value
    return visitor


def test_every_family_has_a_toy():
    assert set(TOYS) == set(FAMILIES)


@pytest.mark.parametrize("toy", TOYS, indirect=True)
def test_a_part_introduces_itself_and_is_known_by_name(toy):
    family = FAMILIES[next(noun for noun, one in TOYS.items() if one is toy)]
    assert family[toy.name] is toy
    assert list(family)[-1] == toy.name
    assert toy.title
    assert toy.blurb.endswith(".")


# Named in an Experiment: trained from the command line, chosen in a menu


@pytest.mark.parametrize("toy", FIELD_OF, indirect=True)
def test_an_option_of_the_command_line_takes_it(toy, run, capsys):
    field = field_of(toy)
    found = run("train", *QUICK, f"--{field}", toy.name)
    assert found["experiment"][field] == toy.name
    assert np.isfinite(found["weights"]).all()
    with pytest.raises(SystemExit):
        command.main(["train", "--help"])
    assert toy.name in capsys.readouterr().out


@pytest.mark.parametrize(
    ("toy", "page"),
    [
        ("resampler", "2_shrink"),
        ("encoding", "4_encode"),
        ("loss", "6_train"),
        ("start", "6_train"),
        ("engine", "6_train"),
        ("gradient", "6_train"),
    ],
    indirect=["toy"],
)
def test_a_menu_offers_it_and_its_page_works(toy, page, here, visit):
    field = field_of(toy)
    visitor = healthy(visit(page, engine="contraction", grid=2, examples=40, epochs=1))
    healthy(visitor.set("button_group", field, toy.name))
    assert f"{field}='{toy.name}'" in visitor.experiment()
    if page == "6_train":
        visitor.play().tick_until(lambda: visitor.step == 2)


@of("encoding")
def test_an_encoding_is_drawn_and_lights_its_pixels(toy, here, visit):
    grey = shrunken(Experiment()).train[0]
    data = prepare(Experiment(encoding="toy", remove_contradictions="off", examples=None))
    assert np.array_equal(data.train.images[data.train.row[0]], 1.0 - (grey > 0.5))
    for drawing in (overview_svg(Experiment(encoding="toy")), star_svg(Experiment(encoding="toy"))):
        assert any(words in drawing for words in ("where it is 0", "X if 0"))
    for page in ("5_circuit", "8_draw", "9_box"):
        healthy(visit(page, encoding="toy", engine="contraction"))


@of("resampler")
def test_a_resampler_shrinks(toy):
    pictures = shrunken(Experiment(resample="toy")).train
    assert not np.array_equal(pictures, shrunken(Experiment()).train)


@of("loss")
def test_a_loss_is_what_training_lowers(toy):
    run = train(small(loss="toy", start="narrow", epochs=30, learning_rate=0.02))
    test = prepare(run.experiment).test
    margin = test.labels * run.test_expectation
    assert run.history[-1]["test_loss"] == pytest.approx(np.mean((1 - margin) ** 4))
    assert run.history[-1]["loss"] < run.history[0]["loss"] - 0.1


@of("start")
def test_a_start_is_where_training_starts(toy):
    assert (train(small(start="toy")).initial_weights == 0.25).all()


@of("engine")
def test_an_engine_passes_the_tests_of_the_others(toy):
    rng = np.random.default_rng(0)
    pixels, weights = bits(rng, 5, 4), rng.uniform(-1, 1, (2, 4))
    engine = build_engine(small(engine="toy"))
    expected = [statevector(("XX", "ZZ"), image, weights) for image in pixels]
    np.testing.assert_allclose(engine.expectation(pixels, weights), expected, atol=1e-12)


@of("gradient")
def test_a_gradient_serves_every_engine(toy):
    rng = np.random.default_rng(0)
    pixels, weights = bits(rng, 3, 4), rng.uniform(-1, 1, (2, 4))
    exact = build_engine(small()).value_and_jacobian(pixels, weights)[1]
    for engine in ("contraction", "aer"):
        found = build_engine(small(engine=engine, gradient="toy")).value_and_jacobian(pixels, weights)[1]
        np.testing.assert_allclose(found, exact, atol=1e-8)


# Layers: any two Paulis

MIXED = [
    LayerKind(data + readout, data + readout, "A toy.", data, readout)
    for data in "XYZ"
    for readout in "XYZ"
    if data != readout
]


@pytest.fixture(params=MIXED, ids=[kind.name for kind in MIXED])
def mixed(request):
    with FAMILIES["layer"].with_part(request.param) as kind:
        yield kind.name


def problem(layers, seed=0, images=3, scale=1.0):
    """An experiment on four pixels, weights, and images: some black and white, one grey."""
    rng = np.random.default_rng(seed)
    pixels = np.vstack([bits(rng, images, 4), rng.random((1, 4))])
    return small(layers=layers), rng.uniform(-scale, scale, (len(layers), 4)), pixels


def sequences(kind):
    return [(kind,), ("XX", kind), (kind, "ZZ"), ("XX", kind, "ZZ"), (kind, "XX", kind), (kind, "YY", "XX", kind)]


def test_both_engines_compute_any_kind_of_layer(mixed):
    for layers in sequences(mixed):
        experiment, weights, pixels = problem(layers)
        expected = [statevector(layers, image, weights) for image in pixels]
        engine = build_engine(experiment)
        np.testing.assert_allclose(engine.expectation(pixels, weights), expected, atol=1e-12, err_msg=str(layers))
        np.testing.assert_allclose(ask_aer(experiment, weights, pixels), expected, atol=1e-9, err_msg=str(layers))
        by_aer = build_engine(experiment.with_(engine="aer")).value_and_jacobian(pixels, weights)[1]
        np.testing.assert_allclose(by_aer, engine.value_and_jacobian(pixels, weights)[1], atol=1e-9)


def test_the_inside_of_any_kind_of_layer(mixed):
    for layers in sequences(mixed):
        experiment, weights, pixels = problem(layers, seed=1)
        expected = build_engine(experiment).expectation(pixels, weights)
        if is_cosine(layers):
            np.testing.assert_allclose(cosine_neuron(experiment, weights).expectation(pixels), expected, atol=1e-12)
            np.testing.assert_allclose(product_expectation(experiment, weights, pixels), expected, atol=1e-12)
        cosines = hidden_cosines(experiment, weights)
        np.testing.assert_allclose(cosines(pixels[:3]), expected[:3], atol=1e-12)
        for image, f in zip(pixels, expected, strict=True):
            assert readout_states(experiment, weights, image)[-1].bloch[0] == pytest.approx(f, abs=1e-12)


def test_noise_after_any_kind_of_layer(mixed):
    for channel in ("depolarising", "amplitude-damping", "dephasing"):
        experiment, weights, pixels = problem(("XX", mixed, "ZZ"), seed=2, scale=0.3)
        noise = Noise(channel, 0.05)
        expected = ask_density_matrix(experiment, weights, pixels, noise)
        np.testing.assert_allclose(noisy_expectation(experiment, weights, pixels, noise), expected, atol=1e-9)


def test_any_kind_of_layer_is_drawn_and_written(mixed):
    experiment = small(layers=("XX", mixed))
    assert f"{mixed} layer" in star_svg(experiment)
    assert f"{mixed} layer" in overview_svg(experiment)
    names = [parameter.name for parameter in build_circuit(experiment).weights]
    assert names[-1] == f"{mixed.lower()}1_r1c1"


@of("layer")
def test_a_layer_is_chosen_trained_and_asked(toy, here, run, visit):
    assert run("train", *QUICK, "--layers", "XX,XZ")["experiment"]["layers"] == ["XX", "XZ"]
    visitor = healthy(visit("5_circuit", engine="contraction", grid=2, examples=40, epochs=1))
    healthy(visitor.set("selectbox", "kinds", "XX, XZ"))
    assert "layers=('XX', 'XZ')" in visitor.experiment()
    visitor.go("6_train").play().tick_until(lambda: visitor.step == 2)
    for page in ("8_draw", "9_box", "11_noise"):
        healthy(visitor.go(page))


# Named elsewhere


@of("preset")
def test_a_preset_is_a_button_and_an_option(toy, run, visit):
    assert run("train", "--preset", "toy")["experiment"] == toy.experiment.model_dump(mode="json")
    visitor = visit()
    visitor.app.button(key="toy").click().run()
    assert healthy(visitor).app.title[0].value == "Train"
    assert "epochs=1, batch_size=16" in visitor.experiment()


@of("budget")
def test_a_budget_is_fought_under(toy, run, here, visit):
    assert run("compare", "--budget", "toy", "--models", "majority")["budget"] == "toy"
    visitor = visit("7_compare", grid=2)
    visitor.choose("models", ["majority"])
    healthy(visitor.set("selectbox", "budget", "toy"))
    assert any("As the tutorial." in text for text in visitor.texts())


@of("baseline")
def test_a_baseline_fights_is_saved_and_is_shown(toy, run, here, visit):
    (row,) = run("compare", "--models", "toy")["rows"]
    assert (row["model"], row["parameters"], row["steps"]) == ("Means", 32, 1)
    assert 0.7 < row["test_accuracy"] < 0.93
    assert "hexagon" in {trace.marker.symbol for trace in seed_dots([row]).data}
    assert CONTENDERS["toy"].mark is toy.mark

    experiment = Experiment(engine="contraction")
    train_set, test = see_bits(experiment)
    model = Means().partial_fit(train_set.images[train_set.row], train_set.labels)
    content = model_file.baseline_to_bytes("toy", experiment, model.parameters, [])
    again = model_file.load(BytesIO(content))
    decided = again.decide(pair_of(experiment).test_images)
    np.testing.assert_allclose(decided, model.decision_function(test.images)[test.row])

    visitor = visit().choose("models", ["toy"]).go("7_compare")
    visitor.tick_until(lambda: any("Means" in alt for alt in visitor.charts))
    healthy(visitor)


@of("model")
def test_a_model_stands_in_the_table(toy, run):
    (row,) = run("compare", "--models", "toy")["rows"]
    assert row["model"] == "A late bloomer"
    assert len(seed_dots([row]).data) > 1


@of("network")
def test_a_network_comes_back_from_its_file(toy, tmp_path):
    content = model_file._content("toy", Experiment(), {"level": np.array([0.5])}, [])
    (tmp_path / "toy.npz").write_bytes(content)
    again = model_file.load(tmp_path / "toy.npz")
    assert again.decide(np.zeros((3, 28, 28), np.uint8)).tolist() == [0.5] * 3


@of("channel")
def test_a_channel_acts_is_checked_and_is_offered(toy, here, visit):
    for layers in (("XX", "ZZ"), ("ZZ", "YY", "XX", "ZZ")):
        experiment, weights, pixels = problem(layers, seed=3, scale=0.3)
        expected = ask_density_matrix(experiment, weights, pixels, Noise("toy", 0.1))
        assert np.abs(expected - build_engine(experiment).expectation(pixels, weights)).max() > 0.01
        found = noisy_expectation(experiment, weights, pixels, Noise("toy", 0.1))
        np.testing.assert_allclose(found, expected, atol=1e-9)
    visitor = visit("11_noise", engine="contraction")
    visitor.set("button_group", "predicted_noise", "no verdict flips")
    healthy(visitor.set("selectbox", "channel", "toy"))
    assert any("test verdicts flip" in text for text in visitor.texts())


@of("source")
def test_a_source_of_pictures_is_offered_on_the_page_that_draws(toy, here, visit):
    visitor = healthy(visit("8_draw", engine="contraction").set("button_group", "source", "toy"))
    assert any("Nothing." in text for text in visitor.texts())
    healthy(visitor.set("button_group", "source", "pad"))


@of("ring")
def test_a_ring_is_cut_and_refused_on_its_page(toy, here, visit):
    visitor = visit(engine="contraction").choose("ring_data", 4).go("13_hard")
    healthy(visitor.set("button_group", "ring", toy.name))
    assert "YY ring 1" in visitor.chart("Schmidt rank").alt
    assert any("contraction refuses" in text for text in visitor.texts())


@of("target")
def test_a_target_is_learnt_on_its_page(toy, here, visit):
    visitor = visit(engine="contraction").choose("hard_part", "uploads").go("13_hard")
    healthy(visitor.set("button_group", "upload_target", toy.name))
    assert "mean squared error is 0.0000" in visitor.notice


@of("learner")
def test_a_learner_is_compared_on_its_page(toy, here, visit, monkeypatch):
    monkeypatch.setattr("qnn_core.inside.kernel.SIZES", (30,))
    visitor = healthy(visit(engine="contraction").choose("hard_part", "kernel").go("13_hard"))
    visitor.tick_until(lambda: len(visitor.drawn("Test accuracy")["data"][-1]["x"]) == 1)
    test = prepare(Experiment(encoding="angle")).test
    assert visitor.drawn("Test accuracy")["data"][-1]["y"] == [np.mean(test.labels > 0)]


@of("exercise")
def test_an_exercise_is_offered_and_checked(toy, here, visit):
    visitor = visit("14_teach", engine="contraction").choose("check_toy is open", True)
    visitor.app.run()
    assert "Done. Seen." in [success.value for success in visitor.app.success]
