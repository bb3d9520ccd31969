// Writes what is on the desk into the address, in place: Back still leads to the page before.
export default function ({ data }) {
  const query = data.query ? `?${data.query}` : "";
  if (location.search !== query) {
    history.replaceState(history.state, "", location.pathname + query + location.hash);
  }
}
