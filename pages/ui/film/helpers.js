// Small helpers of the other three files. The four are one script: Python reads them one after the other.

const SVG = "http://www.w3.org/2000/svg";

const finite = (value) => typeof value === "number" && Number.isFinite(value);
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const mix = (a, b, share) => a + (b - a) * share;
const px = (value) => Math.round(value * 10) / 10;
const color = (token) => `var(--${token})`;
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const trueMinus = (text) => text.replace("-", "−");

function make(name, attributes = {}, parent = null, text = null) {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== null) element.textContent = text;
    parent?.append(element);
    return element;
}

function draw(parent, name, attributes = {}, text = null) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== null) element.textContent = text;
    parent.append(element);
    return element;
}

/** Set only what has changed: most cells of most frames stay as they are. */
function set(element, key, value) {
    if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value);
}

function write(element, text) {
    if (element.textContent !== text) element.textContent = text;
}

/** Two or three round numbers inside a range. */
function ticks(low, high, most = 3) {
    const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
    const step = power * ([1, 2, 2.5, 5, 10].find((part) => part * power >= rough) ?? 10);
    const found = [];
    for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step) found.push(tick);
    const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9) + (step / power === 2.5 ? 1 : 0));
    return found.map((tick) => [tick, trueMinus(tick.toFixed(places))]);
}

/** Where a place lies between rising numbers, as a fraction of an index. */
function indexOf(place, numbers) {
    if (!(place > numbers[0])) return 0;
    let after = numbers.findIndex((number) => number >= place);
    if (after < 0) return numbers.length - 1;
    return after - (numbers[after] - place) / (numbers[after] - numbers[after - 1]);
}
