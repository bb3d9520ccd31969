"""With every pixel more the squared slope at random weights shrinks by a quarter: a barren plateau.

E[(∂f)²] falls as (3/4)^n (MATHS section 2), and starts that are narrow enough avoid it at any n.
"""

import numpy as np

from qnn_core.arrays import Array
from qnn_core.circuit import last_to_matter
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.training.loop import ONLY_AT_THE_END, advance, start


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
