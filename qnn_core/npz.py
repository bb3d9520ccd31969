"""Arrays come out of files with nothing executed: never pickle, so any file is safe to open."""

from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from qnn_core.errors import InputError


def read_arrays(file: str | Path | BinaryIO, what: str, advice: str) -> dict[str, NDArray[Any]]:
    """All arrays of an `.npz` file by name; the one of an `.npy` file under the name "".

    what: what the file should be; advice: what to do if it is not. Raises InputError with one sentence.
    """
    name = file if isinstance(file, str | Path) else "The file"
    try:
        loaded = np.load(file, allow_pickle=False)
        return {"": loaded} if isinstance(loaded, np.ndarray) else {part: loaded[part] for part in loaded.files}
    except FileNotFoundError:
        raise InputError(f"There is no file {name}; {advice}.") from None
    except Exception:  # a file with a few bytes changed makes NumPy raise almost anything
        raise InputError(f"{name} is not {what}; {advice}.") from None
