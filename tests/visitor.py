"""A visitor who sees what Streamlit would send to a browser."""

import base64
import json
import re
import time
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from streamlit.testing.v1 import AppTest

from pages.ui import follow, models
from pages.ui.controls import GROUPS, opened

ROOT = Path(__file__).parents[1]
# AppTest waits for the end of a page, and a page that follows its work has none.
follow.FOLLOWING = False
models.PATIENCE = 60.0


def sent(figure):
    """What a browser gets of a Plotly figure, or of its JSON: plain lists, None for what is not there."""
    return json.loads(figure if isinstance(figure, str) else figure.to_json(), object_hook=_list)


def _opaque(png):
    """How much ink each pixel of a small picture has: uint8 (rows, columns)."""
    return np.asarray(Image.open(BytesIO(png)).convert("LA"))[..., 1]


def _list(part):
    """An array that Plotly has packed, as lists."""
    if "bdata" not in part:
        return part
    values = np.frombuffer(base64.b64decode(part["bdata"]), part["dtype"])
    shape = [int(length) for length in part.get("shape", str(len(values))).split(",")]
    return np.where(np.isnan(values), None, values).reshape(shape).tolist()


def take_home(app):
    """The take-home line of the page, "" if there is none."""
    blocks = (block for block in app.main if block.type == "flex_container")
    lines = [block.markdown[0].value for block in blocks if block.proto.id.endswith("-notice")]
    return lines[0] if lines else ""


MORE = ("1_digits", "2_shrink", "3_contradictions", "4_encode")
"""Parts of pages that the tests find open."""
UNTOUCHED = {"address", "circuit", "glossary", "journey", "needle", "remote", "sentence", "shade"}
"""Components of our own that only show or tell something."""


class Visitor:
    """One session of the dashboard. page: where it begins; address: settings in the URL."""

    def __init__(self, page="0_start", **address):
        self.presses = 0
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
        for key, value in address.items():
            self.app.query_params[key] = str(value)
        self.app.run()
        for part in [*GROUPS, *MORE]:
            self.choose(opened(part), True)
        self.go(page)

    def go(self, page):
        """Another page, as a click in the menu would."""
        self.app.switch_page(f"pages/{page}.py").run()
        return self

    def set(self, kind, key, value):
        """Move one control: kind is the name of a widget in AppTest."""
        getattr(self.app, kind)(key=key).set_value(value).run()
        return self

    def choose(self, key, value):
        """Make a choice before the page that shows it is opened."""
        self.app.session_state["desk"].choices[key] = value
        return self

    def press(self, label):
        """The button with this label."""
        (button,) = [button for button in self.app.button if button.label == label]
        assert not button.disabled, label
        button.click().run()
        return self

    def tick_until(self, done, seconds=60.0):
        """Run the page again and again, as it does itself in a browser."""
        until = time.monotonic() + seconds
        while not done():
            assert not self.app.exception
            assert time.monotonic() < until, self.texts()
            time.sleep(0.05)
            self.app.run()
        return self

    def wait_for_pictures(self, seconds=60.0):
        """Until what the page computes in the background is there."""
        return self.tick_until(lambda: self.charts or self.pictures or self.films or self.circuit, seconds)

    @property
    def metrics(self):
        """Label → value of all big numbers."""
        return {metric.label: metric.value for metric in self.app.metric}

    @property
    def buttons(self):
        """Labels of the buttons that can be pressed."""
        return [button.label for button in self.app.button if not button.disabled]

    @property
    def charts(self):
        """Alternative texts of the Plotly charts."""
        return [chart.proto.alt for chart in self.app.get("plotly_chart")]

    @property
    def pictures(self):
        """Alternative texts of the SVG pictures, and of each group of small ones."""
        alone, group = r'<img alt="([^"]*)" src="data:image/svg', r'class="pictures[^>]* aria-label="([^"]*)"'
        bodies = [element.proto.body for element in self.app.get("html")]
        found = [alt for body in bodies for words in (alone, group) for alt in re.findall(words, body)]
        return found + self.living("journey")

    def tiles(self, words):
        """The small pictures under these words: what is said of each, its marks as SVG, its pixels uint8 (k, k)."""
        bodies = [element.proto.body for element in self.app.get("html")]
        (body,) = [body for body in bodies if re.search(f'aria-label="[^"]*{re.escape(words)}', body)]
        found = re.findall(r'<img alt="([^"]*)" src="data:image/png;base64,([^"]*)".*?xml;base64,([^)]*)\)', body)
        return [
            (said, base64.b64decode(marks).decode(), _opaque(base64.b64decode(png))) for said, png, marks in found
        ]

    def chart(self, words):
        """The one Plotly chart whose alternative text has these words."""
        (chart,) = [chart for chart in self.app.get("plotly_chart") if words in chart.proto.alt]
        return chart.proto

    def drawn(self, words):
        """The figure in this chart, as a browser gets it."""
        return sent(self.chart(words).spec)

    def click(self, words, x, y):
        """A click on a point of this chart; AppTest itself knows no charts that can be clicked."""
        selection = {"points": [{"x": x, "y": y}], "point_indices": [], "box": [], "lasso": []}
        states = self.app._tree.get_widget_states()
        states.widgets.add(id=self.chart(words).id, string_value=json.dumps({"selection": selection}))
        self.app._run(states)
        return self

    def open(self, label):
        """Unfold a part that is made only while it is open; AppTest itself cannot."""
        (part,) = [part for part in self.app.expander if part.label == label]
        states = self.app._tree.get_widget_states()
        states.widgets.add(id=part._block_id, bool_value=True)
        self.app._run(states)
        return self

    def table(self, column):
        """The one table with this column."""
        (frame,) = [frame.value for frame in self.app.dataframe if column in frame.value]
        return frame

    @property
    def notice(self):
        """The take-home line."""
        return take_home(self.app)

    @property
    def components(self):
        """The components of our own that a visitor can touch."""
        return [element for element in self.app.get("bidi_component") if element.key not in UNTOUCHED]

    @property
    def needle(self):
        """What the needle says to those who cannot see it."""
        (alt,) = self.living("needle")
        return alt

    def living(self, name):
        """What the living pictures of this name say to those who cannot see them."""
        found = [element for element in self.app.get("bidi_component") if element.key == name]
        return [json.loads(element.proto.json)["alt"] for element in found]

    @property
    def circuit(self):
        """What the living circuit has got, if the page has one."""
        found = [json.loads(one.proto.json) for one in self.app.get("bidi_component") if one.key == "circuit"]
        return found[0] if found else None

    # Films: what the server sends to the player, and what the player would send back

    @property
    def films(self):
        """All films on the page, by their keys."""
        data = {element.key: json.loads(element.proto.json) for element in self.components}
        return {
            key: json.loads(sent["film"]) for key, sent in data.items() if isinstance(sent, dict) and "film" in sent
        }

    @property
    def film(self):
        """The one film that the player has got."""
        (film,) = self.films.values()
        return film

    @property
    def step(self):
        """How far it goes."""
        return int(self.film["positions"][-1])

    @property
    def numbers(self):
        """Name → text of the numbers beside it, at its last frame."""
        (panel,) = [panel for panel in self.film["panels"] if panel["kind"] == "numbers"]
        return {one["label"]: one["texts"][-1] for one in panel["numbers"]}

    def curve(self, panel, name):
        """The heights of a curve, by the beginning of its name."""
        (found,) = [one for one in self.film["panels"] if one["title"] == panel]
        return next(one["y"] for one in found["series"] if one["name"].startswith(name))

    def play(self):
        """Play on, where no more frames are."""
        return self.tell("wants", play=True)

    def pause(self):
        """Nobody waits for frames any more."""
        return self.tell("wants", play=False)

    def one_step(self):
        """The next frame, please."""
        return self.tell("wants", play=False, step=True)

    def rest(self, place, *, on=None):
        """The player has come to rest at a step, or what else it counts. on: the film's key, if there are several."""
        film = self.film if on is None else self.films[on]
        return self.tell("rest", on=on, frame=film["positions"].index(place))

    def number(self, label):
        """The text of a number beside the film where the desk has its threshold."""
        at = self.film["positions"].index(self.app.session_state["desk"].experiment.threshold)
        (panel,) = [panel for panel in self.film["panels"] if panel["kind"] == "numbers"]
        return next(one["texts"][at] for one in panel["numbers"] if one["label"] == label)

    def tell(self, state, *, on=None, **words):
        """What the player would send, with the film that it has got. on: the film's key, if there are several."""
        film = self.film if on is None else self.films[on]
        self.presses += 1
        message = {state: {"film": film["name"], "press": self.presses, **words}}
        states = self.app._tree.get_widget_states()
        states.widgets.add(id=self._player(on).proto.id, json_value=json.dumps(message))
        self.app._run(states)
        return self

    def sent_to(self, key=None):
        """All that this player has got, or the only one."""
        return json.loads(self._player(key).proto.json)

    def _player(self, key):
        (found,) = [one for one in self.components if one.key in self.films and key in {None, one.key}]
        return found

    def texts(self):
        """Captions, boxes and plain text, all that is said on the page."""
        kinds = ("markdown", "caption", "info", "warning", "error", "success")
        return [element.value for kind in kinds for element in getattr(self.app, kind)] + self.sentences

    @property
    def sentences(self):
        """What is said of the picture that is asked about: one sentence, or none; what is loud as **loud**."""
        found = [json.loads(one.proto.json) for one in self.app.get("bidi_component") if one.key == "sentence"]
        return [f"**{said['loud']}** {said['text']}" if said["loud"] else said["text"] for said in found]

    def experiment(self):
        """The Experiment that the page says it has just used, as Python."""
        return next(code.value for code in self.app.code if "experiment = " in code.value).split("experiment = ")[1]
