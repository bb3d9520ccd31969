"""All measurements of this folder in one run: a table and a chart, with the machine and the date.

python -m tests.bench [--out DIR] [--peer-python PYTHON …] [--long] [--skip-aer] [--skip-pages]
"""

import argparse
import os
import platform
import sys
import time
from math import log10
from pathlib import Path

from qnn_core import Experiment, start
from qnn_core.circuit import weights_shape
from qnn_core.engines import build_engine
from qnn_core.figures.svg import Svg
from qnn_core.training.loop import ONLY_AT_THE_END, advance
from tests.bench import pages, response, scaling, tutorial_run
from tests.bench.peers.run import PEERS
from tests.bench.peers.run import measure as measure_peers

TUTORIAL_CODE = "TensorFlow Quantum, the tutorial's code"
OWN = {"contraction": "contraction", "Aer, contraction gradient": "aer"}
"""Row of the table → what the target calls it."""
RESULTS = Path(__file__).parent / "results"


def machine():
    """Where and when, in one line."""
    model = next((line.split(":")[1].strip() for line in _cpu_lines() if line.startswith("model name")), "")
    parts = [
        time.strftime("%Y-%m-%d"),
        model or platform.machine(),
        f"{os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"load {os.getloadavg()[0]:.1f} at the start",
    ]
    return ", ".join(parts)


def _cpu_lines():
    file = Path("/proc/cpuinfo")
    return file.read_text().splitlines() if file.exists() else []


def parameter_shift_seconds():
    """The tutorial's run with Qiskit's parameter shift, from one image of one step: two circuits for each weight."""
    experiment = Experiment(gradient="parameter-shift", examples=2, batch_size=1, epochs=1, shuffle=False)
    seconds, _ = tutorial_run.timed(lambda: advance(experiment, start(experiment), 1, test_every=ONLY_AT_THE_END))
    return seconds


def runs(options):
    """Rows of name, seconds and note: the tutorial's run, ours and the peers'."""
    seconds, difference = tutorial_run.measure(aer=not options.skip_aer)
    rows = [{"name": "contraction", "seconds": seconds["contraction"], "note": "NumPy"}]
    if not options.skip_aer:
        note = f"losses differ by {difference:.0e}"
        rows.append({"name": "Aer, contraction gradient", "seconds": seconds["aer"], "note": note})
        images = _images_of_a_run()
        note = f"estimated: one image measured, {images:,} in all"
        rows.append({"name": "Aer, parameter shift", "seconds": parameter_shift_seconds() * images, "note": note})
    peers = {name: peer for name, peer in PEERS.items() if options.long or "every image" not in name}
    return rows + measure_peers([sys.executable, *options.peer_python], peers=peers), seconds


def _images_of_a_run():
    """Distinct images of all batches of the tutorial's run, that a gradient is needed for."""
    counts = []
    experiment = Experiment(engine="contraction")
    engine = build_engine(experiment)
    original = type(engine).value_and_pullback

    def counting(self, pixels, weights):
        counts.append(len(pixels))
        return original(self, pixels, weights)

    type(engine).value_and_pullback = counting
    try:
        advance(experiment, start(experiment), 10**6)
    finally:
        type(engine).value_and_pullback = original
    return sum(counts)


def _written(seconds):
    """Three digits: 0.032, 51.6, 8,970."""
    return f"{seconds:,.0f}" if seconds >= 1000 else f"{seconds:.3g}"


def markdown(rows, others, waits, qubits, layers, where):
    """The table as Markdown."""
    fastest = rows[0]["seconds"]
    lines = [
        f"Measured {where}.",
        "",
        "The tutorial's run: 500 images × 3 epochs, batches of 32, 1,968 test images after each epoch.",
        "",
        "| | seconds | × contraction | |",
        "|---|---:|---:|---|",
    ]
    for row in rows:
        shown = "—" if row["seconds"] is None else _written(row["seconds"])
        ratio = "—" if row["seconds"] is None else f"{row['seconds'] / fastest:,.0f}"
        lines.append(f"| {row['name']} | {shown} | {ratio} | {row['note']} |")
    lines += ["", "| what a class waits for | seconds |", "|---|---:|"]
    lines += [f"| {name} | {seconds:.3f} |" for name, seconds in {**others, **waits}.items()]
    lines += ["", "| target | wanted | measured | met |", "|---|---:|---:|---|"]
    own = {name: row["seconds"] for row in rows[:2] for name in [OWN.get(row["name"])] if name}
    for what, wanted, measured, met in targets(rows, {**own, **others, **waits}):
        lines.append(f"| {what} | {wanted} | {measured} | {'yes' if met else 'no'} |")
    layout = weights_shape(Experiment())
    lines += [
        "",
        f"| qubits | value and gradient of 32 pictures, {layout[0]} layers, ms | µs for each qubit and picture |",
        "|---:|---:|---:|",
    ]
    lines += [f"| {row['qubits']} | {1e3 * row['seconds']:.2f} | {row['us_each']:.3f} |" for row in qubits]
    lines += ["", "| interleaved layers, 17 qubits | one full-batch step, ms |", "|---:|---:|"]
    lines += [f"| {row['layers']} | {1e3 * row['seconds']:.2f} |" for row in layers]
    return "\n".join(lines) + "\n"


DISTINCT = tuple(
    f"{peer}, distinct images" for peer in ("TensorFlow Quantum", "PennyLane-Lightning", "TensorCircuit-NG")
)
"""Peers that simulate the state, given each distinct image once."""


def targets(rows, waits):
    """What the project has set itself: rows of what, the target in words, the figure, and whether it is met.

    A row is left out if one of its measurements is.
    """
    took = {row["name"]: row["seconds"] for row in rows if row["seconds"] is not None}
    best_peer = min((took[name] for name in DISTINCT if name in took), default=None)
    contraction, aer = took.get("contraction"), took.get("Aer, contraction gradient")
    quotients = [
        ("contraction, times faster than Aer", 400, aer, contraction),
        ("contraction, times faster than the tutorial's code", 5000, took.get(TUTORIAL_CODE), contraction),
        ("contraction, times faster than the best statevector peer", 2000, best_peer, contraction),
        ("Aer, times faster than the tutorial's code", 2, took.get(TUTORIAL_CODE), aer),
        ("Aer, times faster than PennyLane-Lightning", 2, took.get(DISTINCT[1]), aer),
    ]
    found = [
        (what, f"at least {least:,}", _written(slow / fast), slow / fast >= least)
        for what, least, slow, fast in quotients
        if slow is not None and fast is not None
    ]
    return found + [
        (name, f"under {most:g} s", f"{waits[name]:.3f} s", waits[name] < most)
        for name, most in {**tutorial_run.TARGETS, **pages.TARGETS, **response.TARGETS}.items()
        if name in waits
    ]


def chart(rows, where):
    """Bars of the tutorial's run on a logarithmic axis, as SVG."""
    rows = [row for row in rows if row["seconds"] is not None]
    left, width, height = 330, 900, 40
    low, high = -3, max(2, 1 + int(log10(max(row["seconds"] for row in rows))))
    svg = Svg(width, 90 + height * len(rows), "Seconds for the tutorial's run", where)
    svg.text(svg.root, width / 2, 22, "Seconds for the tutorial's run (each line: ten times more)", size=18)
    scale = (width - left - 90) / (high - low)
    for power in range(low, high + 1):
        x = left + (power - low) * scale
        svg.line(svg.root, x, 40, x, 46 + height * len(rows), stroke="#BBBBBB")
    for index, row in enumerate(rows):
        y, length = 60 + index * height, (log10(row["seconds"]) - low) * scale
        svg.rect(svg.root, left, y - 12, length, 24, fill="#CC79A7" if index < 2 else "#5F6F7F")
        svg.text(svg.root, left - 10, y, row["name"], size=16, text_anchor="end")
        svg.text(svg.root, left + length + 8, y, _written(row["seconds"]), size=16, text_anchor="start")
    svg.text(svg.root, width / 2, 72 + height * len(rows), where, size=13)
    return str(svg)


def main(arguments=None):
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--peer-python", nargs="*", default=[], help="interpreters of environments that hold peers")
    parser.add_argument("--long", action="store_true", help="also peers that run every image: minutes each")
    parser.add_argument("--skip-aer", action="store_true")
    parser.add_argument("--skip-pages", action="store_true")
    options = parser.parse_args(arguments)
    where = machine()
    waits = {} if options.skip_pages else {**pages.measure(), **response.measure()}
    rows, seconds = runs(options)
    others = {name: value for name, value in seconds.items() if name not in {"contraction", "aer"}}
    text = markdown(rows, others, waits, scaling.over_qubits(), scaling.over_layers(), where)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "bench.md").write_text(text)
    (options.out / "bench.svg").write_text(chart(rows, where))
    print(text)
