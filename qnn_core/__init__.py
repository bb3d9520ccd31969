"""A quantum neural network that tells threes from sixes, from the raw pixel to the verdict.

Read the modules in the order in which the data flows:

    experiment      one validated description of a run
    digits          real handwritten digits, 28×28
    shrink          28×28 → 4×4
    contradictions  pictures that are both a 3 and a 6
    encoding        pixels → qubits
    dataset         these stages in one line
    circuit         the star circuit and its weights
    engines         what computes ⟨Z⟩: Aer's statevector, or the exact contraction
    losses, adam    how wrong, and which way down
    training        the one training loop
    model_file      a trained network of any kind in one file (npz)
    drawing         a drawn digit → an MNIST-like image

Beside it, a classical network, and many runs:

    classifier      the quantum network as a scikit-learn estimator (estimator)
    baselines       a classical network of the same size, and a large one
    presets         runs worth naming
    contenders      every model, and the budgets they fight under
    compare         their table beside the tutorial's
    published       what the tutorial printed
    trials          many runs on any executor (trial, pool)
    slide           every model over all thresholds

Inside the circuit:

    cosine          one block is a cosine of a weighted sum of the pixels
    flips           the whole function: all 65,536 pictures
    paths           what several blocks add
    state           the readout's arrow, its purity and its entanglement
    landscape       the loss around the weights, and where a run goes
    plateau, scale  why it starts flat, from 17 to 785 qubits
    noise, shots    what a real machine would show (noisy_training, hardware)
    checks          Aer is asked the same

For a page that watches: `live`, `live_cnn`, `live_tasks`, `worker`, `warm`, `threads`; for its pictures: `figures`.

`python -m qnn_core --help` is the command line; the dashboard in `pages/` shows the same steps.
"""

from importlib import import_module
from typing import Any

from qnn_core.circuit import LAYERS, build_circuit
from qnn_core.dataset import prepare
from qnn_core.encoding import ENCODINGS
from qnn_core.engines import ENGINES, GRADIENTS, build_engine
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.families import FAMILIES
from qnn_core.shrink import RESAMPLERS
from qnn_core.training import STARTS, TrainingState, advance, start, train

_LAZY = {
    "QNNClassifier": "qnn_core.classifier",
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
