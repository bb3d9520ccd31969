"""What one input may cost: two seconds of one core, and 200 MiB more than there were."""

import re
import time
from pathlib import Path

from qnn_core.errors import InputError
from tests.helpers import is_sentence

MOST_SECONDS, MOST_MIB = 2, 200
STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def crossed(function, *arguments):
    """Whether the input was taken; if not, it was refused by one sentence, and either way it was cheap."""
    before, began = mib("VmRSS", forget=True), time.thread_time()
    refusal = None
    try:
        function(*arguments)
    except InputError as error:
        refusal = error
    seconds, more = time.thread_time() - began, mib("VmHWM") - before
    assert seconds < MOST_SECONDS, f"{seconds:.1f} s"
    assert more < MOST_MIB, f"{more:.0f} MiB"
    return refusal is None or not is_sentence(refusal)


def mib(name, forget=False):
    """The memory of this process, or the most that it had since that was forgotten; 0 where no file says so."""
    if not STATUS.exists():
        return 0
    if forget:
        FORGET.write_text("5")
    return int(re.search(rf"{name}:\s+(\d+)", STATUS.read_text())[1]) / 1024
