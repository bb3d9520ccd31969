"""What stands in the address or in a file is shown as text, never as Markdown or HTML."""

import json
import re
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pages.ui.said import JOINER, plain
from qnn_core import model_file
from qnn_core.training.run import train
from tests.helpers import small

LINK, IMAGE = "[free pizza](https://evil.example/x)", "![x](https://evil.example/x.png)"
EVIL = (
    f"{LINK} {IMAGE} <b>bold</b> **bold** `code` $x$ :smile: :material/home: :red[x] www.evil.example a@evil.example"
)
LIVE = re.compile(r"(?<!\\)\]\(|https?://|www\.e|(?<!\\)<b|\*\*bold|:smile:|:material/home|a@evil", re.IGNORECASE)


def read_back(markdown):
    """What Markdown shows of it."""
    return re.sub(r"\\([\\`*_\[\]<>$~&#|])", r"\1", markdown).replace(JOINER, "")


@given(st.text())
def test_the_text_itself_is_shown(text):
    if JOINER not in text:
        assert read_back(plain(text)) == " ".join(text.split())


@given(st.text(alphabet="\\`*_[]<>$~&#|:/@w. a"))
def test_nothing_in_it_is_active(text):
    rest = re.sub(r"\\[\\`*_\[\]<>$~&#|]", "", plain(text))
    assert not re.search(r"[\\`*_\[\]<>$~&#|]", rest)
    assert not re.search(r"[:@][^\s\u2060]|www\.|[^\s\u2060]@", rest, re.IGNORECASE)


def shown(visitor):
    """All Markdown of the page."""
    kinds = ("markdown", "caption", "warning", "error", "info", "success")
    return [element.value for kind in kinds for element in getattr(visitor.app, kind)]


def assert_harmless(visitor, times):
    """It is said, so often, and nowhere as more than text."""
    assert not visitor.app.exception
    said = [text for text in shown(visitor) if "evil" in text.lower()]
    assert len(said) == times, said
    for text in said:
        assert not re.search(
            r"(?<!\\)\]\(|https?://|www\.e|<b>|\*\*bold|:smile:|:material/home|:red\[|a@evil", text
        ), text
        assert "free pizza" in text or "pizza" not in text
    assert not any("evil" in element.proto.body for element in visitor.app.get("html"))


@pytest.mark.parametrize("page", ["6_train", "8_draw"])
def test_the_address(visit, page):
    visitor = visit(page, threshold=EVIL, start=EVIL, layers=EVIL, picture=LINK, keep_trained=IMAGE, nonsense=EVIL)
    assert_harmless(visitor, 6)


def test_a_name_in_the_address(visit):
    visitor = visit("6_train", **{LINK: "1", IMAGE: "2"})
    assert_harmless(visitor, 2)


def file_with(settings):
    """A model file whose settings are changed."""
    with np.load(BytesIO(model_file.to_bytes(train(small(engine="contraction"))))) as archive:
        arrays = {name: archive[name] for name in archive.files}
    about = json.loads(str(arrays["about"]))
    about["experiment"] |= settings
    content = BytesIO()
    np.savez(content, **{**arrays, "about": np.array(json.dumps(about))})
    return content.getvalue()


@pytest.mark.parametrize("field", ["start", "encoding", "engine", "threshold", LINK])
def test_a_model_files_settings(visit, field):
    visitor = visit("8_draw")
    sent = (f"{LINK}.npz", file_with({field: EVIL}), "application/octet-stream")
    visitor.app.file_uploader(key="model_file").set_value(sent).run()
    assert_harmless(visitor, 1)


def picture():
    content = BytesIO()
    Image.new("L", (40, 40), 255).save(content, "PNG")
    return content.getvalue()


@pytest.mark.parametrize(
    ("place", "name", "content"),
    [
        ("model_file", "three.npz", picture()),
        ("model_file", f"{LINK}.npz", b"PK\x03\x04 evil"),
        ("photo_file", "three.png", b"<svg onload=alert(1)>"),
        ("photo_file", "../../three.jpg", b"\x93NUMPY"),
    ],
)
def test_files_are_known_by_their_content(visit, place, name, content):
    visitor = visit("8_draw").set("segmented_control", "source", "photo")
    visitor.app.file_uploader(key=place).set_value((name, content, "image/png")).run()
    assert not visitor.app.exception
    said = [*shown(visitor), *visitor.sentences]
    refused = [text for text in said if "is not" in text]
    assert len(refused) == 1
    assert name not in " ".join(said)
    assert refused[0].split(" is not ")[1].startswith(("a saved model", "an image"))
