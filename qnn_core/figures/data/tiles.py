"""A picture so small that it is sent as a file: one number for each pixel, and nothing around it."""

from io import BytesIO

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image

from qnn_core.arrays import Array
from qnn_core.figures.data.heatmap import square
from qnn_core.tokens import parts_of


def ink_on_nothing(image: Array, ink: str) -> bytes:
    """A PNG of one picture in the grey of this ink, clear where the picture is paper, so that any paper shows.

    image: grey in [0, 1], (rows, columns). ink: #RRGGBB.
    """
    opaque = np.round(255 * image).astype(np.uint8)
    letters = np.full_like(opaque, parts_of(ink)[0])
    file = BytesIO()
    Image.fromarray(np.dstack([letters, opaque]), "LA").save(file, "PNG", optimize=True)
    return file.getvalue()


def tiles(images: ArrayLike, ink: str) -> list[bytes]:
    """Each picture as such a PNG. images: uint8 or grey in [0, 1], (k, side, side) or (k, side²)."""
    return [ink_on_nothing(image, ink) for image in square(images)]
