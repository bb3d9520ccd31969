"""The address in a real browser: true after every change, one entry in the history for each page."""

from urllib.parse import quote

import pytest


def entries(lesson):
    return lesson.tab.evaluate("history.length")


def test_the_address_follows_the_desk_without_entries_of_its_own(lesson):
    lesson.open("contradictions?engine=contraction")
    before = entries(lesson)
    slider = lesson.tab.get_by_role("slider", name="Threshold")
    slider.focus()
    for _ in range(3):
        lesson.tab.keyboard.press("ArrowRight")
        lesson.settle()
    lesson.tab.wait_for_url("**/contradictions?threshold=0.53&engine=contraction")
    assert entries(lesson) == before
    lesson.go("1 Digits").go("4 Encode")
    assert entries(lesson) == before + 2
    lesson.tab.wait_for_url("**/encode?threshold=0.53&engine=contraction")
    lesson.press("Back to the tutorial's settings")
    lesson.tab.wait_for_url("**/encode")
    assert lesson.complaints == []


def test_back_and_forward_change_the_page_and_never_the_settings(lesson):
    lesson.open("shrink?engine=contraction")
    lesson.go("3 Contradictions")
    slider = lesson.tab.get_by_role("slider", name="Threshold")
    slider.focus()
    lesson.tab.keyboard.press("ArrowLeft")
    lesson.tab.wait_for_url("**threshold=0.49**")
    lesson.go("4 Encode")
    for step, heading in ((lesson.tab.go_back, "Contradictions"), (lesson.tab.go_back, "Shrink")):
        step()
        lesson.tab.get_by_role("heading", name=heading, exact=True).wait_for()
        lesson.settle()
        assert lesson.experiment() == "Experiment(threshold=0.49, engine='contraction')"
        lesson.tab.wait_for_url("**threshold=0.49**")
    lesson.tab.go_forward()
    lesson.tab.get_by_role("heading", name="Contradictions", exact=True).wait_for()
    lesson.settle()
    assert lesson.experiment() == "Experiment(threshold=0.49, engine='contraction')"
    assert lesson.complaints == []


def test_a_link_opens_the_same_lesson_for_somebody_else(lesson, visitor):
    lesson.open("circuit?digits=1,7&grid=5&engine=contraction")
    lesson.tab.get_by_role("spinbutton", name="Picture (0 to").fill("12")
    lesson.tab.keyboard.press("Enter")
    lesson.tab.wait_for_url("**picture=12**")
    lesson.settle()
    there = visitor()
    there.tab.goto(lesson.tab.url)
    there.settle()
    assert there.experiment() == lesson.experiment() == "Experiment(digits=(1, 7), grid=5, engine='contraction')"
    assert there.tab.get_by_role("spinbutton", name="Picture (0 to").input_value() == "12"
    lesson.tab.reload()
    lesson.settle()
    assert lesson.tab.get_by_role("spinbutton", name="Picture (0 to").input_value() == "12"


def test_a_grid_too_large_for_aer_takes_the_contraction_along(lesson):
    lesson.open("shrink")
    slider = lesson.tab.get_by_role("slider", name="Grid side")
    slider.focus()
    lesson.tab.keyboard.press("ArrowRight")
    lesson.wait_for_text("26 qubits")
    lesson.settle()
    lesson.tab.wait_for_url("**/shrink?grid=5&engine=contraction")
    lesson.settle()
    assert slider.input_value() == "5"


@pytest.mark.parametrize(
    "evil",
    [
        "[link](https://evil.example) ![x](https://evil.example/x) <b>b</b>",
        "**b** `c` $x$ :smile: :red[r] www.evil.example a@b.example |x| ~~s~~",
    ],
)
def test_what_an_address_says_is_shown_as_text(lesson, evil):
    lesson.open(f"shrink?start={quote(evil)}")
    lesson.wait_for_text("which was ignored")
    (alert,) = lesson.tab.get_by_role("alert").all()
    shown = alert.inner_text().replace("\N{WORD JOINER}", "")
    assert evil.replace("->", "→") in shown.replace("->", "→")
    assert alert.locator("a, img, b, strong, code, del, .katex, .stMarkdownColoredText").count() == 0
