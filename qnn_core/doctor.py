"""Is this machine ready for a class? One check after the other, each with one line that says what was found."""

import os
import platform
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import psutil

from qnn_core.baselines import BASELINES
from qnn_core.circuit import weights_shape
from qnn_core.data import digits
from qnn_core.engines import build_engine, contracted
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.shelf import MIB
from qnn_core.training.run import train
from qnn_core.workers.pool import SCHEDULER, default_executor

PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "pydantic",
    "qiskit",
    "qiskit-aer",
    "qiskit-machine-learning",
    "plotly",
    "pillow",
    "streamlit",
)
PORT = 8501
"""Streamlit's own choice."""
CLOSE = 1e-9
"""So near are Aer and the contraction to each other everywhere."""


@dataclass(frozen=True)
class Finding:
    """What a check has found. name: of the check; ok: whether all is well; says: one line."""

    name: str
    ok: bool
    says: str


def examine(port: int = PORT) -> Iterator[Finding]:
    """Run all checks. port: where the dashboard is to listen."""
    for name, find in CHECKS.items():
        try:
            yield Finding(name, True, find(port))
        except InputError as error:
            yield Finding(name, False, str(error))
        except Exception as error:  # whatever else is broken on this machine: it is the doctor's to tell
            yield Finding(name, False, " ".join(f"{type(error).__name__}: {error}".split()))


def _versions(port: int) -> str:
    found, missing = [f"Python {platform.python_version()}"], []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            missing.append(package)
    if missing:
        raise InputError(f"{', '.join(missing)} cannot be found; install the project again.")
    return ", ".join(found)


def _data(port: int) -> str:
    found = digits.load()
    name = "MNIST" if found.is_mnist else "not MNIST"
    count = f"{len(found.train_images):,} training and {len(found.test_images):,} test images"
    return f"{count} ({name}) in {digits.data_folder()}"


def _workers(port: int) -> str:
    began = time.monotonic()
    with default_executor() as executor:
        width = executor.width
        heavy = _weights(executor, width)
        seconds = time.monotonic() - began
    where = f"of the cluster at {os.environ[SCHEDULER]}" if os.environ.get(SCHEDULER) else "on this machine"
    return f"{width} {where}, {max(heavy) / MIB:,.0f} MiB each with all they need; ready in {seconds:.1f} s"


def _weights(executor: Executor, count: int) -> list[int]:
    """Bytes that each of some workers takes after it has worked."""
    return [answer.result() for answer in [executor.submit(weigh) for _ in range(count)]]


def weigh() -> int:
    """Do what every worker does, train both networks and ask Aer, and say how many bytes this process takes then."""
    BASELINES["fair"].build(Experiment())
    _training(PORT)
    second_opinion()
    return int(psutil.Process().memory_info().rss)


def second_opinion() -> float:
    """How far Aer and the contraction lie apart: one picture of the tutorial's circuit, value and derivatives."""
    experiment = Experiment()
    dice = np.random.default_rng(experiment.seed)
    pixels = dice.integers(0, 2, (1, experiment.pixels)).astype(float)
    weights = dice.uniform(-1, 1, weights_shape(experiment))
    answers = [build_engine(one).value_and_jacobian(pixels, weights) for one in (experiment, contracted(experiment))]
    return max(float(np.abs(aer - exact).max()) for aer, exact in zip(*answers, strict=True))


def _aer(port: int) -> str:
    began = time.monotonic()
    apart = second_opinion()
    if apart > CLOSE:
        raise InputError(f"Aer and the contraction differ by {apart:.1e}; install qiskit and qiskit-aer again.")
    qubits = Experiment().pixels + 1
    return f"{qubits} qubits simulated in {time.monotonic() - began:.1f} s; {apart:.0e} from the contraction"


def _ports(port: int) -> str:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            if _is_dashboard(port):
                return f"a dashboard answers at port {port}"
            raise InputError(
                f"Port {port} cannot be used ({error.strerror}); stop what listens there, or take another port."
            ) from None
    return f"port {port} is free"


def _is_dashboard(port: int) -> bool:
    with closing(HTTPConnection("localhost", port, timeout=2)) as connection:
        try:
            connection.request("GET", "/_stcore/health")
            return connection.getresponse().read(10) == b"ok"
        except (OSError, HTTPException):
            return False


def _memory(port: int) -> str:
    """Whether there is room for a server and a worker for each core, each as large as a process that has worked."""
    own, memory = weigh(), psutil.virtual_memory()
    processes = 1 + (0 if os.environ.get(SCHEDULER) else max(2, os.cpu_count() or 2))
    room = f"{memory.available / MIB:,.0f} of {memory.total / MIB:,.0f} MiB are free"
    need = f"a server and its workers begin with about {processes * own / MIB:,.0f}"
    if processes * own > memory.available:
        raise InputError(f"Only {room}, but {need}; close other programs.")
    return f"{room}; {need}"


def _training(port: int) -> str:
    run = train(Experiment(engine="contraction"))
    return f"{len(run.records)} steps in {run.seconds:.2f} s, test accuracy {run.history[-1]['test_accuracy']:.4f}"


CHECKS: dict[str, Callable[[int], str]] = {
    "versions": _versions,
    "data": _data,
    "workers": _workers,
    "aer": _aer,
    "ports": _ports,
    "training": _training,
    "memory": _memory,
}
"""Each is given the dashboard's port; it says what it found in one line, or raises if that is not as it should be."""
