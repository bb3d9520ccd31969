// A picture that lives: it shows what the page says, and while the pen is down what the pen's line says (pad.js).
// Parts with data-x glide, from where they are seen to where the new picture has them.

const GLIDE = { duration: 200, easing: "ease-out" };

/** data: name, svg, alt, widest (pixels). The pen's line says {name: {svg, alt, widest}, …}. */
export default function ({ data, parentElement }) {
    // While the pen is down, the page still speaks of the stroke before.
    if (document.documentElement.dataset.pen !== "down" || !parentElement.querySelector(".living"))
        show(parentElement, data.name, data);
    if (parentElement.hears) return;
    parentElement.hears = true;
    document.addEventListener("pen-answer", function hear({ detail }) {
        if (!parentElement.isConnected) document.removeEventListener("pen-answer", hear);
        else if (detail[data.name]) show(parentElement, data.name, detail[data.name]);
    });
}

function show(place, name, { svg, alt, widest }) {
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
