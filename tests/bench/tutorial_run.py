"""The tutorial's run on both engines in one run on one machine, and how long the data take.

python -m tests.bench.tutorial_run [--skip-aer] [--json FILE]
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

import numpy as np

from qnn_core import Experiment, prepare, train
from qnn_core.data.dataset import report

TUTORIAL = Experiment()
TARGETS = {
    "import qnn_core": 0.3,
    "all data, first time": 1.0,
    "threshold moved": 0.02,
    "contraction": 0.02,
    "aer": 40.0,
}
"""Seconds, as the project has set itself; two cores."""
RATIO = 400
"""How many times faster the contraction has to be than Aer."""


def timed(function):
    """Seconds, and what the function returned."""
    began = time.perf_counter()
    result = function()
    return time.perf_counter() - began, result


def in_a_new_process(code):
    """Seconds that `code` takes in a fresh Python, measured inside; the median of five."""
    wrapped = f"import time; t = time.perf_counter()\n{code}\nprint(time.perf_counter() - t)"
    command = [sys.executable, "-c", wrapped]
    return statistics.median(
        float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(5)
    )


def threshold_seconds():
    """Median seconds of `prepare` over thresholds that it has not seen; the shrunken images are there already."""
    prepare(TUTORIAL)
    thresholds = np.linspace(0.1, 0.9, 41)
    return statistics.median(timed(lambda t=t: prepare(TUTORIAL.with_(threshold=float(t))))[0] for t in thresholds)


def contraction_seconds():
    """Seconds and run of the tutorial's run after warm-up: 48 steps, 1,968 test images three times.

    The lowest of seven medians, some seconds apart: other programs can only make a run longer.
    """
    experiment = TUTORIAL.with_(engine="contraction")
    train(experiment)
    medians = []
    for _ in range(7):
        medians.append(statistics.median(timed(lambda: train(experiment))[0] for _ in range(51)))
        time.sleep(1)
    return min(medians), train(experiment)


def measure(*, aer=True):
    """Name → seconds, and the largest difference between the engines' losses."""
    seconds = {
        "import qnn_core": in_a_new_process("import qnn_core"),
        "all data, first time": in_a_new_process(
            "from qnn_core import Experiment\nfrom qnn_core.data.dataset import report\nreport(Experiment())"
        ),
        "threshold moved": threshold_seconds(),
    }
    assert report(TUTORIAL)["examples_kept"] == 11_520
    seconds["contraction"], here = contraction_seconds()
    difference = None
    if aer:
        from qnn_core.engines import build_engine

        build_engine(TUTORIAL).expectation(np.zeros((1, 16)), here.weights)
        seconds["aer"], there = timed(lambda: train(TUTORIAL))
        difference = float(np.abs(np.subtract([r.loss for r in here.records], [r.loss for r in there.records])).max())
        assert difference < 1e-9, "the engines disagree, so their times cannot be compared"
    return seconds, difference


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skip-aer", action="store_true", help="only what takes seconds")
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args(arguments)
    seconds, difference = measure(aer=not options.skip_aer)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    load = os.getloadavg()[0]
    print(f"{time.strftime('%Y-%m-%d')}  {machine}, load {load:.1f}")
    for name, value in seconds.items():
        print(f"{name:<24}{value:>10.4f} s   target {TARGETS[name]:g} s   {value / TARGETS[name]:.2f} of it")
    if "aer" in seconds:
        ratio = seconds["aer"] / seconds["contraction"]
        print(
            f"contraction is {ratio:,.0f} times faster than aer (target {RATIO}); losses differ by {difference:.0e}"
        )
    if options.json:
        with open(options.json, "w") as file:
            json.dump(
                {"machine": machine, "load": load, "seconds": seconds, "difference": difference}, file, indent=1
            )


if __name__ == "__main__":
    main()
