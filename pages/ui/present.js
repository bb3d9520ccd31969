// A presenter's remote turns the pages. Its arrows do so only while no control and no film has the focus.

const TURNS = { PageDown: "next", PageUp: "back" };
const ARROWS = { ArrowRight: "next", ArrowLeft: "back" };
const CONTROLS = "input, textarea, select, button, summary, [role=slider], [role=radio], [contenteditable], .film";

// One ear for the whole document, which stays: pages come and go, and a key must not fall between two of them.
export default function () {
  if (document.remoteIsHeard) return;
  document.remoteIsHeard = true;
  document.addEventListener("keydown", turn);
}

function turn(event) {
  const shown = document.querySelector(".st-key-leave"); // the way out of a show, which is there only during one
  if (!shown || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const busy = event.composedPath().some((element) => element.matches?.(CONTROLS));
  const way = TURNS[event.key] ?? (busy ? undefined : ARROWS[event.key]);
  const link = way && document.querySelector(`.st-key-${way} a`);
  if (!link) return;
  event.preventDefault();
  link.click();
}
