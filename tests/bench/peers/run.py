"""Give every installed peer the same work, and believe its time only if its losses are the same."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from qnn_core import Experiment, prepare, start, train
from qnn_core.training.order import epoch_order

FOLDER = Path(__file__).parent
PEERS = {
    "TensorFlow Quantum, the tutorial's code": ("tensorflow_quantum", "tfq.py", "tutorial"),
    "TensorFlow Quantum, distinct images": ("tensorflow_quantum", "tfq.py", "distinct"),
    "PennyLane-Lightning, every image": ("pennylane_lightning", "lightning.py", "every"),
    "PennyLane-Lightning, distinct images": ("pennylane_lightning", "lightning.py", "distinct"),
    "TensorCircuit-NG, every image": ("tensorcircuit", "tensorcircuit_ng.py", "every"),
    "TensorCircuit-NG, distinct images": ("tensorcircuit", "tensorcircuit_ng.py", "distinct"),
    "TensorCircuit-NG, distinct, no state": ("tensorcircuit", "tensorcircuit_ng.py", "network"),
}
"""Name → module that has to be there, script, argument. A new peer is one script and one line."""
SAME = 1e-5
"""Largest difference of losses; some peers compute in single precision."""


def write_work(experiment, path):
    """What a peer needs to know, in one .npz file."""
    data = prepare(experiment)
    train_set, size = data.train, experiment.batch_size
    lines = []
    for epoch in range(experiment.epochs):
        order = epoch_order(experiment.seed, epoch, len(train_set))
        for begin in range(0, len(order), size):
            line = np.full(size, -1)
            batch = order[begin : begin + size]
            line[: len(batch)] = batch
            lines.append(line)
    batches = len(lines) // experiment.epochs
    np.savez(
        path,
        pixels=train_set.images[train_set.row],
        labels=train_set.labels,
        order=np.array(lines),
        weights=start(experiment).weights,
        test=data.test.images[data.test.row],
        tests_after=(np.arange(1, len(lines) + 1) % batches == 0),
        learning_rate=experiment.learning_rate,
    )


def has(python, module):
    """Whether this interpreter can import the module."""
    return subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False).returncode == 0


def measure(pythons=(sys.executable,), experiment=None, peers=PEERS):
    """Rows of name, seconds, largest difference of losses; seconds are None where a peer is missing."""
    experiment = experiment or Experiment(engine="contraction")
    expected = [record.loss for record in train(experiment).records]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "work.npz"
        write_work(experiment, work)
        for name, (module, script, mode) in peers.items():
            python = next((python for python in pythons if has(python, module)), None)
            if python is None:
                rows.append({"name": name, "seconds": None, "note": "not installed"})
                continue
            command = [python, str(FOLDER / script), str(work), mode]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                said = (done.stderr.strip().splitlines() or ["no words"])[-1]
                rows.append({"name": name, "seconds": None, "note": f"failed: {said}"})
            else:
                rows.append({"name": name, **judged(json.loads(done.stdout), expected)})
    return rows


def judged(found, expected):
    """Seconds and note of a peer's answer; no seconds if it trained something else."""
    difference = float(np.abs(np.subtract(found["losses"], expected)).max())
    if difference > SAME:
        return {"seconds": None, "note": f"other losses, by {difference:.1g}"}
    setup = f", {found['setup']:.0f} s of compiling not counted" if "setup" in found else ""
    return {
        "seconds": found["seconds"],
        "note": f"version {found['version']}, losses differ by {difference:.0e}{setup}",
    }
