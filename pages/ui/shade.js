// Says which theme the browser shows, as soon as it is not the one that the pictures were drawn for.

export default function ({ data, parentElement, setStateValue }) {
  const app = document.querySelector(".stApp");
  let told = data.shade;
  const look = () => {
    const now = getComputedStyle(app).colorScheme === "dark" ? "dark" : "light";
    if (now !== told) setStateValue("shade", (told = now));
  };
  look();
  // Another theme is another class of the whole app.
  parentElement.watcher?.disconnect();
  parentElement.watcher = new MutationObserver(look);
  parentElement.watcher.observe(app, { attributes: true, attributeFilter: ["class", "style"] });
  return () => parentElement.watcher.disconnect();
}
