"""MATHS.md is in the package, and every section that a docstring names is in it."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

import qnn_core

MATHS = files("qnn_core").joinpath("MATHS.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## (\d\w?)\. ", MATHS, flags=re.M)
SOURCES = sorted(Path(qnn_core.__file__).parent.rglob("*.py"))
NAMED = sorted({name for file in SOURCES for name in re.findall(r"MATHS sections? (\d\w?)", file.read_text())})


def test_there_are_sections_and_docstrings_that_name_them():
    assert SECTIONS[0] == "1"
    assert len(set(SECTIONS)) == len(SECTIONS) > 5
    assert len(NAMED) > 4


@pytest.mark.parametrize("name", NAMED)
def test_a_section_that_is_named_is_there(name):
    assert name in SECTIONS


def test_nothing_in_it_leads_outside_of_the_project():
    assert "shared" not in MATHS
    for path in re.findall(r"`([a-z_]+/[\w./]*)`", MATHS):
        assert (Path(qnn_core.__file__).parents[1] / path).exists(), path
