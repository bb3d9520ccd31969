"""The client does what a browser does, and sees what a browser shows; against a real server."""

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import serving
from tests.load.acting import FOLLOWS, TRAINING, VERDICT, Notes, Student, take_part
from tests.load.client import NeverSeenError, Session
from tests.load.page import Page


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """The address of a dashboard that was started for these tests."""
    with serving("app.py", tmp_path_factory.mktemp("server") / "log") as address:
        yield address


def lesson(server, address, act):
    """Let act(student) happen in a tab of its own; no page of it may show a traceback."""

    async def whole():
        tab, notes = await Session.open(server, address), Notes()
        try:
            await act(Student(tab, notes, 0))
        finally:
            await tab.close()
        assert tab.errors == notes.errors == []

    asyncio.run(whole())


def test_every_page_is_turned_to_and_drawn(server):
    async def act(student):
        page = student.session.page
        assert page.headings[0] == "Train"
        for name in page.pages:
            await student.turn_to(name)
            assert page.hash == page.pages[name]
            assert len(page.headings) >= 1
        assert {one.kind for one in page.places.values()} > {"heading", "html", "block"}

    lesson(server, "train?engine=contraction", act)


def test_a_widget_is_set_by_key_or_label_and_keeps_its_value(server):
    async def act(student):
        tab = student.session
        await student.choose("threshold", [0.3], "threshold=0.3")
        await student.choose("Threshold", [0.4], "threshold=0.4")
        await tab.press("Swap")
        await tab.until(lambda: "digits=6,3" in tab.query)
        assert "threshold=0.4" in tab.query
        await student.turn_to("encode")
        assert tab.page.widgets.values[tab.page.find("threshold").id] == [0.4]

    lesson(server, "contradictions?engine=contraction", lambda student: open_first(student, act))


async def open_first(student, act):
    await student.session.unfold("Picture")
    await student.session.there("Swap")
    await act(student)


def test_a_film_is_played_and_dragged(server):
    async def act(student):
        assert student.film["positions"] == [0]
        await student.play()
        assert student.film["positions"] == list(range(49))
        await student.drag(TRAINING, "position")
        assert len(student.notes.waits["drag → at rest"]) == 1

    lesson(server, "train?engine=contraction&seed=5", act)


def test_a_stroke_is_answered_while_it_is_drawn(server):
    async def act(student):
        pad = student.session.page.data("pad")
        await student.stroke()
        assert len(student.notes.waits[FOLLOWS]) > 3
        assert len(student.notes.waits[VERDICT]) == 1
        assert student.session.page.data("pad")["strokes"] == []
        await student.rest_pen(1, 1)
        await student.session.until(lambda: student.session.page.data("pad")["number"] == pad["number"] + 1)
        assert len(student.session.page.data("pad")["strokes"][0]["points"]) > 20

    lesson(server, "draw?engine=contraction", act)


def test_what_never_comes_is_said(server):
    async def act(student):
        with pytest.raises(NeverSeenError, match="Train"):
            await student.session.until(lambda: False, seconds=0.2)

    lesson(server, "train?engine=contraction", act)


def test_students_take_part_for_as_long_as_they_are_told(server):
    notes = Notes()
    tabs = asyncio.run(all_roles(server, notes))
    assert notes.errors == []
    assert notes.waits
    assert all(tab.bytes > 10_000 for tab in tabs)


async def all_roles(server, notes):
    return await asyncio.gather(*(take_part(server, role, 1, notes, 4) for role in ("plays", "draws", "wanders")))


# Without a server


def message(**fields):
    """A message of a run, put where it belongs."""
    made = ForwardMsg(**fields)
    made.metadata.active_script_hash = "page"
    return made


def began(run, *fragments, page="page"):
    made = message(new_session={"page_script_hash": page})
    made.metadata.run.script_run_id = run
    made.metadata.run.fragment_ids.extend(fragments)
    return made


def text(body, *path, fragment=""):
    made = message(delta={"new_element": {"markdown": {"body": body}}, "fragment_id": fragment})
    made.metadata.delta_path.extend(path)
    return made


def ended(status=ForwardMsg.FINISHED_SUCCESSFULLY):
    return message(script_finished=status)


def shown(*messages):
    """What a page says after these messages."""
    page = Page()
    for one in messages:
        page.take(one)
    return [one.proto.body for one in page.all("markdown")]


FIRST = [began("1"), text("a", 0, 0), text("b", 0, 1), text("c", 0, 2, fragment="part"), ended()]


def test_what_a_run_does_not_draw_again_goes_when_it_ends():
    again = [*FIRST, began("2"), text("A", 0, 0)]
    assert shown(*again) == ["A", "b", "c"]
    assert shown(*again, ended()) == ["A"]


def test_an_interrupted_run_takes_nothing_away():
    assert shown(*FIRST, began("2"), ended(ForwardMsg.FINISHED_EARLY_FOR_RERUN)) == ["a", "b", "c"]


def test_a_part_that_is_drawn_again_leaves_the_rest_alone():
    assert shown(*FIRST, began("2", "part"), ended()) == ["a", "b"]


def test_another_page_begins_empty():
    assert shown(*FIRST, began("2", page="other")) == []


def test_a_reference_is_put_where_it_says():
    tab = Session.__new__(Session)
    tab.page, tab._kept = Page(), {}
    first = text("kept", 0, 0)
    first.hash, first.metadata.cacheable = "h", True
    again = message(ref_hash="h")
    again.metadata.delta_path.extend([0, 3])
    for one in (began("1"), first, again):
        tab._take(one)
    assert [path for path, one in sorted(tab.page.places.items())] == [(0, 0), (0, 3)]
    assert [one.proto.body for one in tab.page.all("markdown")] == ["kept", "kept"]
