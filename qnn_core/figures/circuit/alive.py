"""The circuit as data for a picture that answers: point at a pixel, and see its wire, its gates and what it does.

The browser draws it. All numbers are computed here.
"""

from typing import Any

import numpy as np

from qnn_core.arrays import Array, Integers
from qnn_core.circuit import pixel_name, wrap
from qnn_core.data.encoding import ENCODINGS
from qnn_core.engines import build_engine, contracted
from qnn_core.experiment import Experiment
from qnn_core.figures.circuit.star import ALL_WIRES
from qnn_core.inside.cosine import cosine_neuron, is_cosine
from qnn_core.training.starts import fitting_weights
from qnn_core.words import signed

FEW_WIRES = 16
"""So many wires are drawn of a grid that has more than ALL_WIRES pixels."""


def living_circuit(experiment: Experiment, weights: Array, pixels: Array) -> dict[str, Any]:
    """What the living picture of a circuit needs, for one image.

    weights: half-turns (layers, n). pixels: half-turns of RX (n,) in [0, 1]. The answer goes to the browser as JSON:

    - `grid`, `pixels` (n): the image. `wires`: numbers of the data qubits that are drawn; `names`: of these.
    - `note`: which wires these are, if they are not all.
    - `encoding`: what a pixel of value 1 puts on its wire. `layers`: their kinds.
    - `weights`: one list for each layer, half-turns of the drawn wires, wrapped to (−1, 1].
    - `turn`: for each drawn wire, by how many half-turns its pixel turns the readout's hand (MATHS section 2); null
      where the circuit is more than one cosine. The hand starts at −1, and its height in the end is ⟨Z⟩.
    - `flipped`: for each drawn wire, ⟨Z⟩ of the same image with this pixel x turned into 1 − x.
    - `value`: ⟨Z⟩. `digits`: the two digits. `alt`: the picture in one sentence.

    Raises InputError if weights or pixels do not fit, or the contraction cannot take the layers.
    """
    network, weights = contracted(experiment), fitting_weights(experiment, weights)
    wires = shown_wires(pixels)
    turned = np.tile(pixels, (len(wires) + 1, 1))
    turned[np.arange(len(wires)), wires] = 1 - pixels[wires]
    *flipped, value = build_engine(network).expectation(turned, weights)
    return {
        "grid": experiment.grid,
        "pixels": np.round(pixels, 3).tolist(),
        "wires": wires.tolist(),
        "names": [pixel_name(k, experiment.grid) for k in wires],
        "note": note_on(wires, pixels),
        "encoding": ENCODINGS[experiment.encoding].gate,
        "layers": list(experiment.layers),
        "weights": np.round(wrap(weights[:, wires]), 4).tolist(),
        "turn": _turns(experiment, weights, pixels, wires),
        "flipped": np.round(flipped, 4).tolist(),
        "value": round(float(value), 4),
        "digits": list(experiment.digits),
        "alt": f"The circuit with a picture in it, setting {np.count_nonzero(pixels)} of {len(pixels):,} qubits.",
    }


def shown_wires(pixels: Array) -> Integers:
    """The data qubits to draw, in order: all of a small grid, else those that the image sets, FEW_WIRES at most."""
    if len(pixels) <= ALL_WIRES:
        return np.arange(len(pixels))
    lit = np.flatnonzero(pixels)
    if len(lit) <= FEW_WIRES:
        return lit if len(lit) else np.arange(FEW_WIRES)
    return lit[np.linspace(0, len(lit) - 1, FEW_WIRES).astype(int)]


def note_on(wires: Integers, pixels: Array) -> str:
    """Which wires are drawn, in one sentence; nothing to say if they are all."""
    lit, n = np.count_nonzero(pixels), len(pixels)
    if len(wires) == n:
        return ""
    if not lit:
        return f"{len(wires)} of {n:,} wires: this picture sets none of them."
    if len(wires) == lit:
        return f"{lit} of {n:,} wires: those that this picture sets."
    return f"{len(wires)} of {n:,} wires; this picture sets {lit:,} of them."


def table(data: dict[str, Any]) -> dict[str, list[Any]]:
    """The same numbers as columns, for who cannot see the picture: one row for each wire that is drawn."""
    turn = {} if data["turn"] is None else {"turns the hand by": [signed(one) for one in data["turn"]]}
    return {
        "pixel": data["names"],
        "value": [data["pixels"][k] for k in data["wires"]],
        **{f"{n}. {kind}": [signed(one) for one in row] for n, kind, row in _numbered(data)},
        **turn,
        "⟨Z⟩ if turned over": [signed(one) for one in data["flipped"]],
    }


def _numbered(data: dict[str, Any]) -> list[tuple[int, str, list[float]]]:
    return [
        (n, kind, row) for n, (kind, row) in enumerate(zip(data["layers"], data["weights"], strict=True), start=1)
    ]


def _turns(experiment: Experiment, weights: Array, pixels: Array, wires: Integers) -> list[float] | None:
    if not is_cosine(experiment.layers):
        return None
    factors = cosine_neuron(experiment, weights).factors(pixels[None])[0]
    return np.round(np.angle(factors[wires]) / np.pi, 4).tolist()
