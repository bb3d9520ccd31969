// A presenter's remote turns the pages. Its arrows do so only while no control and no film has the focus.

const TURNS = { PageDown: "next", PageUp: "back" };
const ARROWS = { ArrowRight: "next", ArrowLeft: "back" };
const CONTROLS = "input, textarea, select, button, summary, [role=slider], [role=radio], [contenteditable], .film";

export default function () {
  const ear = new AbortController(); // of this call alone: the end of an earlier one must not end it
  document.addEventListener("keydown", turn, { signal: ear.signal });
  return () => ear.abort();
}

function turn(event) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const busy = event.composedPath().some((element) => element.matches?.(CONTROLS));
  const way = TURNS[event.key] ?? (busy ? undefined : ARROWS[event.key]);
  const link = way && document.querySelector(`.st-key-${way} a`);
  if (!link) return;
  event.preventDefault();
  link.click();
}
