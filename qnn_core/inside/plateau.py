"""At random weights every pixel more flattens the answer, and the pictures flatten the loss: two plateaus.

The first is the circuit's: E[(∂f)²] falls by a factor with every pixel, (3/4)^n for a ZZ weight of XX, ZZ (MATHS
section 2a). The second is the data's: the slopes of the pictures cancel in the loss, with or without XX. Starts that
are narrow enough avoid both at any n.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import LAYERS, last_to_matter, merge
from qnn_core.data.dataset import prepare
from qnn_core.engines.data_qubits import overlaps, overlaps_derivative, path_states
from qnn_core.engines.star import readout_pairs
from qnn_core.engines.terms import other_products
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.loop import ONLY_AT_THE_END, advance, engine_of, start
from qnn_core.training.losses import LOSSES

PIXELS = (4, 6, 8, 10, 12, 16, 20)
"""Numbers of data qubits at which the law of the slopes is measured."""
MOST_STARTS, FEWEST_STARTS = 2_000, 100
"""Random starts at each of them; fewer if each takes long."""
FACTORS = 2**21
"""About so many factors are multiplied for one number of data qubits: less than a second."""
CHUNK = 2**18
"""Factors worked on at once."""
SOME_PICTURES = 64
"""Pictures whose own slopes are looked at."""


class Steepness(NamedTuple):
    """Root mean squares at starts anywhere on the circle, of a network with n pixels.

    answer: ⟨Z⟩ of a picture. picture: ∂⟨Z⟩/∂t of a picture, loss: ∂loss/∂t of all pictures together, both for the
    weights of the last layer that matters, per half-turn.
    """

    n: int
    answer: float
    picture: float
    loss: float


class Law(NamedTuple):
    """E[(∂f/∂t)²] ∝ factor^n, fitted to what was measured.

    factor, error: with every data qubit more, and its standard error. level: the fit's value at n = 0.
    means, errors: what was measured, by n.
    """

    factor: float
    error: float
    level: float
    means: Mapping[int, float]
    errors: Mapping[int, float]

    def at(self, n: int) -> float:
        """The fit for n data qubits."""
        return float(self.level * self.factor**n)


def without_turns(layers: tuple[str, ...]) -> tuple[str, ...]:
    """The layers without those that only turn the data qubits, as XX does. Empty if all do."""
    return tuple(kind for kind in layers if not LAYERS[kind].keeps_readout)


def spread_start(rng: np.random.Generator, experiment: Experiment, width: float) -> Array:
    """Initial weights uniform within ±width half-turns, half a turn added at pixel 0: (layers, n).

    width 1 is anywhere on the circle; 0 is the middle of the "narrow" start, where R = 1 at any n.
    Half a turn is added in the last layer that matters.
    """
    if not 0 <= width <= 1:
        raise InputError(f"The start's width is {width}, but it must be from 0 to 1 half-turn; choose such a width.")
    weights = rng.uniform(-width, width, (len(experiment.layers), experiment.pixels))
    weights[last_to_matter(experiment.layers), 0] += 0.5
    return weights


def first_steps(experiment: Experiment, width: float, steps: int, seed: int = 0) -> Array:
    """The loss of each of the first steps from a start of that width, (steps,) or fewer at the run's end."""
    weights = spread_start(np.random.default_rng(seed), experiment, width)
    _, records = advance(experiment, start(experiment, weights), steps, test_every=ONLY_AT_THE_END)
    return np.array([record.loss for record in records])


def steepness(experiment: Experiment, starts: int, seed: int = 0) -> Steepness:
    """How steep the answer and the loss are at so many starts anywhere, on the Experiment's training pictures."""
    rng = np.random.default_rng((seed, experiment.pixels))
    engine, images, layer = engine_of(experiment), prepare(experiment).train, last_to_matter(experiment.layers)
    batch, loss = images.whole, LOSSES[experiment.loss]
    answers, pictures, losses = list[float](), list[float](), list[float]()
    for _ in range(starts):
        weights = spread_start(rng, experiment, 1.0)
        values, pullback = engine.value_and_pullback(batch.images, weights)
        some = rng.choice(len(values), min(SOME_PICTURES, len(values)), replace=False)
        own = engine.value_and_jacobian(batch.images[some], weights)[1][:, layer]
        answers.append(float(np.mean(values**2)))
        pictures.append(float(np.mean(own**2)))
        losses.append(float(np.mean(pullback(loss(values, batch)[1])[layer] ** 2)))
    return Steepness(experiment.pixels, *(float(np.sqrt(np.mean(all_of))) for all_of in (answers, pictures, losses)))


def squared_slopes(layers: tuple[str, ...], n: int, seed: int = 0) -> Array:
    """(∂f/∂t)² at random starts anywhere on the circle for random black and white pictures, (starts,).

    Of the weights of the last layer that matters, averaged over the n pixels; per half-turn. By the contraction along
    the readout's paths, so any layers will do. Raises InputError if no weight of these layers changes ⟨Z⟩.
    """
    merged, _ = merge(layers)
    if not without_turns(merged):
        raise InputError("These layers never change ⟨Z⟩, so it has no slope; add a layer of another kind than XX.")
    rng, each = np.random.default_rng((seed, n)), len(readout_pairs(merged).bra) * n
    starts = int(np.clip(FACTORS // each, FEWEST_STARTS, MOST_STARTS))
    step = max(1, CHUNK // each)
    sizes = [min(step, starts - begin) for begin in range(0, starts, step)]
    return np.concatenate([np.mean(_slopes(rng, merged, n, size) ** 2, axis=0) for size in sizes])


def _slopes(rng: np.random.Generator, merged: tuple[str, ...], n: int, starts: int) -> Array:
    """∂f/∂t of every weight in the last layer that matters, (n, starts), each start with a picture of its own."""
    pairs, layer = readout_pairs(merged), last_to_matter(merged)
    angles = np.pi * rng.uniform(-1, 1, (len(merged), n * starts))
    states = path_states([LAYERS[kind].data for kind in merged], angles, derivatives=True)
    bra, ket = states.take(pairs.bra, axis=-1), states.take(pairs.ket, axis=-1)
    turned = slice(1 + layer, 2 + layer)
    along, _ = overlaps(bra[0], ket[0], grey=False)
    (slope,), _ = overlaps_derivative(bra[0], ket[0], bra[turned], ket[turned], grey=False)
    z = rng.choice([-1.0, 1.0], (n * starts, 1))
    # Each factor is w − i·z·v_z, as in engines/terms; ∂f/∂θ_k = Re Σ_p C_p · (∂factor_k) · ∏ of the others
    factors, turns = ((part.real + 1j * z * part.imag).reshape(n, starts, -1) for part in (along, slope))
    return np.pi * ((other_products(factors) * turns) @ pairs.weight).real


def fitted_law(squares: Mapping[int, Array]) -> Law:
    """The power of n that fits squared slopes best. squares: n → (starts,), for at least two n.

    Least squares of log E[(∂f)²] over n, each weighted by its standard error; where the points stray further from a
    straight line than that, the error of the factor grows with them. Raises InputError for a single n.
    """
    if len(squares) < 2:
        raise InputError("A law needs slopes for at least two numbers of pixels; measure more.")
    n = np.array(list(squares), float)
    means = np.array([each.mean() for each in squares.values()])
    errors = np.array([each.std(ddof=1) / np.sqrt(len(each)) for each in squares.values()])
    # σ of log E; it grows with n, and where it does not, rare steep starts have not been met
    certain = 1 / np.maximum.accumulate(np.maximum(errors / means, 1e-3))
    design = np.stack([np.ones_like(n), n], axis=1)
    (level, slope), *_ = np.linalg.lstsq(design * certain[:, None], np.log(means) * certain, rcond=None)
    spread = np.linalg.inv((design * certain[:, None] ** 2).T @ design)[1, 1]
    strays = np.sum(((np.log(means) - level - slope * n) * certain) ** 2) / max(1, len(n) - 2)
    factor = np.exp(slope)
    return Law(
        factor=float(factor),
        error=float(factor * np.sqrt(spread * max(1.0, strays))),
        level=float(np.exp(level)),
        means=dict(zip(squares, means.tolist(), strict=True)),
        errors=dict(zip(squares, errors.tolist(), strict=True)),
    )


def gradient_samples(rng: np.random.Generator, n: int, width: float, starts: int) -> Array:
    """∂f/∂t of the first pixel's ZZ weight, per half-turn, at random starts of XX, ZZ with n pixels: (starts,).

    Starts are those of `spread_start`; every one gets a random image of its own.
    """
    theta, phi = np.pi * rng.uniform(-width, width, (2, starts, n))
    phi[:, 0] += np.pi / 2
    signs = rng.choice([-1.0, 1.0], (starts, n))
    factors = np.cos(phi) + 1j * signs * np.cos(theta) * np.sin(phi)
    # ∂/∂φ of the first factor
    factors[:, 0] = -np.sin(phi[:, 0]) + 1j * signs[:, 0] * np.cos(theta[:, 0]) * np.cos(phi[:, 0])
    return -np.pi * np.prod(factors, axis=1).real


def gradient_law(n: int, width: float) -> float:
    """E[(∂f/∂t)²] of `gradient_samples`, exactly.

    E = π²/2 · [(c + s·d)^n + (c − s·d)^n] with c = E cos²φ, s = 1 − c, d = E cos²θ. For width 1, c = d = ½:
    π²/2 · [(3/4)^n + (1/4)^n], the barren plateau.
    """
    # E cos² of an angle uniform within ±π·width; numpy's sinc(x) is sin(πx)/(πx)
    c = float(1 + np.sinc(2 * width)) / 2
    s, d = 1 - c, c
    return float(np.pi**2 / 2 * ((c + s * d) ** n + (c - s * d) ** n))


def squared_length(width: float) -> float:
    """E[r²] of one pixel of XX, ZZ for weights uniform in [0, width) half-turns: what a pixel leaves of E[f²].

    r² = cos²φ + sin²φ·cos²θ, so E[r²] = c + (1 − c)·c with c = E cos² = (1 + sin(2π·width)/(2π·width))/2. Over whole
    turns of the circle that is 3/4; TensorFlow Quantum's start, 2π half-turns, is no whole number of them: 0.7622.
    """
    c = float(1 + np.sinc(2 * width)) / 2
    return c + (1 - c) * c
