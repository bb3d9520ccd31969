"""Standard output that is closed, full or read no more ends in one line and a status, never in a traceback."""

import shlex
import subprocess
import sys

import pytest

from tests.helpers import is_sentence

DATA = ["data", "--grid", "2"]
TRIALS = ["trials", "--local", "--grid", "2", "--examples", "40", "--json", "-"]


def shell(arguments, rest):
    """The command line with something behind it: status, standard output, standard error."""
    command = shlex.join([sys.executable, "-m", "qnn_core", *arguments])
    script = f"set -o pipefail; {command} {rest}"
    result = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=120)
    return result.returncode, result.stdout, result.stderr


@pytest.mark.parametrize(
    ("arguments", "rest", "status", "says"),
    [
        (DATA, ">&-", 2, "Standard output is closed"),
        (DATA, "> /dev/full", 2, "No space left on device"),
        ([*DATA, "--json", "-"], "> /dev/full", 2, "No space left on device"),
        (["data", "--help"], "> /dev/full", 2, "No space left on device"),
        (DATA, "| true", 141, "Nobody reads standard output"),
        ([*TRIALS, "--seeds", "0:500"], "| head -1", 141, "Nobody reads standard output"),
    ],
    ids=["closed", "full", "JSON", "help", "no reader", "a reader who leaves"],
)
def test_one_line_says_what_is_wrong(arguments, rest, status, says):
    found, out, err = shell(arguments, rest)
    assert found == status
    assert says in is_sentence(err.strip().removeprefix("qnn_core: "))
    assert out.count("\n") == ("head" in rest)


@pytest.mark.parametrize(("rest", "status"), [("2>&-", 0), ("2> /dev/full", 0)])
def test_without_standard_error_the_work_is_done(rest, status):
    found, out, _ = shell(DATA, rest)
    assert (found, "accuracy ceiling" in out) == (status, True)


@pytest.mark.parametrize("rest", ["2>&-", "2> /dev/full", ">&- 2>&-"])
def test_bad_input_that_nobody_can_be_told_of_is_still_status_2(rest):
    assert shell([*DATA, "--threshold", "7"], rest) == (2, "", "")


def test_signs_that_the_reader_does_not_know_become_question_marks(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    status, out, err = shell(["compare", "--models", "majority"], "")
    assert (status, err) == (0, "")
    assert "?" in out
