// Writes what is on the desk into the address, in place: Back still leads to the page before.
// A component that is answered without a page says it by an event.
export default function ({ data, parentElement }) {
  write(data.query);
  if (parentElement.hears) return;
  parentElement.hears = true;
  document.addEventListener("address-told", function hear({ detail }) {
    if (!parentElement.isConnected) document.removeEventListener("address-told", hear);
    else write(detail);
  });
}

function write(text) {
  const query = text ? `?${text}` : "";
  if (location.search !== query) {
    history.replaceState(history.state, "", location.pathname + query + location.hash);
  }
}
