"""The pictures of the README, taken from the running dashboard: `python -m tests.browser.screenshots`.

Five pages in two sizes, and the pad while somebody draws. Files go to .github/, small enough for a repository.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from pages.ui.address import query_of
from pages.ui.desk import Desk
from qnn_core.presets import PRESETS
from tests.browser.conftest import FLAGS, program
from tests.browser.lesson import DESKTOP, PHONE, Lesson
from tests.server import ROOT, serving

GOOD = query_of(Desk(experiment=PRESETS["first-run"].experiment))
PAGES = {"start": "", "train": f"train?{GOOD}", "compare": "compare", "box": f"box?{GOOD}", "scale": "scale"}
"""Name of the picture → address of the page."""
SIX = [(170, 40), (120, 90), (90, 150), (90, 210), (130, 245), (185, 230), (200, 185), (165, 155), (115, 170)]
THREE = [(90, 60), (150, 40), (195, 75), (175, 120), (130, 135), (185, 160), (195, 210), (150, 245), (85, 225)]
COLOURS, FRAME_MS = 256, 120
MOST_BYTES = 1_500_000


def small(png, width=None):
    """A screenshot as a picture with few colours. width: shrunk to it."""
    image = Image.open(BytesIO(png)).convert("RGB")
    if width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    return image.quantize(COLOURS, dither=Image.Dither.FLOYDSTEINBERG)


def pages(lesson, folder):
    """Every page in both sizes, when its work is done."""
    for name, address in PAGES.items():
        for size, viewport in (("wide", DESKTOP), ("phone", PHONE)):
            lesson.tab.set_viewport_size(viewport)
            lesson.open(address)
            if name == "train":
                lesson.press("Play")
            lesson.tab.wait_for_timeout(3000)
            lesson.tab.locator("[data-testid=stMain] [data-testid=stProgress]").first.wait_for(state="detached")
            lesson.tab.wait_for_timeout(2000)
            small(lesson.tab.screenshot()).save(folder / f"{name}-{size}.png", optimize=True)


def animation(lesson, folder):
    """The pad while a three and then a six are drawn on it, the needle and the journey beside it."""
    lesson.tab.set_viewport_size(DESKTOP)
    lesson.open()
    lesson.tab.locator(".needle").wait_for()
    lesson.tab.wait_for_timeout(1500)
    frames = []

    def take(times=1):
        frames.extend([small(lesson.tab.screenshot(), 720)] * times)

    take(6)
    for digit in (THREE, SIX):
        lesson.tab.mouse.move(*lesson.on_pad(*digit[0]))
        lesson.tab.mouse.down()
        for place in digit[1:]:
            lesson.tab.mouse.move(*lesson.on_pad(*place), steps=4)
            lesson.tab.wait_for_timeout(350)
            take()
        lesson.tab.mouse.up()
        lesson.tab.wait_for_timeout(700)
        take(10)
        lesson.press("Clear")
        lesson.tab.wait_for_timeout(700)
        take(3)
    first, *rest = [frame.convert("RGB") for frame in frames]
    first.save(
        folder / "pad.webp", save_all=True, append_images=rest, duration=FRAME_MS, loop=0, quality=60, method=6
    )


def main(folder):
    """Take all pictures. Ends with an error if they are too large together."""
    with (
        tempfile.TemporaryDirectory() as logs,
        serving("app.py", Path(logs) / "log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=program(playwright), args=list(FLAGS))
        lesson = Lesson(browser, address)
        animation(lesson, folder)
        pages(lesson, folder)
        lesson.close()
        browser.close()
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{size:,} bytes in {folder}")
    assert size < MOST_BYTES, "too much for a repository"


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / ".github")
