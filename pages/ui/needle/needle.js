// A drawing in which some parts glide: those with data-x, from where they are seen to where the new drawing has them.

const GLIDE = { duration: 200, easing: "ease-out" };
const WIDEST = "480px";

export default function ({ data, parentElement }) {
    const before = parentElement.querySelector(".needle");
    const places = [...(before?.querySelectorAll("[data-x]") ?? [])].map(seenAt);
    const now = document.createElement("div");
    now.className = "needle";
    now.role = "img";
    now.ariaLabel = data.alt;
    now.innerHTML = data.svg;
    const picture = now.firstElementChild;
    picture.ariaHidden = "true";
    Object.assign(picture.style, { width: "100%", height: "auto", maxWidth: WIDEST, display: "block" });
    before ? before.replaceWith(now) : parentElement.append(now);
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    now.querySelectorAll("[data-x]").forEach((part, k) => {
        if (places.length <= k) return;
        const by = places[k] - Number(part.dataset.x);
        if (by) part.animate([{ transform: `translateX(${by}px)` }, { transform: "none" }], GLIDE);
    });
}

/** Where a part is now, in the drawing's own units, also on its way. */
function seenAt(part) {
    const transform = getComputedStyle(part).transform;
    return Number(part.dataset.x) + (transform === "none" ? 0 : new DOMMatrix(transform).m41);
}
