"""Every encoding turns greys into half-turns between 0 and 1."""

import numpy as np
import pytest

from qnn_core.data.encoding import ENCODINGS
from qnn_core.experiment import Experiment

GREY = np.array([[0.0, 0.2, 0.5, 0.50001], [0.6, 0.8, 0.99, 1.0]])


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding(name):
    encoding = ENCODINGS[name]
    assert encoding.name == name
    assert encoding.title
    assert encoding.blurb.endswith(".")
    pixels = encoding.pixels(GREY, 0.5)
    assert pixels.shape == GREY.shape
    assert pixels.dtype == np.float64
    assert ((pixels >= 0) & (pixels <= 1)).all()
    # Brighter never becomes darker, and black and white are no turn and a whole half-turn.
    assert (np.diff(pixels.ravel()) >= 0).all()
    assert (pixels.ravel()[0], pixels.ravel()[-1]) == (0, 1)
    changes = not np.array_equal(pixels, encoding.pixels(GREY, 0.7))
    assert changes == encoding.makes_bits
    assert Experiment(encoding=name).encoding == name


def test_basis_is_above_the_threshold_not_at_it():
    assert ENCODINGS["basis"].pixels(GREY, 0.5).tolist() == [[0, 0, 0, 1], [1, 1, 1, 1]]
    assert ENCODINGS["basis"].pixels(GREY, 0.0).tolist() == [[0, 1, 1, 1], [1, 1, 1, 1]]


def test_angle_keeps_the_grey():
    assert np.array_equal(ENCODINGS["angle"].pixels(GREY, 0.5), GREY)
