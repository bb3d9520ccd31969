"""A drawn digit is prepared as MNIST's makers prepared theirs, or the network would see another world.

Crop to the ink, fit into a 20×20 box keeping the aspect, antialias, and centre by mass in 28×28
(LeCun et al., Gradient-based learning applied to document recognition, 1998, section III.A).
"""

import os
import warnings
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageFilter, ImageOps

from qnn_core.arrays import Bytes, Floats32
from qnn_core.data.digits import SIDE
from qnn_core.errors import InputError, named

BOX = 20
MIN_INK, MAX_INK = 0.002, 0.9
"""Share of the canvas that may be ink: less is a dot or nothing, more is no digit."""
DOT = 0.1
"""Ink that is shorter and narrower than this share of the canvas is a dot, not a digit."""
SEEN = 0.2
"""Paler ink than this share of the darkest is taken for paper when cropping (scanner noise, soft edges)."""

PHOTO, WIDE, FAINT = 280, 17, 0.12
"""A photo's longer side; the neighbourhood with paper in it, in quarters of its pixels; and the paper's grain."""

SENT = ("PNG", "JPEG")
MOST_SIDE = 4000
"""Pixels of an image, in height or width, as it is read."""
TOO_LARGE = f"The image has more than {MOST_SIDE:,} pixels on a side; give a smaller one."

# Pillow would print a warning beside that sentence.
warnings.filterwarnings("ignore", category=Image.DecompressionBombWarning)


class Prepared(NamedTuple):
    """image: uint8 (28, 28), 255 is ink. box: left, top, right, bottom of the ink on the canvas."""

    image: Bytes
    box: tuple[int, int, int, int]


def prepare_drawing(ink: ArrayLike) -> Prepared:
    """Turn a canvas into an MNIST-like image.

    ink: (height, width), 0 is paper; any scale, at most 4,000 on a side. Raises InputError if it is empty, full or no
    picture.
    """
    grey = np.clip(_numbers(ink), 0, None)
    if grey.max() > 0:
        grey /= grey.max()
    covered = float(np.mean(grey > 0.5))
    if covered < MIN_INK:
        raise InputError("The canvas is empty or shows only a dot; draw a digit with the pen.")
    if covered > MAX_INK:
        raise InputError("The canvas is almost full of ink; clear it and draw a digit with thinner lines.")
    rows, columns = (np.flatnonzero((grey > SEEN).any(axis=axis)) for axis in (1, 0))
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    if max(bottom - top, right - left) < DOT * min(grey.shape):
        raise InputError("The canvas shows only a dot; draw a digit, as large as you like.")
    small = _fit(grey[top:bottom, left:right])
    return Prepared(_centre(small), (int(left), int(top), int(right), int(bottom)))


def _numbers(ink: ArrayLike) -> Floats32:
    """The ink as numbers (height, width). Raises InputError if it is no picture, or is too large to be copied."""
    try:
        if max(_sides(ink)) > MOST_SIDE:
            raise InputError(TOO_LARGE)
        given = np.asarray(ink)
        if given.dtype.kind in "biuf" and given.ndim == 2 and min(given.shape) > 1:
            with np.errstate(over="ignore"):
                grey: Floats32 = given.astype(np.float32, copy=False)
            if np.isfinite(grey).all():
                return grey
    except InputError:  # which is a ValueError too
        raise
    except (TypeError, ValueError, IndexError, KeyError, OverflowError, MemoryError):
        pass  # a text, lists of different lengths, anything
    raise InputError("This is not a grey picture; draw a digit, or give an image file.")


def _sides(ink: Any) -> tuple[int, int]:
    """Height and width of an array, or of lists in a list. Raises ValueError or TypeError for anything else."""
    shape = getattr(ink, "shape", None) or (len(ink), max(map(len, ink)))
    if len(shape) != 2 or np.ndim(ink[0][0]):
        raise ValueError("not a plane")
    return shape[0], shape[1]


def read_image(file: str | BinaryIO) -> Floats32:
    """Ink (height, width) in [0, 1] of an image file; the paler half of the grey scale is paper.

    file: its path; or an open file that somebody sent, which must be a PNG or JPEG. Raises InputError if the file is
    missing, no such image, or larger than 4,000 pixels on a side; a JPEG may be larger, as it is read at a part of
    its size. Above 2,000 pixels on a side, four pixels become one.
    """
    name, kinds = named(file), None if isinstance(file, str) else SENT
    try:
        if isinstance(file, str) and os.path.exists(file) and not os.path.isfile(file):  # a pipe would be waited for
            raise OSError("no regular file")
        with Image.open(file, formats=kinds) as image:
            _check_size(image)
            grey = _grey(image)
    except InputError:  # which is a ValueError too
        raise
    except Image.DecompressionBombError:
        raise InputError(TOO_LARGE) from None
    except FileNotFoundError:
        raise InputError(f"There is no file {name}; give the path of an image.") from None
    except Exception:  # a damaged file makes Pillow raise almost anything
        raise InputError(f"{name} is not an image that can be read; give a PNG or JPEG file.") from None
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    # The border is paper: dark ink on light paper or, as in MNIST, the other way round.
    return 1 - grey if np.median(border) > 0.5 else grey


def _check_size(image: Image.Image) -> None:
    """Raises InputError if the image would take too much memory. So far only its header has been read."""
    # A progressive JPEG is kept whole in memory, whatever its size when read.
    whole = image.width * image.height if "progressive" in image.info or image.format != "JPEG" else 0
    image.draft(None, (4 * PHOTO, 4 * PHOTO))
    if max(image.size) > MOST_SIDE or whole > MOST_SIDE**2:
        raise InputError(TOO_LARGE)


def _grey(image: Image.Image) -> Floats32:
    """The greys of an image, 1 is white, turned upright, on white paper where it is transparent."""
    ImageOps.exif_transpose(image, in_place=True)
    image = _eight_bits(image)
    if image.has_transparency_data:
        image = _smaller(image.convert("RGBA"))
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    plain = image if image.mode == "L" else image.convert("RGB").convert("L")
    return np.asarray(_smaller(plain), np.float32) / np.float32(255)


def _smaller(image: Image.Image) -> Image.Image:
    return image.reduce(2) if max(image.size) > MOST_SIDE // 2 else image


def clean_photo(ink: Floats32) -> Bytes:
    """A photo's ink without its paper, which is grey and lit unevenly. At most 280 pixels on the longer side.

    ink: (height, width) in [0, 1]. Returns uint8 of the same shape or smaller, 255 is the darkest ink.
    """
    photo = Image.fromarray((255 * ink).astype(np.uint8))
    photo.thumbnail((PHOTO, PHOTO), Image.Resampling.BOX)
    # The palest in a wide neighbourhood is the paper there; a pen is thinner than that.
    wide = photo.resize([max(1, side // 4) for side in photo.size], Image.Resampling.BOX)
    paper = wide.filter(ImageFilter.MinFilter(WIDE)).filter(ImageFilter.BoxBlur(WIDE // 2)).resize(photo.size)
    left: Floats32 = np.asarray(photo, np.float32) - np.asarray(paper, np.float32)
    left = np.clip(left - FAINT * 255, 0, None)
    return np.round(255 * left / max(1.0, float(left.max()))).astype(np.uint8)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Floats32 pictures of 16 bits, which Pillow would cut off at 255, in 8."""
    if not image.mode.startswith("I;16"):
        return image
    return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))


def _fit(crop: Floats32) -> Floats32:
    """Scale so that the longer side is 20 pixels, with antialias."""
    height, width = crop.shape
    scale = BOX / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(Image.fromarray(crop).resize(size, Image.Resampling.BILINEAR), np.float32)


def _centre(small: Floats32) -> Bytes:
    """Put the centre of mass into pixel (14, 14) of 28×28, as far as the picture fits.

    In all of MNIST the centre lies between 14.0 and 15.0 pixels from the edge, evenly: whole steps down.
    """
    image = np.zeros((SIDE, SIDE), np.float32)
    corner = []
    for axis, size in enumerate(small.shape):
        mass = small.sum(axis=1 - axis)
        centre = float(mass @ (np.arange(size) + 0.5) / mass.sum())
        corner.append(int(np.clip(SIDE // 2 - int(centre), 0, SIDE - size)))
    top, left = corner
    image[top : top + small.shape[0], left : left + small.shape[1]] = small
    return np.round(np.clip(image / image.max(), 0, 1) * 255).astype(np.uint8)
