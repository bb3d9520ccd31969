"""A quantum neural network that tells threes from sixes, from the raw pixel to the verdict.

The folders are the lesson, in the order in which the data flows:

    experiment      one validated description of a run
    data            digits → shrunken greys → without contradictions → bits; a drawing, prepared as MNIST's
    circuit         the star circuit, its layers and its weights
    engines         what computes ⟨Z⟩: Aer's statevector, or the exact contraction
    training        losses, Adam, starts, and the one loop
    baselines       classical networks beside it, of the same size and a large one
    inside          the opened box: one cosine, all 65,536 pictures, the readout, why it starts flat, 785 qubits
    machine         what a real machine would show: noise, shots, gates of its own
    presets         runs worth naming
    contest         every model under named budgets, beside the published figures; many runs
    model_file      a trained network of any kind in one file (npz)

For a page that watches: `live` (what is being computed) and `workers` (who computes it); for its pictures: `figures`.

`python -m qnn_core --help` is the command line; the dashboard in `pages/` shows the same steps.
"""

from importlib import import_module
from typing import Any

from qnn_core.circuit import LAYERS, build_circuit
from qnn_core.data.dataset import prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.shrink import RESAMPLERS
from qnn_core.engines import ENGINES, GRADIENTS, build_engine
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import FAMILIES
from qnn_core.training.loop import TrainingState, advance, start
from qnn_core.training.losses import LOSSES
from qnn_core.training.run import train
from qnn_core.training.starts import STARTS

_LAZY = {
    "QNNClassifier": "qnn_core.training.classifier",
    "FairClassifier": "qnn_core.baselines.fair",
    "BASELINES": "qnn_core.baselines",
    "PRESETS": "qnn_core.presets",
    "ContractionEstimator": "qnn_core.engines.adapters",
    "ContractionGradient": "qnn_core.engines.adapters",
}
"""Public names whose modules need Qiskit or scikit-learn: imported when first asked for."""


def __getattr__(name: str) -> Any:
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "BASELINES",
    "ENCODINGS",
    "ENGINES",
    "FAMILIES",
    "GRADIENTS",
    "LAYERS",
    "LOSSES",
    "PRESETS",
    "RESAMPLERS",
    "STARTS",
    "ContractionEstimator",
    "ContractionGradient",
    "Experiment",
    "FairClassifier",
    "InputError",
    "QNNClassifier",
    "TrainingState",
    "advance",
    "build_circuit",
    "build_engine",
    "prepare",
    "start",
    "train",
]
