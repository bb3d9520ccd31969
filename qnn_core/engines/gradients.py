"""Training asks which way is down; there is more than one way to know."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from qnn_core.arrays import Array
from qnn_core.families import Family, Part

Values = Callable[[Array], Array]
"""f of some images, (m,), as a function of the weights in half-turns, (layers, n)."""


@dataclass(frozen=True)
class Gradient(Part):
    """One way to get derivatives.

    jacobian(f, weights): ∂f/∂weights of each image, (m, layers, n), per half-turn, from values alone; None for the
    engine's own exact derivative.
    in_qiskit(estimator): the same as a BaseEstimatorGradient of Qiskit Machine Learning for EstimatorQNN, with
    an estimator that is a BaseEstimatorV2 of Qiskit.
    """

    jacobian: Callable[[Values, Array], Array] | None
    in_qiskit: Callable[[Any], Any]


def parameter_shift(f: Callable[[Array], Array], weights: Array) -> Array:
    """Derivatives by every weight from two shifted evaluations each: (m, layers, n).

    ∂f/∂t = π/2 · (f(t + ½) − f(t − ½)) for a gate exp(−i·π·t·PQ/2) (Schuld et al., arXiv 1811.11184,
    eq. 9, with t in half-turns).
    """
    flat = weights.ravel()
    shifted = np.eye(len(flat)) / 2
    columns = [
        np.pi / 2 * (f((flat + d).reshape(weights.shape)) - f((flat - d).reshape(weights.shape))) for d in shifted
    ]
    return np.stack(columns, axis=1).reshape(-1, *weights.shape)


def _exact_in_qiskit(estimator: Any) -> Any:
    from qnn_core.engines.adapters import ContractionGradient

    return ContractionGradient()


def _shift_in_qiskit(estimator: Any) -> Any:
    from qnn_core.engines.adapters import ParamShiftEstimatorGradient

    return ParamShiftEstimatorGradient(estimator)


GRADIENTS: Family[Gradient] = Family(
    "gradient",
    Gradient(
        "exact",
        "Exact contraction",
        "All derivatives at once, for about the price of two evaluations.",
        None,
        _exact_in_qiskit,
    ),
    Gradient(
        "parameter-shift",
        "Parameter shift",
        "Two more circuits for every weight, each with one gate turned by a quarter: what hardware can do.",
        parameter_shift,
        _shift_in_qiskit,
    ),
)
