"""The versions that are tested as the lowest ones are those that pyproject.toml declares as such."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_constraints_are_the_declared_lower_bounds():
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["project"]["dependencies"]
    pinned = [line for line in (ROOT / ".ci" / "lowest.txt").read_text().splitlines() if not line.startswith("#")]
    bounds = [re.fullmatch(r"([\w-]+)>=([\d.]+)(?:,<[\d.]+)?", one).groups() for one in declared]
    assert [_full(*one.split("==")) for one in pinned] == [_full(*one) for one in bounds]


def _full(name, version):
    """A version with three parts at least: 2.0 is 2.0.0."""
    parts = version.split(".")
    return name, ".".join(parts + ["0"] * (3 - len(parts)))


def test_what_is_run_with_them_exists():
    script = (ROOT / ".ci" / "run").read_text()
    named = re.findall(r"tests/[\w/.]+", script)
    assert len(named) > 5
    assert all((ROOT / name).exists() for name in named)
