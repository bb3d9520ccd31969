"""Settings and data that the tests share."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, settings

from qnn_core.data import digits
from qnn_core.data.dataset import prepare
from qnn_core.experiment import Experiment
from qnn_core.presets import PRESETS
from qnn_core.training.run import train
from tests.visitor import Visitor

settings.register_profile(
    "lesson",
    deadline=None,
    max_examples=40,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("lesson")


@pytest.fixture(scope="session")
def pair():
    """All threes and sixes, 28×28."""
    return digits.keep_pair(digits.load(digits.PACKAGED), (3, 6))


@pytest.fixture(scope="session")
def tutorial():
    """The tutorial's data."""
    return prepare(Experiment())


@pytest.fixture(scope="session")
def to_the_end():
    """The preset that is trained until nothing improves."""
    return train(PRESETS["to-the-end"].experiment, slice_steps=1000, test_every=1000)


@pytest.fixture(scope="session")
def tfq():
    """The TensorFlow Quantum run: arrays by name, `hist` as a dict of lists."""
    with np.load(Path(__file__).parent / "reference" / "tfq_xx_zz_500x3.npz") as archive:
        arrays = {name: archive[name] for name in archive.files}
    return {**arrays, "hist": json.loads(str(arrays["hist"]))}


@pytest.fixture
def threes_and_sixes(tutorial):
    """120 bit images with labels ±1 in file order: (120, 16), (120,)."""
    train = tutorial.train
    return train.images[train.row[:120]], train.labels[:120]


@pytest.fixture(scope="session")
def workers():
    """The worker processes that the pages use, shared by all tests of a session."""
    from pages.ui.workers import workers

    return workers()


@pytest.fixture(scope="session")
def visit(workers):
    """Visitor, with the workers already started."""
    return Visitor
