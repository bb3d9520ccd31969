"""In a browser the glossary's words can be tapped where they stand, and the page's own text stays as it is."""

from pages.ui.glossary import TERMS, words_in

MARKED = """() => [...CSS.highlights.get('glossary')].map(range => {
    const box = range.getBoundingClientRect();
    return {word: range.toString(), x: box.x + box.width / 2, y: box.y + box.height / 2, inside: range.startContainer
        .parentElement.closest('h1, h2, h3, button, a') !== null};
})"""


def marked(lesson):
    """Every marked word of the page, and where its middle is."""
    lesson.tab.wait_for_function("CSS.highlights.get('glossary')?.size > 0")
    lesson.tab.locator(".st-key-notice").scroll_into_view_if_needed()
    return lesson.tab.evaluate(MARKED)


def test_a_word_is_tapped_where_it_stands(lesson):
    lesson.open("contradictions")
    found = marked(lesson)
    assert not any(one["inside"] for one in found)
    for one in found:
        (word,) = words_in(one["word"])
        assert word in TERMS
    (ceiling, *_) = [one for one in found if one["word"].lower() == "ceiling"]
    text = lesson.tab.locator(".st-key-notice p").inner_html()
    lesson.tab.mouse.click(ceiling["x"], ceiling["y"])
    note = lesson.tab.locator(".glossary-note:popover-open")
    assert TERMS["ceiling"] in note.inner_text()
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    lesson.tab.keyboard.press("Escape")
    assert note.count() == 0
    assert lesson.tab.locator(".st-key-notice p").inner_html() == text


def test_the_row_says_the_same_by_keyboard(lesson):
    lesson.open("contradictions")
    button = lesson.tab.locator(".words button").first
    button.wait_for()
    word = button.inner_text()
    button.focus()
    lesson.tab.keyboard.press("Enter")
    assert TERMS[word] in lesson.tab.locator(".glossary-note:popover-open").inner_text()


def test_where_no_word_stands_nothing_opens(lesson):
    lesson.open("contradictions")
    marked(lesson)
    lesson.tab.locator("h1").first.click()
    assert lesson.tab.locator(".glossary-note:popover-open").count() == 0
