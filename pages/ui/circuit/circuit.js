// Draws the star circuit with one image in it. Point at a pixel, tap it or step to it with the arrow keys, and its wire,
// its gates and what it does to the readout stand out. It computes nothing but places.

const SVG = "http://www.w3.org/2000/svg";
const ROW = 25, HEAD = 27, SHARE = 128, NARROW = 620; // pixels
const WIDE = { name: 66, encode: 66, gate: 66, box: 54, measure: 146 };
const TIGHT = { name: 62, encode: 34, gate: 56, box: 47, measure: 144 };
const RUN = 600; // milliseconds

const signed = (value, places = 2) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(places);
const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function add(parent, name, attributes = {}, text = null) {
    const space = name === "svg" || parent.namespaceURI === SVG ? SVG : "http://www.w3.org/1999/xhtml";
    const element = document.createElementNS(space, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (text !== null) element.textContent = text;
    parent.append(element);
    return element;
}

export default function ({ data, parentElement }) {
    parentElement.circuit ??= new Circuit(parentElement);
    parentElement.circuit.receive(data);
}

class Circuit {
    constructor(parent) {
        this.root = add(parent, "div", { class: "circuit" });
        const left = add(this.root, "div");
        this.picture = add(left, "svg", { class: "picture", "aria-hidden": "true" });
        this.said = add(left, "p", { class: "said", "aria-live": "polite" });
        const right = add(this.root, "div");
        this.note = add(right, "p", { class: "note" });
        this.wires = add(right, "div", { class: "wires", tabindex: 0, role: "group" });
        this.wires.addEventListener("keydown", (event) => this.key(event));
        this.root.addEventListener("pointerover", (event) => this.look(this.under(event)));
        this.root.addEventListener("pointerleave", () => this.look(null));
        this.root.addEventListener("click", (event) => {
            const at = this.under(event);
            this.kept = at === null || at === this.kept ? null : at;
            this.look(at);
        });
        this.kept = null;
        new ResizeObserver(() => this.draw()).observe(this.root);
    }

    receive(data) {
        const text = JSON.stringify(data);
        if (text === this.text) return;
        const before = this.data;
        this.text = text;
        this.data = data;
        if (before && String(before.wires) !== String(data.wires)) this.kept = null;
        this.width = 0;
        this.draw();
        if (data.signal && before && before.signal !== data.signal) this.run();
    }

    /** The number in the list of wires that an event is about, or null. */
    under(event) {
        const at = event.target.closest?.("[data-wire]")?.dataset.wire;
        return at === undefined ? null : Number(at);
    }

    key(event) {
        const last = this.data.wires.length - 1, at = this.kept ?? -1;
        const to = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: last };
        if (event.key === "Escape") this.kept = null;
        else if (event.key in to) this.kept = Math.min(Math.max(to[event.key], 0), last);
        else return;
        event.preventDefault();
        this.look(this.kept);
    }

    // ------------------------------------------------------------ drawing

    draw() {
        const wide = Math.round(this.root.clientWidth);
        if (!this.data || !wide || wide === this.width) return;
        this.width = wide;
        this.root.classList.toggle("dark", this.data.dark === true);
        this.root.classList.toggle("narrow", wide < NARROW);
        this.note.textContent = this.data.note;
        this.note.hidden = !this.data.note;
        this.drawPicture();
        this.drawWires(this.wires.clientWidth);
        this.look(this.kept);
    }

    drawPicture() {
        const { grid, pixels, wires, truth, value } = this.data;
        this.picture.replaceChildren();
        this.picture.setAttribute("viewBox", `-0.1 -0.1 ${grid + 0.2} ${grid + 0.2}`);
        pixels.forEach((value, k) => {
            const cell = add(this.picture, "rect", {
                x: k % grid, y: Math.floor(k / grid), width: 1, height: 1, class: "ink", "fill-opacity": value,
            });
            const at = wires.indexOf(k);
            if (at >= 0) cell.dataset.wire = at;
        });
        const marks = add(this.picture, "g", { class: "marks", transform: `scale(${grid / 100})` });
        marks.innerHTML = marksOf(truth, value);
    }

    drawWires(width) {
        const { layers, wires, names, value, digits, turn } = this.data;
        const size = this.size = width < NARROW ? TIGHT : WIDE, { name, encode, gate, measure } = size;
        const bands = this.bands(width), left = width - name - (bands.length > 1 ? 0 : encode);
        const shares = bands.at(-1).length * gate + measure + SHARE <= left;
        const low = HEAD + wires.length * ROW + 20, height = low + 30;
        this.wires.setAttribute("aria-label", `${this.data.alt} The arrow keys go from pixel to pixel.`);
        this.wires.replaceChildren();
        this.most = Math.max(1e-9, ...this.shares().map(Math.abs));
        bands.forEach((band, number) => {
            const first = number === 0, last = number === bands.length - 1;
            const x0 = name + (first ? encode : 0), end = x0 + band.length * gate;
            const total = Math.min(width, end + (last ? measure + (shares ? SHARE : 0) : 16));
            const svg = add(this.wires, "svg", { width: total, height, role: "presentation" });
            const y = (k) => HEAD + (k + 0.5) * ROW;
            add(svg, "path", { class: "readout", d: `M${name} ${low}H${last ? end + 84 : total}` });
            add(svg, "text", { x: 0, y: low + 5, class: "head" }, "readout");
            if (first) this.heading(svg, name + encode / 2 - 4, encode < 50 ? "in" : "encode");
            band.forEach((layer, column) => {
                this.heading(svg, x0 + column * gate + size.box / 2, `${layer + 1} ${layers[layer]}`);
            });
            wires.forEach((k, at) => {
                const lit = this.data.pixels[k] > 0;
                const row = add(svg, "g", { class: lit ? "row lit" : "row", "data-wire": at });
                add(row, "path", { class: "wire", d: `M${name} ${y(at)}H${last ? end + 8 : total}` });
                add(row, "text", { x: 0, y: y(at) + 5, class: "faint" }, names[at]);
                if (first) this.encoding(row, y(at), this.data.pixels[k]);
                band.forEach((layer, column) => {
                    const x = x0 + column * gate, bus = x + size.box + 6;
                    add(row, "path", { class: "wire bus", d: `M${x + size.box} ${y(at)}H${bus}V${low}` });
                    add(row, "circle", { class: "dot", cx: bus, cy: low, r: 4 });
                    this.gate(row, x, y(at), this.data.weights[layer][at]);
                });
                if (last && shares) this.share(row, end + measure + SHARE / 2, y(at), at);
                add(row, "rect", { class: "hit", x: 0, y: y(at) - ROW / 2, width: total, height: ROW });
            });
            if (first) for (const [at, gate] of [[0.25, "X"], [0.75, "H"]]) this.small(svg, name + at * encode - 4, low, gate);
            if (last) this.measure(svg, end, low, value, digits);
            if (last && shares) this.heading(svg, end + measure + SHARE / 2, turn ? "turns the hand" : "moves ⟨Z⟩");
        });
    }

    /** The layers side by side, folded where there is no room for more; the last line also holds the measurement. */
    bands(width) {
        const { name, encode, gate, measure } = this.size, layers = this.data.layers.map((_, k) => k);
        if (name + encode + layers.length * gate + measure <= width) return [layers];
        const fits = Math.max(1, Math.floor((width - name - measure) / gate));
        const lines = Math.max(2, Math.ceil(layers.length / fits)), each = Math.ceil(layers.length / lines);
        return Array.from({ length: lines }, (_, k) => layers.slice(k * each, (k + 1) * each));
    }

    heading(svg, x, words) { add(svg, "text", { x, y: 18, class: "middle head" }, words); }

    small(parent, x, y, words) {
        add(parent, "rect", { class: "box", x: x - 11, y: y - 12, width: 22, height: 24, rx: 3 });
        add(parent, "text", { x, y: y + 5, class: "middle" }, words);
    }

    encoding(row, y, pixel) {
        if (!pixel) return;
        const { name, encode } = this.size, tight = encode < 50, long = `RX ${pixel.toFixed(2)}`;
        const words = pixel === 1 ? "X" : tight ? pixel.toFixed(1) : long, width = pixel === 1 ? 24 : tight ? 30 : 58;
        const box = { x: name + encode / 2 - 4 - width / 2, y: y - 11, width, height: 22, rx: 3 };
        add(row, "rect", { class: "box", ...box });
        add(row, "rect", { class: "ink", ...box, "fill-opacity": pixel });
        add(row, "text", { x: name + encode / 2 - 4, y: y + 5, class: `middle${pixel > 0.5 ? " on-dark" : ""}` }, words);
    }

    /** A gate with its weight: the darker, the larger. */
    gate(row, x, y, weight) {
        const size = Math.abs(weight), box = { x, y: y - 11, width: this.size.box, height: 22, rx: 3 };
        add(row, "rect", { class: "box", ...box });
        add(row, "rect", { class: "ink", ...box, "fill-opacity": (size * 0.9).toFixed(3) });
        const words = size < 0.005 ? "0" : signed(weight);
        add(row, "text", { x: x + box.width / 2, y: y + 5, class: `middle${size > 0.5 ? " on-dark" : ""}` }, words);
    }

    share(row, middle, y, at) {
        const part = this.shares()[at], length = (SHARE / 2 - 8) * Math.abs(part) / this.most;
        add(row, "path", { class: "zero", d: `M${middle} ${y - ROW / 2}V${y + ROW / 2}` });
        add(row, "rect", {
            class: `share ${part > 0 ? "plus" : "less"}`, x: px(part > 0 ? middle : middle - length), y: y - 6,
            width: px(length), height: 12,
        });
    }

    measure(svg, end, low, value, digits) {
        this.small(svg, end + 22, low, "H");
        const x = end + 58, side = value > 0 ? 0 : 1;
        add(svg, "rect", { class: "box", x: x - 18, y: low - 16, width: 36, height: 32, rx: 3 });
        add(svg, "path", { class: "minus", d: `M${x - 13} ${low + 9}a13 13 0 0 1 26 0M${x} ${low + 9}L${x + 9} ${low - 9}` });
        add(svg, "text", { x: end + 86, y: low - 4, class: "head" }, signed(value, 3));
        const mark = ["first", "second"][side];
        add(svg, "text", { x: end + 86, y: low + 16, class: mark }, `${"●■"[side]} a ${digits[side]}`);
    }

    /** What each drawn pixel does: turns of the hand, or else what ⟨Z⟩ would lose if it were turned over. */
    shares() { return this.data.turn ?? this.data.flipped.map((other) => this.data.value - other); }

    // ------------------------------------------------------------ looking at one pixel

    look(at) {
        if (at === null) at = this.kept;
        this.root.classList.toggle("asked", at !== null);
        for (const one of this.root.querySelectorAll("[data-wire]")) {
            one.classList.toggle("here", Number(one.dataset.wire) === at);
        }
        const words = at === null ? this.all() : this.about(at);
        if (this.said.textContent !== words) this.said.textContent = words;
    }

    all() {
        return `⟨Z⟩ = ${signed(this.data.value, 3)}. Point at a pixel, or tap it, to see what it does.`;
    }

    about(at) {
        const { names, pixels, wires, layers, weights, turn, flipped } = this.data;
        const gates = layers.map((kind, layer) => `${kind} ${signed(weights[layer][at])}`).join(", ");
        const hand = turn ? ` It turns the hand by ${signed(turn[at])} half-turns.` : "";
        return `Pixel ${names[at]} is ${pixels[wires[at]]}. Its gates: ${gates}.${hand} Turned over, ⟨Z⟩ = ${signed(flipped[at], 3)}.`;
    }

    /** A signal runs along the wires that the image sets, and then along the readout. */
    run() {
        if (still()) return;
        for (const svg of this.wires.children) {
            const paths = [...svg.querySelectorAll(".row.lit")].map((row) => [row.querySelector(".wire"), 0]);
            paths.push([svg.querySelector(".readout"), RUN / 3]);
            for (const [path, delay] of paths) {
                const spark = add(svg, "path", { class: "signal", d: path.getAttribute("d") });
                const length = spark.getTotalLength();
                spark.style.strokeDasharray = `24 ${length}`;
                const frames = [
                    { strokeDashoffset: 24, visibility: "visible" }, { strokeDashoffset: -length, visibility: "visible" },
                ];
                spark.animate(frames, { duration: RUN - delay, delay, easing: "ease-out" }).finished.finally(() => spark.remove());
            }
        }
    }
}

function px(value) { return Math.round(value * 10) / 10; }
