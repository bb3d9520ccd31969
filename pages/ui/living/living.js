// A picture or a sentence that lives: it shows what the page says, and what the pen's line says of a drawing that the
// page has not got yet (pad.js). Parts with data-x glide, from where they are seen to where the new picture has them.

const GLIDE = { duration: 200, easing: "ease-out" };

/** data: name, number of the drawing, and of a picture svg, alt, widest (pixels), or of a sentence text, loud, trouble.
 *  The pen's line says {name: {the same}, …}. */
export default function ({ data, parentElement }) {
    const { pen, drawing } = document.documentElement.dataset;
    const isOld = pen === "down" || (pen === "lifted" && data.number < Number(drawing));
    if (!isOld || !parentElement.querySelector(".living")) show(parentElement, data.name, data);
    if (parentElement.hears) return;
    parentElement.hears = true;
    document.addEventListener("pen-answer", function hear({ detail }) {
        if (!parentElement.isConnected) document.removeEventListener("pen-answer", hear);
        else if (detail[data.name]) show(parentElement, data.name, detail[data.name]);
    });
}

function show(place, name, what) {
    if ("text" in what) say(place, name, what);
    else draw(place, name, what);
}

function say(place, name, { text, loud, trouble }) {
    const icon = document.createElement("i");
    icon.ariaHidden = "true";
    icon.textContent = trouble ? "error" : "visibility"; // a name in the font of icons
    const bold = document.createElement("b");
    bold.textContent = loud;
    const words = document.createElement("span");
    words.append(...(loud ? [bold, " "] : []), text);
    const now = document.createElement("p");
    now.className = `living said ${name}`;
    now.append(icon, words);
    const before = place.querySelector(".living");
    before ? before.replaceWith(now) : place.append(now);
}

function draw(place, name, { svg, alt, widest }) {
    const before = place.querySelector(".living");
    const seen = [...(before?.querySelectorAll("[data-x]") ?? [])].map(seenAt);
    const now = document.createElement("div");
    now.className = `living ${name}`;
    now.role = "img";
    now.ariaLabel = alt;
    now.innerHTML = svg;
    const picture = now.firstElementChild;
    picture.ariaHidden = "true";
    Object.assign(picture.style, { width: "100%", height: "auto", maxWidth: `${widest}px`, display: "block" });
    before ? before.replaceWith(now) : place.append(now);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    now.querySelectorAll("[data-x]").forEach((part, k) => {
        if (seen.length <= k) return;
        const by = seen[k] - Number(part.dataset.x);
        if (by) part.animate([{ transform: `translateX(${by}px)` }, { transform: "none" }], GLIDE);
    });
}

/** Where a part is now, in the drawing's own units, also on its way. */
function seenAt(part) {
    const transform = getComputedStyle(part).transform;
    return Number(part.dataset.x) + (transform === "none" ? 0 : new DOMMatrix(transform).m41);
}
