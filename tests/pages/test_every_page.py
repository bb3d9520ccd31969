"""Every page opens with nothing pressed: a heading, pictures with words, and what to notice."""

from pathlib import Path

import pytest

import pages
from pages import PAGES
from pages.ui.frame import ORDER
from pages.ui.route import CARDS
from tests.helpers import is_sentence
from tests.pages.test_glossary import unexplained


@pytest.fixture(params=ORDER)
def page(request):
    return request.param


def test_first_view(visit, page):
    visitor = visit(page).wait_for_pictures()
    app = visitor.app
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert len(app.title) == len(app.header) == 1
    assert app.header[0].value.endswith("?"), "no question"
    films = [film["title"] for film in visitor.films.values()]
    films += [visitor.circuit["alt"]] if visitor.circuit else []
    assert visitor.charts + visitor.pictures + films, "no picture"
    assert all(len(alt) > 10 for alt in visitor.charts + visitor.pictures + films)
    assert visitor.notice, "nothing to take home"
    assert not unexplained(" ".join(visitor.texts())), "words that the glossary does not know"
    assert len(app.caption) >= len(visitor.charts + visitor.pictures), "a picture without a caption"
    if page != "12_scale":  # which has its own
        assert visitor.experiment() == "Experiment()"


@pytest.mark.parametrize(
    "address",
    [
        pytest.param({"first": 0, "second": 1, "engine": "contraction"}, marks=pytest.mark.slow),
        pytest.param({"grid": 7, "resample": "area", "engine": "contraction"}, marks=pytest.mark.slow),
        {"blocks": 2, "arrangement": "interleaved", "threshold": 0.1, "engine": "contraction"},
        pytest.param({"encoding": "angle", "grid": 2, "engine": "contraction"}, marks=pytest.mark.slow),
        pytest.param({"encoding": "angle", "engine": "contraction"}, marks=pytest.mark.slow),
    ],
    ids=["0 and 1", "7×7", "interleaved", "grey 2×2", "grey"],
)
def test_other_settings(visit, address):
    visitor = visit(**address)
    for page in ORDER:
        visitor.go(page).wait_for_pictures()
        assert not visitor.app.exception, page
        assert not visitor.app.error, page
        assert "engine='contraction'" in visitor.experiment(), page


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ({"kinds": "XX, YY, ZZ", "blocks": 4, "arrangement": "interleaved"}, "12 alternating layers"),
        ({"grid": 2, "remove": "binary", "first": 0, "second": 2}, "No training image of a 0 is left"),
    ],
    ids=["more layers than anybody can compute", "no pictures left"],
)
def test_what_no_page_can_show_is_said_and_left_out(visit, address, says):
    visitor = visit(**address)
    for page in ORDER:
        visitor.go(page).wait_for_pictures()
        assert not visitor.app.exception, page
        assert not visitor.app.error, page
        (note,) = [warning.value for warning in visitor.app.warning]
        assert says in is_sentence(note)


def test_links_lead_through_the_lesson(visit):
    links = {page: [link.proto.label for link in visit(page).app.get("page_link")] for page in (ORDER[0], "4_encode")}
    onward, teach, *cards, compare = links.pop(ORDER[0])
    assert "page 7" in compare
    assert (onward, teach) == ("Next", "Teach this")
    assert cards == [PAGES[page][0] for page in CARDS]
    assert links == {"4_encode": ["Back", "Next"]}


def test_every_page_file_is_in_the_menu():
    files = sorted(Path(pages.__file__).parent.glob("[0-9]*.py"), key=lambda file: int(file.stem.split("_")[0]))
    assert tuple(file.stem for file in files) == ORDER
