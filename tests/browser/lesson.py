"""What a visitor does and sees in a browser."""

import re
from pathlib import Path

from pages.ui.pad import BAND

TIMEOUT = 60_000
DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


class Lesson:
    """One tab with a session of its own. complaints: what the console said, Streamlit's own probes left out."""

    def __init__(self, browser, server):
        self.server, self.complaints = server, []
        self.tab = browser.new_page(viewport=DESKTOP)
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
        """Until the page has been drawn to its end, where it may follow its work."""
        self.tab.get_by_text("The code that just ran").first.wait_for()
        self.tab.wait_for_function(
            """() => (document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
                      || document.querySelector('[data-stale=false] .following'))
                     && !document.querySelector('[data-testid=stSkeleton]')"""
        )
        return self

    def text(self):
        """All text of the page."""
        return self.tab.locator("[data-testid=stMain]").inner_text()

    def metric(self, label):
        """The big number under this label."""
        box = self.tab.locator("[data-testid=stMetric]").filter(has_text=label).first
        return box.locator("[data-testid=stMetricValue]").inner_text()

    def wait_for_metric(self, label, pattern):
        """Until the number under the label matches; returns it."""
        value = self.tab.locator("[data-testid=stMetric]").filter(has_text=label).first
        value.locator("[data-testid=stMetricValue]").filter(has_text=re.compile(pattern)).wait_for()
        return self.metric(label)

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
        """Charts and pictures that have no alternative text."""
        return self.tab.evaluate(
            """() => [
                ...[...document.querySelectorAll('[data-testid=stPlotlyChart]')]
                    .filter(chart => !chart.getAttribute('aria-label')),
                ...[...document.querySelectorAll('img')].filter(picture => !picture.alt),
            ].map(element => element.outerHTML.slice(0, 200))"""
        )

    def pictures(self):
        """How many charts and pictures the page has."""
        return self.tab.locator("[data-testid=stPlotlyChart], [data-testid=stMain] img").count()

    def overflow(self):
        """Pixels by which the page is wider than the window."""
        return self.tab.evaluate(
            """() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]
                .map(element => element.scrollWidth - element.clientWidth))"""
        )

    def draw(self, strokes):
        """Strokes on the pad, each a list of (x, y) from its top left corner."""
        canvas = self._canvas()
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        box["y"] += BAND
        for stroke in strokes:
            (x, y), *rest = [(box["x"] + x, box["y"] + y) for x, y in stroke]
            self.tab.mouse.move(x, y)
            self.tab.mouse.down()
            for x, y in rest:
                self.tab.mouse.move(x, y, steps=5)
            self.tab.mouse.up()

    def _canvas(self):
        """The canvas that stays: a cleared pad takes its old one away a moment after the page was drawn."""
        while True:
            self.settle()
            canvas = self.tab.locator("canvas").last.element_handle()
            self.tab.wait_for_timeout(500)
            if canvas.evaluate("canvas => canvas.isConnected"):
                return canvas
