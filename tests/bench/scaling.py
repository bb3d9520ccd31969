"""How the cost of one training step grows with the number of qubits and of layers."""

import time

import numpy as np

from qnn_core import Experiment, start
from qnn_core.engines import build_engine
from qnn_core.training.loop import advance, examples_of

GRIDS = (2, 4, 7, 10, 14, 20, 28)
BLOCKS = (1, 2, 3, 4)


def best(function, times):
    """The shortest of several runs, in seconds: other programs can only make it longer."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        function()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def over_qubits(images=32):
    """Rows of n, seconds for value and gradient of random pictures, and microseconds for each qubit and picture."""
    rows = []
    for grid in GRIDS:
        experiment = Experiment(grid=grid, engine="contraction", start="narrow")
        engine, n = build_engine(experiment), grid**2
        pixels = np.random.default_rng(grid).integers(0, 2, (images, n)).astype(float)
        weights = start(experiment).weights

        def step(engine=engine, pixels=pixels, weights=weights):
            values, pullback = engine.value_and_pullback(pixels, weights)
            pullback(values)

        seconds = best(step, 50)
        rows.append({"n": n, "qubits": n + 1, "seconds": seconds, "us_each": 1e6 * seconds / (n + 1) / images})
    return rows


def over_layers():
    """Rows of layers and seconds of one full-batch step on the tutorial's 193 distinct pictures, interleaved."""
    rows = []
    for blocks in BLOCKS:
        experiment = Experiment(
            engine="contraction", layers=("XX", "ZZ") * blocks, examples=None, batch_size=None, epochs=100
        )
        state, examples = start(experiment), examples_of(experiment)._replace(test=None)
        seconds = best(
            lambda e=experiment, s=state, x=examples: advance(e, s, 1, examples=x), 10 if blocks < 4 else 4
        )
        rows.append({"layers": 2 * blocks, "seconds": seconds})
    return rows
