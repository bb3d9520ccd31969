// The glossary's words can be tapped wherever they stand. The page's text is Streamlit's and stays as it is: the
// browser paints ranges of it (CSS Custom Highlight), and a tap asks which of them lies under it.

const TEXTS = ".stMain [data-testid=stMarkdownContainer], .stMain [data-testid=stCaptionContainer]";
const CONTROLS = "a, button, summary, label, input, code, h1, h2, h3, [role=tooltip], [data-testid=stMetric]";
const NEAR = 6; // pixels around a word that a finger may miss it by
const REST = 400; // milliseconds between two looks at a page that changes

let terms = new Map(); // word in small letters → {word, says, exact}
let pattern = /$^/g;
let words = []; // {range, term}: where words stand
let looking = 0;

/** data: terms, a list of [word, what it means, whether only in these capitals]; offered: words for the row. */
export default function ({ data, parentElement }) {
  terms = new Map(data.terms.map(([word, says, exact]) => [word.toLowerCase(), { word, says, exact }]));
  pattern = patternOf(data.terms.map(([word]) => word));
  row(parentElement.querySelector(".words"), data.offered);
  if (!document.glossaryIsHeard) {
    document.glossaryIsHeard = true;
    // One pair of ears for the whole document, which stays.
    document.addEventListener("click", tapped);
    document.addEventListener("pointermove", hovered, { passive: true });
    new MutationObserver(later).observe(document.querySelector(".stApp"), {
      childList: true,
      subtree: true,
      characterData: true,
    });
  }
  later();
}

/** As words_in in __init__.py: the longest word first, in singular and plural. */
function patternOf(all) {
  const escaped = [...all].sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`(?<![\\p{L}\\p{N}_])(${escaped.join("|")})(?:e?s)?(?![\\p{L}\\p{N}_])`, "giu");
}

function later() {
  if (!looking && window.CSS?.highlights) looking = setTimeout(mark, REST);
}

function mark() {
  looking = 0;
  words = [];
  for (const text of document.querySelectorAll(TEXTS)) {
    if (text.closest(CONTROLS) || text.parentElement.closest(TEXTS)) continue;
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const seen = new Set(); // a word once in each text is enough
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest(`${CONTROLS}, .katex`)) continue;
      for (const found of node.data.matchAll(pattern)) {
        const term = terms.get(found[1].toLowerCase());
        if (seen.has(term) || (term.exact && found[1] !== term.word)) continue;
        seen.add(term);
        const range = new Range();
        range.setStart(node, found.index);
        range.setEnd(node, found.index + found[0].length);
        words.push({ range, term });
      }
    }
  }
  CSS.highlights.set("glossary", new Highlight(...words.map(({ range }) => range)));
}

function under({ clientX, clientY, target }) {
  if (!target.closest?.(TEXTS) || target.closest(CONTROLS)) return undefined;
  for (const { range, term } of words)
    for (const box of range.getClientRects()) {
      const across = clientX > box.left - NEAR && clientX < box.right + NEAR;
      if (across && clientY > box.top - NEAR && clientY < box.bottom + NEAR) return { term, box };
    }
  return undefined;
}

function tapped(event) {
  const found = under(event);
  if (found && getSelection().isCollapsed) say(found.term, found.box);
}

function hovered(event) {
  if (event.pointerType !== "mouse") return;
  document.documentElement.classList.toggle("on-a-word", Boolean(under(event)));
}

/** The words of the page in a row, for keyboards and for who does not see the marks. */
function row(place, offered) {
  const key = offered.join();
  if (place.dataset.key === key) return;
  place.dataset.key = key;
  place.hidden = !offered.length;
  place.querySelectorAll("button").forEach((button) => button.remove());
  for (const word of offered) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = word;
    button.onclick = () => say(terms.get(word.toLowerCase()), button.getBoundingClientRect());
    place.append(button);
  }
}

/** What a word means, in a note below it, which closes by a tap elsewhere or Escape. */
function say({ word, says }, box) {
  let note = document.querySelector(".glossary-note");
  if (!note) {
    note = document.createElement("div");
    note.className = "glossary-note";
    note.popover = "auto";
    note.setAttribute("role", "status");
    document.querySelector(".stApp").append(note); // which has the colours
  }
  const title = document.createElement("strong");
  title.textContent = word[0].toUpperCase() + word.slice(1);
  note.replaceChildren(title, document.createElement("br"), says);
  note.showPopover();
  const { width, height } = note.getBoundingClientRect();
  const below = box.bottom + 6;
  note.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  note.style.top = `${below + height < innerHeight ? below : Math.max(8, box.top - height - 6)}px`;
}
