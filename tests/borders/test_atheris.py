"""The same borders under a fuzzer that is led by coverage, where it is installed: a few hundred inputs each.

The long run is QNN_FUZZ=100000 here as well.
"""

import subprocess
import sys

import pytest

from tests.borders.borders import BORDERS, TOTAL

pytest.importorskip("atheris")


@pytest.mark.parametrize("name", BORDERS)
def test_nothing_is_found(name, tmp_path):
    command = [sys.executable, "-m", "tests.borders.fuzz", name, f"-runs={TOTAL // len(BORDERS)}", "-seed=1"]
    artifacts = f"-artifact_prefix={tmp_path}/"
    result = subprocess.run([*command, artifacts], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr[-3000:]
