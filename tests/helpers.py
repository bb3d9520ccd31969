"""What several tests share: small experiments, and descriptions of the circuit that do not use the package."""

import numpy as np

from qnn_core.contest.contenders import Outcome
from qnn_core.experiment import Experiment
from qnn_core.words import SUPERSCRIPT

RAISED = {raised: plain for plain, raised in SUPERSCRIPT.items()}
FIELDS = set(Experiment.model_fields)

PAULIS = {
    "X": np.array([[0, 1], [1, 0]], complex),
    "Y": np.array([[0, -1j], [1j, 0]]),
    "Z": np.array([[1, 0], [0, -1]], complex),
}
HADAMARD = np.array([[1, 1], [1, -1]]) / np.sqrt(2)


def read(number):
    """What a number is that a class reads: 12,300, −0.3 or 6.2·10⁻¹⁶."""
    front, _, exponent = number.replace(",", "").replace("−", "-").partition("·10")
    return float(front) * 10.0 ** int(exponent.translate(RAISED) or 0)


def small(**changes):
    """A run that takes milliseconds."""
    fields = {"grid": 2, "examples": 60, "batch_size": 16, "epochs": 2, "engine": "contraction", **changes}
    return Experiment.parse(fields)


def outcome(model, seed=0, accuracy=0.5, **changes):
    """What a contender could have reached."""
    numbers = dict.fromkeys(Outcome._fields, 1)
    made_up = {"model": model, "seed": seed, "test_accuracy": accuracy, "tutorial_accuracy": accuracy, "loss": "log"}
    return Outcome(**{**numbers, **made_up, "verdicts": np.ones(1968, bool), "trained_with": "hinge", **changes})


def is_sentence(error):
    """One sentence for a person: one line, a full stop at the end, not a traceback or a page."""
    text = str(error)
    assert text.endswith("."), text
    assert "\n" not in text
    assert text[0].isupper() or text[0] in "-/0123456789Xy" or text.split(maxsplit=1)[0] in FIELDS, text
    assert 15 < len(text) < 700
    return text


def random_layers(rng, length, kinds=("XX", "YY", "ZZ")):
    """A sequence of layers in circuit order; neighbours may be of one kind."""
    return tuple(str(kind) for kind in rng.choice(list(kinds), length))


def apply(state, matrix, axis):
    """A 2×2 matrix on one axis of a state tensor (2, 2, …)."""
    return np.moveaxis(np.tensordot(matrix, state, (1, axis)), 0, axis)


def statevector(layers, pixels, weights):
    """⟨Z⟩ for one image, amplitude by amplitude (MATHS section 1). pixels: (n,); weights: (layers, n)."""
    n = len(pixels)
    state = np.ones(1, complex)
    for x in pixels:
        state = np.kron(state, [np.cos(np.pi * x / 2), -1j * np.sin(np.pi * x / 2)])
    state = np.kron(state, HADAMARD @ PAULIS["X"] @ [1, 0]).reshape((2,) * (n + 1))
    for kind, row in zip(layers, weights, strict=True):
        first, second = (PAULIS[letter] for letter in kind)
        for k, t in enumerate(row):
            turned = apply(apply(state, first, k), second, n)
            state = np.cos(np.pi * t / 2) * state - 1j * np.sin(np.pi * t / 2) * turned
    probability = (np.abs(apply(state, HADAMARD, n)) ** 2).reshape(-1, 2).sum(axis=0)
    return probability[0] - probability[1]


def closed_form(pixels, weights):
    """f of XX, ZZ for images of zeros and ones (MATHS section 2). pixels: (m, n); weights: (2, n)."""
    z = 1 - 2 * pixels
    theta, phi = np.pi * weights
    return -np.prod(np.cos(phi) + 1j * z * np.sin(phi) * np.cos(theta), axis=1).real


def bits(rng, m, n):
    """m random images of n zeros and ones."""
    return rng.integers(0, 2, (m, n)).astype(float)
