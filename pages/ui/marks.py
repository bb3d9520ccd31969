"""The marks of truth and verdict as a script, for what is drawn in the browser."""

import json
from pathlib import Path

from qnn_core.figures.marks import CORNERS, FRAMES

SCRIPT = f"const FRAMES = {json.dumps(FRAMES)}, CORNERS = {json.dumps(CORNERS)};\n" + (
    Path(__file__).parent / "marks.js"
).read_text("utf-8")
