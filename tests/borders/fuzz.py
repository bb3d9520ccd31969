"""A border under atheris, which looks for inputs that reach new lines of code (pip install atheris).

python -m tests.borders.fuzz "model file" -runs=100000
"""

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["qnn_core", "pages"]):
    from tests.borders.borders import BORDERS
    from tests.borders.costs import crossed


def main() -> None:
    """The first argument names the border; the others are libFuzzer's."""
    name, *options = sys.argv[1:]
    border = BORDERS[name]
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(border.seeds()):
            (Path(folder) / str(number)).write_bytes(seed)
        atheris.Setup([sys.argv[0], *options, folder], lambda content: crossed(border.cross, content))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
