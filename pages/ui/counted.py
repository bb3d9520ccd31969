"""How many numbers a network has, in words: its weights, what is left of them, and what pictures can tell apart."""

from qnn_core import Experiment
from qnn_core.circuit import merge
from qnn_core.data.encoding import ENCODINGS
from qnn_core.inside.effective import effective_on_digits, effective_parameters


def counted(experiment: Experiment) -> str:
    """Sentences on how many of the weights count: after merging, on any pictures, and on the two digits' pictures.

    Empty if all of them do.
    """
    layers, n = len(experiment.layers), experiment.pixels
    merged, _ = merge(experiment.layers)
    left = len(merged) * n
    said = []
    if len(merged) < layers:
        said.append(
            f"Neighbouring layers of one kind commute: these {layers} layers are really {len(merged)} "
            f"({', '.join(merged)}), with the weights added. Of {layers * n:,} weights {left:,} are left."
        )
    ways, on_digits = effective_parameters(experiment), effective_on_digits(experiment)
    pictures = "black and white" if ENCODINGS[experiment.encoding].makes_bits else "grey"
    if ways < left:
        said.append(f"Numbers that change its answers on {pictures} pictures: **{ways:,}**.")
    if on_digits is not None and on_digits < ways:
        first, second = experiment.digits
        said.append(f"The {first}s and {second}s themselves tell {on_digits:,} of them apart.")
    return " ".join(said)
