"""Every border where something comes in from outside, as a function of bytes, with a few good inputs."""

import io
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple
from unittest import mock
from urllib.parse import parse_qsl

import numpy as np
from PIL import Image

from pages.ui import address
from qnn_core import __main__ as command_line
from qnn_core import model_file
from qnn_core.contest.trial import Trial, read_trials
from qnn_core.data import digits
from qnn_core.data.drawing import clean_photo, prepare_drawing, read_image
from qnn_core.experiment import Experiment
from qnn_core.training.run import train
from tests.helpers import is_sentence, small


class Border(NamedTuple):
    """cross(content): hands the bytes in; raises InputError, or nothing. seeds(): good inputs."""

    cross: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]


def text_of(content):
    return content.decode("utf-8", "surrogateescape")


def _json_seeds():
    return [Experiment().model_dump_json().encode(), b'{"grid": 3, "layers": ["XX", "YY"], "examples": null}']


def _open_address(content):
    # Whether pictures are left is a question to the data, not to the address.
    with mock.patch.object(address, "check"):
        desk = address.read(dict(parse_qsl(text_of(content), keep_blank_values=True)))
    for note in desk.notes:
        assert len(is_sentence(note)) < 700


def _address_seeds():
    return [
        b"digits=3,8&threshold=0.4&examples=all&picture=7&position=20&keep_trained=true",
        b"first=1&second=7&kinds=ZZ%2C+XX&blocks=2&arrangement=interleaved&own=XX",
        b"remove=binary&batch=64&rate=0.01&all_examples=true&whole_batch=true&engine=Exact+contraction&grid=5",
    ]


def _run_command(content):
    """All that a command checks before it works."""
    with suppress(SystemExit):  # --help
        _check_command(command_line._parser().parse_args(text_of(content).split("\0")))


def _check_command(options):
    command_line._check_outputs(options)
    if options.run is not command_line._classify:
        command_line._experiment(options)
    if hasattr(options, "seeds"):
        command_line.parse_seeds(options.seeds)


def _command_seeds():
    return [
        b"train\0--grid\x002\0--digits\x003,6\0--engine\0contraction\0--save\0model.npz\0--no-shuffle",
        b"compare\0--seeds\x000:3\0--models\0qnn-32,fair\0--budget\0tutorial",
        b"trials\0--seeds=7\0--local\0--layers\0XX,ZZ\0--examples\0all\0--json\0-",
        b"classify\0three.png\0--model\0model.npz\0--engine\0aer",
        b"data\0--preset\0tutorial-32\0--threshold\x000.25",
    ]


def _model_seeds():
    return [model_file.to_bytes(train(small()))]


def _weights_seeds():
    plain, packed, named = io.BytesIO(), io.BytesIO(), io.BytesIO()
    np.save(plain, np.linspace(0, 1, 8))
    np.savez_compressed(packed, w0=np.zeros(8, np.float32))
    np.savez(named, initial_weights=np.zeros((2, 4)), other=np.array("text"))
    return [one.getvalue() for one in (plain, packed, named)]


def _run_seeds():
    lines = [Trial(experiment=small(seed=seed), test_accuracy=0.5, error="It failed.").to_json() for seed in range(3)]
    return ["\n".join(lines).encode(), lines[0].encode()]


def _image_seeds():
    ink = np.zeros((40, 30), np.uint8)
    ink[5:35, 12:17] = 255
    found = []
    for kind, mode in (("PNG", "L"), ("PNG", "P"), ("PNG", "RGBA"), ("JPEG", "RGB")):
        file = io.BytesIO()
        Image.fromarray(ink).convert(mode).save(file, kind)
        found.append(file.getvalue())
    return found


def _labels(content, packed):
    """Bytes as the labels of a data folder: everything that is done to one file."""
    name, count, _ = digits.FILES["test_labels"]
    shape = digits._shape("test_labels", count)
    file = _FOLDER / f"{name}{'.gz' * packed}"
    file.write_bytes(content)
    try:
        path, content = digits._unpack(_FOLDER, name, len(digits._header("test_labels", shape)) + count)
        digits._parse(path, content, "test_labels", shape)
    finally:
        file.unlink()


def _label_seeds(packed):
    name, count, _ = digits.FILES["test_labels"]
    folder = digits.PACKAGED
    return [(folder / f"{name}.gz").read_bytes()] if packed else [digits._unpack(folder, name, count + 8)[1]]


def _through_a_file(read, content):
    file = _FOLDER / "file"
    file.write_bytes(content)
    return read(file)


_TEMPORARY = tempfile.TemporaryDirectory()
_FOLDER = Path(_TEMPORARY.name)

BORDERS = {
    "experiment": Border(lambda content: Experiment.parse(text_of(content)), _json_seeds),
    "address": Border(_open_address, _address_seeds),
    "command line": Border(_run_command, _command_seeds),
    "model file": Border(lambda content: model_file.load(io.BytesIO(content)), _model_seeds),
    "weights file": Border(
        partial(_through_a_file, lambda file: command_line._read_weights(str(file))), _weights_seeds
    ),
    "runs file": Border(partial(_through_a_file, read_trials), _run_seeds),
    "line of a run": Border(Trial.from_json, lambda: _run_seeds()[1:]),
    "image": Border(lambda content: prepare_drawing(clean_photo(read_image(io.BytesIO(content)))), _image_seeds),
    "packed data": Border(partial(_labels, packed=True), lambda: _label_seeds(packed=True)),
    "plain data": Border(partial(_labels, packed=False), lambda: _label_seeds(packed=False)),
}

TOTAL = int(os.environ.get("QNN_FUZZ", "2000"))
"""Inputs over all borders together."""
