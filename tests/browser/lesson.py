"""What a visitor does and sees in a browser."""

import re
import time
from pathlib import Path

import numpy as np

from pages.ui.pad import SIDE

TIMEOUT = 60_000
PICTURES = "[data-testid=stPlotlyChart], [data-testid=stMain] img, .film [role=img]"
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


class Lesson:
    """One tab with a session of its own. complaints: what the console said, Streamlit's own probes left out."""

    def __init__(self, browser, server, **options):
        self.server, self.complaints = server, []
        self.tab = browser.new_page(viewport=DESKTOP, **options)
        self.tab.set_default_timeout(TIMEOUT)
        self.tab.on("console", self._console)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _console(self, message):
        # On a deep link Streamlit looks for its own addresses below the page first.
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self.complaints.append(f"{message.text} {message.location.get('url', '')}")

    def close(self):
        self.tab.close()

    def open(self, address=""):
        """Load a page and wait until all of it is there."""
        self.tab.goto(f"{self.server}/{address}")
        return self.settle()

    def go(self, menu):
        """Another page, by the menu: "2 Shrink"."""
        self.tab.get_by_role("link", name=menu, exact=True).first.click()
        self.tab.get_by_role("heading", name=re.sub(r"^\d+ ", "", menu), exact=True).wait_for()
        return self.settle()

    def settle(self):
        """Until the page has got what was drawn, and has been drawn to its end, where it may follow its work."""
        self.tab.get_by_text("The code that just ran").first.wait_for()
        self.tab.wait_for_function(
            """() => (document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
                      || document.querySelector('[data-stale=false] .following'))
                     && !document.querySelector('[data-testid=stSkeleton]')
                     && document.documentElement.dataset.pen !== 'lifted'"""
        )
        return self

    def calm(self, seconds=0.7):
        """Until the page has said the same for so long: the last point of a stroke is answered."""
        said, since = None, 0.0
        while time.monotonic() - since < seconds:
            now = self.text(), self.needle()
            if now != said:
                said, since = now, time.monotonic()
            self.tab.wait_for_timeout(100)
        return self.settle()

    def text(self):
        """All text of the page."""
        main = self.tab.locator("[data-testid=stMain]")
        return "\n".join([main.inner_text(), *main.locator(".living.sentence").all_inner_texts()])

    def metric(self, label):
        """The big number under this label."""
        box = self.tab.locator("[data-testid=stMetric]").filter(has_text=label).first
        return box.locator("[data-testid=stMetricValue]").inner_text()

    def wait_for_metric(self, label, pattern):
        """Until the number under the label matches; returns it."""
        value = self.tab.locator("[data-testid=stMetric]").filter(has_text=label).first
        value.locator("[data-testid=stMetricValue]").filter(has_text=re.compile(pattern)).wait_for()
        return self.metric(label)

    def step(self):
        """Where the film of the training is: "step 12 of 48"."""
        return self.tab.locator(".film .place").inner_text()

    def wait_for_step(self, pattern):
        """Until the film is there; returns what it says."""
        self.tab.locator(".film .place").filter(has_text=re.compile(pattern)).wait_for()
        return self.step()

    def film_number(self, label):
        """The number under this label beside the film."""
        pair = self.tab.locator(".film dl > div").filter(has=self.tab.get_by_text(label, exact=True))
        return pair.locator("dd > span:not(.mark)").inner_text()

    def wait_for_text(self, text, there=True):
        """Until this text is on the page, or not any more."""
        self.tab.get_by_text(text).first.wait_for(state="visible" if there else "detached")

    def press(self, name):
        """A button, by its first word."""
        self.tab.get_by_role("button", name=re.compile(f"^(\\w+ )?{name}")).first.click()

    def saved(self, button):
        """The content of the file that this button gives, once it may be pressed."""
        button = self.tab.get_by_role("button", name=re.compile(f"^(\\w+ )?{button}$"))
        with self.tab.expect_download() as download:
            button.click()
        return Path(download.value.path()).read_bytes()

    def give(self, expander, name, content):
        """Upload a file in a part of the sidebar, which is opened if it is closed."""
        part = self.tab.locator("[data-testid=stSidebar] details", has_text=expander).first
        part.wait_for()
        if part.get_attribute("open") is None:
            part.locator("summary").click()
        place = self.tab.locator("[data-testid=stSidebar] input[type=file]").first
        place.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": content})
        return self.settle()

    def experiment(self):
        """The Experiment that the page says it has just used."""
        self.tab.get_by_text("The code that just ran").first.click()
        line = self.tab.get_by_text(re.compile(r"experiment = Experiment\(")).first
        line.wait_for()
        return line.inner_text().split("experiment = ")[1].strip()

    def alerts(self):
        """What the coloured boxes say."""
        return self.tab.locator("[data-testid=stAlert]").all_inner_texts()

    def without_words(self):
        """Charts, pictures and films that have no alternative text."""
        return self.tab.evaluate(
            """() => [
                ...[...document.querySelectorAll('[data-testid=stPlotlyChart]')]
                    .filter(chart => !chart.getAttribute('aria-label')),
                ...[...document.querySelectorAll('img')].filter(picture => !picture.alt),
                ...[...document.querySelectorAll('.film [role=img]')].filter(one => !one.getAttribute('aria-label')),
            ].map(element => element.outerHTML.slice(0, 200))"""
        )

    def pictures(self):
        """How many charts, pictures and parts of films the page has."""
        return self.tab.locator(PICTURES).count()

    def overflow(self):
        """Pixels by which the page is wider than the window."""
        return self.tab.evaluate(
            """() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]
                .map(element => element.scrollWidth - element.clientWidth))"""
        )

    def on_pad(self, x, y):
        """Where a point of the pad, in its own units, is in the window."""
        box = self.tab.locator(".pad canvas").bounding_box()
        return box["x"] + x * box["width"] / SIDE, box["y"] + y * box["height"] / SIDE

    def draw(self, strokes, *, lift=True):
        """Strokes on the pad, each a list of (x, y) from its top left corner. lift: whether the last one ends."""
        self.tab.locator(".pad canvas").scroll_into_view_if_needed()
        for number, stroke in enumerate(strokes):
            place, *rest = [self.on_pad(x, y) for x, y in stroke]
            self.tab.mouse.move(*place)
            self.tab.mouse.down()
            for place in rest:
                self.tab.mouse.move(*place, steps=5)
            if lift or number + 1 < len(strokes):
                self.tab.mouse.up()

    def ink(self):
        """Which pixels of the pad are inked in the browser: bool (SIDE, SIDE)."""
        rows = self.tab.locator(".pad canvas").evaluate(
            """(canvas, side) => {
                const small = document.createElement('canvas');
                small.width = small.height = side;
                const brush = small.getContext('2d');
                brush.drawImage(canvas, 0, 0, side, side);
                return [...brush.getImageData(0, 0, side, side).data].filter((_, k) => k % 4 === 3);
            }""",
            SIDE,
        )
        return np.array(rows).reshape(SIDE, SIDE) > 127

    def needle(self):
        """What the gauge says."""
        return self.tab.locator(".needle").get_attribute("aria-label")
