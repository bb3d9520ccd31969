"""Two engines compute the same numbers: Qiskit Aer simulates all 2¹⁷ amplitudes, the contraction none."""

from qnn_core.circuit import STATEVECTOR_GRID, qubit_count
from qnn_core.engines import contraction
from qnn_core.engines.base import Engine, EngineEntry, Pullback
from qnn_core.engines.gradients import GRADIENTS
from qnn_core.experiment import Experiment
from qnn_core.families import Family
from qnn_core.words import power

EXACT = {"engine": "contraction", "gradient": "exact"}
"""The settings with which every answer takes milliseconds; the numbers are those of every engine, to 1e-9."""


def contracted(experiment: Experiment) -> Experiment:
    """The same on the contraction engine. Raises InputError if its layers and grid are too much for it."""
    return experiment.with_(**EXACT)


def _aer(experiment: Experiment) -> Engine:
    from qnn_core.engines.aer import AerEngine

    return AerEngine(experiment)


def _aer_refusal(experiment: Experiment) -> str | None:
    if experiment.grid <= STATEVECTOR_GRID:
        # Its exact gradient is the contraction, which has limits of its own.
        slope = contraction.refusal(experiment) if GRADIENTS[experiment.gradient].jacobian is None else None
        return f"{slope.removesuffix('.')}; or choose the parameter-shift gradient." if slope else None
    qubits = qubit_count(experiment)
    return (
        f"A grid of {experiment.grid} needs {qubits} qubits, a statevector of {power(2, qubits)} amplitudes of 16 "
        f"bytes; the aer engine stops at grid {STATEVECTOR_GRID}: choose a smaller grid or the contraction engine."
    )


ENGINES: Family[EngineEntry] = Family(
    "engine",
    EngineEntry(
        "aer",
        "Qiskit Aer",
        "Simulates the whole circuit: a statevector of 2¹⁷ amplitudes for every distinct image.",
        _aer,
        _aer_refusal,
        needs_qiskit=True,
        quick=False,
    ),
    EngineEntry(
        "contraction",
        "Exact contraction",
        "Uses that data qubits meet only the readout: same numbers, thousands of times faster.",
        contraction.ContractionEngine,
        contraction.refusal,
        needs_qiskit=False,
        quick=True,
    ),
)


def build_engine(experiment: Experiment) -> Engine:
    """The engine that the Experiment names."""
    return ENGINES[experiment.engine].build(experiment)


__all__ = ["ENGINES", "EXACT", "GRADIENTS", "Engine", "EngineEntry", "Pullback", "build_engine", "contracted"]
