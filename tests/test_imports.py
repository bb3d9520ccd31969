"""What `import qnn_core` brings along, and what it must not."""

import json
import pkgutil
import subprocess
import sys

import pytest

import qnn_core

HEAVY = [
    "qiskit",
    "qiskit_aer",
    "qiskit_machine_learning",
    "sklearn",
    "streamlit",
    "plotly",
    "pages",
    "tqdm",
    "scipy",
]
DASHBOARD = ["streamlit", "pages"]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(qnn_core.__path__, "qnn_core.")
    if not module.name.endswith("__main__")
)


def loaded_after(statement, names):
    """Which of these packages a fresh Python has loaded after the statement."""
    code = f"import sys, json\n{statement}\nprint(json.dumps([n for n in {names!r} if n in sys.modules]))"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return json.loads(result.stdout)


def test_import_is_light():
    assert loaded_after("import qnn_core", HEAVY) == []


def test_the_numpy_part_works_without_qiskit():
    statement = (
        "import qnn_core\n"
        "run = qnn_core.train(qnn_core.Experiment(engine='contraction', epochs=1))\n"
        "assert run.history[0]['epoch'] == 1"
    )
    assert loaded_after(statement, ["qiskit", "streamlit", "plotly"]) == []


def test_the_science_knows_nothing_of_the_dashboard():
    everything = "import qnn_core.__main__\n" + "\n".join(f"import {module}" for module in MODULES)
    assert loaded_after(everything, DASHBOARD) == []
    # The same question about a package that is needed somewhere, or the test could not fail.
    assert loaded_after(everything, ["qiskit"]) == ["qiskit"]


@pytest.mark.parametrize("name", qnn_core.__all__)
def test_every_public_name_is_there(name):
    assert getattr(qnn_core, name) is not None


def test_public_names_are_complete_and_sorted_out():
    assert set(qnn_core._LAZY) <= set(qnn_core.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = qnn_core.nothing


def test_the_tour_leads_through_modules_that_exist():
    steps = [line.strip() for line in qnn_core.__doc__.splitlines() if line.startswith("    ")]
    told = [step.split("  ")[0] for step in steps]
    assert set(told) <= {name.split(".")[1] for name in MODULES}
    stages = ["experiment", "data", "circuit", "engines", "training", "contest", "model_file"]
    assert [name for name in told if name in stages] == stages
