// The player: draws the panels of a film and moves them. It knows frames, numbers and colours, and nothing of
// what they mean. Whatever arrives is checked in `cleaned` first; what cannot be drawn is left out, with a warning.

const SVG = "http://www.w3.org/2000/svg";
const SPEEDS = [0.5, 1, 2, 4];
const SECONDS = 8; // what a whole film takes at speed 1, within these frames a second:
const SLOWEST = 4, FASTEST = 30;
const EASE = 200, SETTLE = 120; // milliseconds: one step; until a rest is believed
const ICONS = {
    play: "M6 4l14 8-14 8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z", step: "M5 4l10 8-10 8zM16 4h3v16h-3z",
    start: "M19 4L9 12l10 8zM5 4h3v16H5z",
};
const MARKS = {
    "●": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z", "■": "M-5-5H5V5H-5z", "▲": "M0-6.5L6.5 5H-6.5z",
    "◆": "M0-7L6.5 0 0 7-6.5 0z",
};
const DASHES = { solid: "", dashed: "9 5", dotted: "3 4", long: "14 6" };
let patterns = 0;

export default function ({ data, parentElement, setStateValue }) {
    try {
        parentElement.film ??= new Player(parentElement);
        parentElement.film.receive(data ?? {}, setStateValue);
    } catch (error) {
        console.warn("film:", error);
    }
}

// ---------------------------------------------------------------- small helpers

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

// ---------------------------------------------------------------- what arrives

const warn = (...words) => console.warn("film:", ...words);
const words = (value) => (typeof value === "string" ? value : "");

/** A row of numbers of this length; a bad one becomes the one before. */
function row(values, length, what) {
    if (!Array.isArray(values) || values.length < length) throw new Error(`${what} is too short`);
    let last = values.find(finite) ?? 0, bad = 0;
    const kept = values.slice(0, length).map((value) => (finite(value) ? (last = value) : (bad++, last)));
    if (bad) warn(`${bad} of ${what} are no numbers`);
    return kept;
}

const rows = (values, length, width, what) => {
    if (!Array.isArray(values) || values.length < length) throw new Error(`${what} is too short`);
    return values.slice(0, length).map((one) => row(one, width, what));
};

/** Those of a list that can be used. */
function those(list, what, good) {
    const all = Array.isArray(list) ? list : [], kept = all.filter(good);
    if (kept.length < all.length) warn(`${all.length - kept.length} of ${what} cannot be drawn`);
    return kept;
}

const CLEANERS = {
    curves(panel, n) {
        const series = those(panel.series, "curves", (one) => Array.isArray(one?.x)).map((one) => {
            const pairs = one.x.map((x, k) => [x, one.y?.[k]]), good = pairs.filter((pair) => pair.every(finite));
            if (good.length < pairs.length) warn(`${pairs.length - good.length} points of ${one.name} are no numbers`);
            return { ...one, x: good.map((pair) => pair[0]), y: good.map((pair) => pair[1]) };
        }).filter((one) => one.x.length);
        if (!series.length) throw new Error("no curve");
        const range = row(panel.x_range, 2, "x_range");
        const levels = those(panel.levels ?? [], "levels", (one) => finite(one?.y));
        if (!(range[1] > range[0])) throw new Error("the axis has no length");
        return { ...panel, series, levels, at: row(panel.at, n, "at"), x_range: range };
    },
    heaps(panel, n) {
        const edges = row(panel.edges, Math.max(2, panel.edges?.length ?? 0), "edges"), bins = edges.length - 1;
        const [first, second] = ["first", "second"].map((name) => rows(panel[name], n, bins, name));
        return { ...panel, edges, first, second };
    },
    cells(panel, n) {
        const count = panel.rows * panel.columns, low = panel.scale === "ink" ? 0 : -1;
        if (!(count > 0 && Number.isInteger(count))) throw new Error("no cells");
        if (panel.packed) {
            const greys = row(panel.packed.map((_, k) => k), n, "packed").map((k) => atob(panel.packed[k]));
            const kept = greys.map((text) => [...text].map((byte) => low + (1 - low) * byte.charCodeAt(0) / 255));
            return { ...panel, values: rows(kept, n, count, "packed"), packed: true };
        }
        return { ...panel, values: rows(panel.values, n, count, "values") };
    },
    gauge(panel, n) {
        const values = row(panel.values, n, "values").map((value) => clamp(value, -1, 1));
        const picture = panel.picture && rows(panel.picture, panel.picture.length, panel.picture[0]?.length, "picture");
        return { ...panel, values, picture };
    },
    numbers(panel, n) {
        const numbers = those(panel.numbers, "numbers", (one) => one?.texts?.length >= n);
        if (!numbers.length) throw new Error("no numbers");
        return { ...panel, numbers };
    },
    dial(panel, n) {
        const path = (points, length) => rows(points, Math.max(1, length), 2, "points");
        if (!Array.isArray(panel.points) || panel.points.length < n) throw new Error("points is too short");
        if (panel.grows) return { ...panel, points: path(panel.points, n) };
        return { ...panel, points: panel.points.slice(0, n).map((points) => path(points, points.length)) };
    },
};

/** A film of which everything can be drawn, or null. */
function cleaned(film) {
    const positions = Array.isArray(film?.positions) ? film.positions.filter(finite) : [];
    if (!positions.length || !Array.isArray(film.panels)) return warn("no frames") ?? null;
    const n = positions.length, panels = [];
    for (const panel of film.panels) {
        try {
            if (!Object.hasOwn(CLEANERS, panel.kind)) throw new Error("nobody knows how to draw it");
            panels.push(CLEANERS[panel.kind](panel, n));
        } catch (error) {
            warn(`a panel ${words(panel?.title)} of kind ${panel?.kind} is left out:`, String(error.message ?? error));
        }
    }
    const last = positions[n - 1];
    return { ...film, positions, panels, total: finite(film.total) ? Math.max(film.total, last) : last };
}

// ---------------------------------------------------------------- panels: make(panel, stage) gives frame(i, share)

function canvasOf(stage, panel) {
    stage.replaceChildren();
    const box = { width: Math.max(120, stage.clientWidth), height: Math.max(100, stage.clientHeight) };
    const em = parseFloat(getComputedStyle(stage).fontSize) || 15;
    const svg = draw(stage, "svg", { width: box.width, height: box.height, role: "img", "aria-label": panel.title });
    return { ...box, em, svg };
}

function hatch(svg, token, gap = 6) {
    const id = `hatch${++patterns}`, defs = draw(svg, "defs");
    const pattern = draw(defs, "pattern", {
        id, width: gap, height: gap, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)",
    });
    draw(pattern, "rect", { width: gap, height: gap, style: `fill:${color(token)};opacity:.16` });
    draw(pattern, "rect", { width: gap * 0.45, height: gap, style: `fill:${color(token)}` });
    return `url(#${id})`;
}

const PANELS = {
    curves(panel, stage, owner) {
        const { width, height, em, svg } = canvasOf(stage, panel);
        const ys = [...panel.series.flatMap((one) => one.y), ...panel.levels.map((one) => one.y)];
        let low = Math.min(...ys), high = Math.max(...ys);
        const slack = (high - low || Math.abs(high) || 1) * 0.09;
        [low, high] = [low - slack, high + slack];
        const marksY = ticks(low, high, height > 150 ? 4 : 3);
        const left = em * (0.9 + 0.56 * Math.max(...marksY.map(([, text]) => text.length)));
        const right = width - em * 0.8, top = em * 0.5, bottom = height - em * 1.7;
        const [from, to] = panel.x_range;
        const x = (value) => left + (right - left) * (value - from) / (to - from);
        const y = (value) => bottom - (bottom - top) * (value - low) / (high - low);
        for (const [value, text] of marksY) {
            draw(svg, "line", { x1: left, x2: right, y1: px(y(value)), y2: px(y(value)), class: "grid" });
            draw(svg, "text", { x: left - em * 0.45, y: px(y(value) + em * 0.34), class: "tick end" }, text);
        }
        const foot = height - em * 0.35;
        draw(svg, "text", { x: left, y: foot, class: "tick" }, trueMinus(String(from)));
        draw(svg, "text", { x: right, y: foot, class: "tick end" }, trueMinus(String(to)));
        draw(svg, "text", { x: (left + right) / 2, y: foot, class: "tick middle" }, words(panel.x_name));
        draw(svg, "line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" });
        const id = `clip${++patterns}`, clip = draw(draw(draw(svg, "defs"), "clipPath", { id }), "rect", {
            x: left - 8, y: 0, width: 10, height,
        });
        for (const level of panel.levels) {
            const style = `stroke:${color(level.token)}`, at = px(y(level.y));
            draw(svg, "line", { x1: left, x2: right, y1: at, y2: at, style, class: "level" });
            const over = at - top > em * 1.3 ? at - em * 0.4 : at + em * 1.15;
            draw(svg, "text", { x: right - em * 0.8, y: over, class: "tick end halo" }, words(level.name));
        }
        const strong = panel.series.filter((one) => one.role === "strong");
        panel.series.forEach((one, number) => {
            const d = one.x.map((value, k) => `${k ? "L" : "M"}${px(x(value))} ${px(y(one.y[k]))}`).join("");
            const style = `stroke:${color(one.token)};stroke-dasharray:${DASHES[one.dash] ?? ""}`;
            const classes = `curve ${one.role}`;
            const all = draw(svg, "path", { d, style, class: one.role === "behind" ? classes : `${classes} ahead` });
            if (one.role === "behind") owner.behind.set(number, all);
            else draw(draw(svg, "g", { "clip-path": `url(#${id})` }), "path", { d, style, class: classes });
            if (one.role === "strong" && one.x.length <= 24) one.x.forEach((value, k) => draw(svg, "path", {
                d: MARKS[one.mark] ?? "", style: `fill:${color(one.token)}`,
                transform: `translate(${px(x(value))} ${px(y(one.y[k]))}) scale(.6)`,
            }));
        });
        const now = draw(svg, "line", { y1: top, y2: bottom, class: "now" });
        const tips = strong.map((one) => draw(svg, "path", {
            d: MARKS[one.mark] || MARKS["●"], style: `fill:${color(one.token)}`, class: "tip",
        }));
        return (i, share) => {
            const place = mix(panel.at[i], panel.at[i + 1] ?? panel.at[i], share), here = px(x(place));
            set(now, "x1", here), set(now, "x2", here), set(clip, "width", px(here - left + 8));
            strong.forEach((one, k) => {
                const last = one.x.length - 1, between = indexOf(place, one.x), before = Math.floor(between);
                const inside = place >= one.x[0] - 1e-6 && place <= one.x[last] + 1e-6;
                tips[k].style.display = inside ? "" : "none";
                const value = mix(one.y[before], one.y[Math.min(before + 1, last)], between - before);
                set(tips[k], "transform", `translate(${here} ${px(y(value))}) scale(1.25)`);
                const seen = one.x.findLastIndex((point) => point <= panel.at[i] + 1e-6);
                write(owner.values[k], seen < 0 ? "–" : trueMinus(one.y[seen].toFixed(panel.digits ?? 3)));
            });
        };
    },

    heaps(panel, stage) {
        const { width, height, em, svg } = canvasOf(stage, panel), edges = panel.edges, bins = edges.length - 1;
        const left = em * 2.6, right = width - em * 0.9, top = em * 0.3, bottom = height - em * 2.8;
        const x = (value) => left + (right - left) * (value - edges[0]) / (edges[bins] - edges[0]);
        const middle = (top + bottom) / 2, zero = clamp(x(0), left, right), half = (bottom - top) / 2 - em * 0.2;
        draw(svg, "rect", { x: zero, y: top, width: right - zero, height: bottom - top, class: "side first" });
        draw(svg, "rect", { x: left, y: top, width: zero - left, height: bottom - top, class: "side second" });
        const lines = [1, -1].map((side) => ({
            side, line: draw(svg, "line", { x1: left, x2: right, class: "grid" }),
            text: draw(svg, "text", { x: left - em * 0.4, class: "tick end" }),
        }));
        const second = draw(svg, "path", { style: `fill:${hatch(svg, "second")};stroke:${color("second")}` });
        const first = draw(svg, "path", { style: `fill:${color("first")};stroke:${color("first")}` });
        draw(svg, "line", { x1: left, x2: right, y1: middle, y2: middle, class: "axis" });
        draw(svg, "line", { x1: zero, x2: zero, y1: top, y2: bottom + em * 0.4, class: "now" });
        const name = (text, y, token) => draw(svg, "text", { x: left + em * 0.5, y, class: `name halo ${token}` }, text);
        name(`● ${words(panel.names?.[0])}`, top + em * 1.2, "first");
        name(`■ ${words(panel.names?.[1])}`, bottom - em * 0.6, "second");
        const foot = bottom + em * 1.3, ends = [edges[0], 0, edges[bins]];
        ends.forEach((value, k) => draw(svg, "text", {
            x: x(value), y: foot, class: `tick ${["second", "middle", "end first"][k]}`,
        }, `${value > 0 ? "+" : ""}${trueMinus(String(value))}${["  ■", "", "  ●"][k]}`));
        draw(svg, "text", { x: (left + right) / 2, y: height - em * 0.3, class: "tick middle" }, words(panel.x_name));
        const gap = x(edges[1]) - x(edges[0]) > 6 ? 1 : 0;
        const largest = panel.first.map((row, i) => Math.max(1, ...row, ...panel.second[i]));
        const bars = (from, to, share, side, most) => from.map((count, k) => {
            const size = half * mix(count, to[k], share) / most;
            if (size < 0.05) return "";
            const a = px(x(edges[k]) + gap), b = px(x(edges[k + 1]) - gap);
            return `M${a} ${middle}V${px(middle - side * Math.max(size, 1))}H${b}V${middle}z`;
        }).join("");
        return (i, share) => {
            const j = Math.min(i + 1, largest.length - 1), most = mix(largest[i], largest[j], share) * 1.04;
            first.setAttribute("d", bars(panel.first[i], panel.first[j], share, 1, most));
            second.setAttribute("d", bars(panel.second[i], panel.second[j], share, -1, most));
            const [round, text] = ticks(0, most, 2).at(-1);
            for (const { side, line, text: label } of lines) {
                const at = px(middle - side * half * round / most);
                set(line, "y1", at), set(line, "y2", at), set(label, "y", px(at + em * 0.34)), write(label, text);
            }
        };
    },

    cells(panel, stage) {
        if (panel.packed) return manyCells(panel, stage);
        const { width, height, em, svg } = canvasOf(stage, panel), { rows, columns, scale } = panel;
        let w = (width - 2) / columns, h = (height - 2) / rows;
        if (!panel.numbers || w < h) w = h = Math.min(w, h);
        w = Math.min(w, h * 2.6);
        const left = 1, weight = scale === "weight";
        const beside = weight && panel.numbers && w > em * 2.7 + h * 0.62;
        const size = beside ? Math.min(h - 6, w - em * 2.9) : Math.min(w - 6, panel.numbers ? h - em * 1.3 : h - 6);
        const negative = hatch(svg, weight ? "ink" : "second", weight ? 4 : 6);
        const cells = Array.from({ length: rows * columns }, (_, k) => {
            const x = left + (k % columns) * w, y = 1 + Math.floor(k / columns) * h;
            const cx = beside ? x + 3 + size / 2 : x + w / 2;
            const cy = panel.numbers && weight && !beside ? y + 3 + size / 2 : y + h / 2;
            const ink = draw(svg, "rect", weight ? { class: "weight" } : { x, y, width: w, height: h });
            draw(svg, "rect", { x: px(x), y: px(y), width: px(w), height: px(h), class: "cell" });
            const text = panel.numbers && draw(svg, "text", {
                x: px(beside ? x + w - em * 0.3 : cx), y: px(beside || !weight ? cy + em * 0.35 : y + h - em * 0.3),
                class: `number ${beside ? "end" : "middle"}`,
            });
            return { ink, text, cx, cy, x, y };
        });
        const frame = panel.marked && draw(svg, "rect", { width: w, height: h, class: "marked" });
        return (i, share) => {
            const next = panel.values[i + 1] ?? panel.values[i];
            cells.forEach(({ ink, text, cx, cy }, k) => {
                const from = panel.values[i][k], jump = weight && Math.abs(next[k] - from) > 1;
                const value = jump ? from : mix(from, next[k], share);
                if (weight) {
                    const side = px(size * Math.sqrt(Math.min(1, Math.abs(value))));
                    set(ink, "width", side), set(ink, "height", side);
                    set(ink, "x", px(cx - side / 2)), set(ink, "y", px(cy - side / 2));
                } else set(ink, "fill-opacity", Math.round(Math.abs(value) * 100) / 100);
                set(ink, "fill", value < 0 ? negative : color(scale === "class" ? "first" : "ink"));
                if (text) write(text, `${from < 0 ? "−" : weight ? "+" : ""}${Math.abs(from).toFixed(2)}`);
                if (text && scale === "ink") set(text, "fill", color(value > 0.5 ? "paper" : "ink"));
            });
            const marked = frame ? panel.marked[i] : -1;
            if (frame) frame.style.display = marked >= 0 ? "" : "none";
            if (marked >= 0) set(frame, "x", px(cells[marked].x)), set(frame, "y", px(cells[marked].y));
        };
    },

    gauge(panel, stage) {
        const { width, height, em, svg } = canvasOf(stage, panel), grey = panel.picture;
        const size = Array.isArray(grey) && grey.length ? Math.min(height - em * 3.6, em * 6, width * 0.42) : 0;
        if (size > 16) {
            const step = size / grey.length, across = step * grey[0].length, x0 = 3;
            grey.forEach((line, r) => line.forEach((value, c) => draw(svg, "rect", {
                x: px(x0 + c * step), y: px(3 + r * step), width: px(step), height: px(step), class: "cell",
                style: `fill:${color("ink")};fill-opacity:${finite(value) ? value : 0}`,
            })));
            const truth = finite(panel.truth) ? (panel.truth > 0 ? "first" : "second") : "ink";
            const style = `stroke:${color(truth)}`;
            draw(svg, "rect", { x: x0, y: 3, width: across, height: size, class: "truth", style });
        }
        const left = em * 0.7, right = width - em * 0.7, y = height - em * 3, thick = em * 1.1;
        const id = `class${++patterns}`;
        const gradient = draw(draw(svg, "defs"), "linearGradient", { id });
        ["second", "paper", "first"].forEach((token, k) => draw(gradient, "stop", {
            offset: k / 2, style: `stop-color:${color(token)}`,
        }));
        draw(svg, "rect", { x: left, y, width: right - left, height: thick, fill: `url(#${id})`, class: "scale" });
        const middle = (left + right) / 2, foot = height - em * 0.4;
        draw(svg, "line", { x1: middle, x2: middle, y1: y, y2: y + thick, class: "axis" });
        draw(svg, "text", { x: 2, y: foot, class: "name second" }, `■ ${words(panel.names?.[1])}`);
        draw(svg, "text", { x: width - 2, y: foot, class: "name end first" }, `${words(panel.names?.[0])} ●`);
        const needle = draw(svg, "path", { d: `M-9-13H9L0 1z M-1.75 0h3.5v${px(thick)}h-3.5z`, class: "needle" });
        const above = Math.max(em * 1.8, y - em * (size > 16 ? 2.4 : 1.5));
        const value = draw(svg, "text", { x: width - 2, y: above, class: "big end" });
        return (i, share) => {
            const from = panel.values[i], at = mix(from, panel.values[i + 1] ?? from, share);
            set(needle, "transform", `translate(${px(mix(left, right, (at + 1) / 2))} ${px(y)})`);
            write(value, `${from < 0 ? "−" : "+"}${Math.abs(from).toFixed(3)}`);
        };
    },

    numbers(panel, stage) {
        stage.replaceChildren();
        const list = make("dl", {}, stage), values = panel.numbers.map((one) => {
            const pair = make("div", {}, list);
            make("dt", {}, pair, words(one.label));
            const value = make("dd", { style: `color:${color(one.token)}` }, pair);
            if (one.mark) make("span", { "aria-hidden": "true", class: "mark" }, value, `${one.mark} `);
            return make("span", {}, value);
        });
        return (i) => panel.numbers.forEach((one, k) => write(values[k], String(one.texts[i])));
    },

    dial(panel, stage) {
        const { width, height, em, svg } = canvasOf(stage, panel);
        const cx = width / 2, cy = height / 2, radius = Math.max(20, Math.min(cx - em * 3, cy - em * 0.6));
        const at = ([a, b]) => [px(cx + radius * a), px(cy - radius * b)];
        draw(svg, "circle", { cx, cy, r: radius, class: "circle" });
        draw(svg, "line", { x1: cx - radius, x2: cx + radius, y1: cy, y2: cy, class: "axis" });
        draw(svg, "line", { x1: cx, x2: cx, y1: cy - radius, y2: cy + radius, class: "grid" });
        const y = cy + em * 0.35, far = radius + em * 0.4;
        draw(svg, "text", { x: cx - far, y, class: "name end second" }, words(panel.names?.[1]));
        draw(svg, "text", { x: cx + far, y, class: "name first" }, words(panel.names?.[0]));
        const trail = draw(svg, "polyline", { class: "trail" }), fall = draw(svg, "line", { class: "fall" });
        const hand = draw(svg, "line", { x1: cx, y1: cy, class: "hand" });
        const tip = draw(svg, "circle", { r: 7, class: "handtip" });
        return (i, share) => {
            const now = panel.points[i], next = panel.points[i + 1] ?? now;
            const between = (a, b) => [mix(a[0], b[0], share), mix(a[1], b[1], share)];
            const path = panel.grows ? [...panel.points.slice(0, i + 1), between(now, next)]
                : now.map((point, k) => between(point, next[k] ?? point));
            const [x, y] = at(path.at(-1));
            trail.setAttribute("points", path.map(at).join(" "));
            set(hand, "x2", x), set(hand, "y2", y), set(tip, "cx", x), set(tip, "cy", y);
            set(fall, "x1", x), set(fall, "x2", x), set(fall, "y1", y), set(fall, "y2", cy);
        };
    },
};

/** Too many cells for elements of their own: small squares on a canvas, filled for +, hollow for −. */
function manyCells(panel, stage) {
    stage.replaceChildren();
    const cell = Math.max(2, Math.min(stage.clientWidth / panel.columns, stage.clientHeight / panel.rows));
    const width = cell * panel.columns, height = cell * panel.rows, ratio = window.devicePixelRatio || 1;
    const pixels = { width: width * ratio, height: height * ratio };
    const canvas = make("canvas", { role: "img", "aria-label": panel.title, ...pixels }, stage);
    canvas.style.width = `${width}px`, canvas.style.height = `${height}px`;
    const pen = canvas.getContext("2d");
    return (i, share) => {
        const style = getComputedStyle(stage), next = panel.values[i + 1] ?? panel.values[i];
        const [ink, first, second] = ["--ink", "--first", "--second"].map((name) => style.getPropertyValue(name));
        pen.setTransform(ratio, 0, 0, ratio, 0, 0);
        pen.clearRect(0, 0, width, height);
        pen.strokeStyle = style.getPropertyValue("--line");
        pen.lineWidth = 0.5;
        for (let c = 0; c <= panel.columns; c++) pen.strokeRect(c * cell, 0, 0, height);
        for (let r = 0; r <= panel.rows; r++) pen.strokeRect(0, r * cell, width, 0);
        panel.values[i].forEach((from, k) => {
            const jump = panel.scale === "weight" && Math.abs(next[k] - from) > 1;
            const value = jump ? from : mix(from, next[k], share);
            const x = (k % panel.columns) * cell, y = Math.floor(k / panel.columns) * cell;
            pen.globalAlpha = panel.scale === "weight" ? 1 : Math.abs(value);
            pen.fillStyle = panel.scale !== "class" ? ink : value < 0 ? second : first;
            pen.strokeStyle = ink;
            pen.lineWidth = 1;
            const size = panel.scale === "weight" ? (cell - 1) * Math.sqrt(Math.min(1, Math.abs(value))) : cell;
            const left = x + (cell - size) / 2, top = y + (cell - size) / 2, inside = Math.max(0, size - 1);
            if (panel.scale === "weight" && value < 0) pen.strokeRect(left + 0.5, top + 0.5, inside, inside);
            else pen.fillRect(left, top, size, size);
        });
        pen.globalAlpha = 1;
    };
}

// ---------------------------------------------------------------- the player

class Player {
    constructor(parent) {
        this.at = 0; // the frame, and between two frames a fraction of one
        this.speed = 1;
        this.playing = false;
        this.views = [];
        this.build(parent);
        this.watcher = new ResizeObserver(() => this.layout());
        this.watcher.observe(this.stage);
    }

    build(parent) {
        parent.querySelector?.(".film")?.remove();
        this.root = make("div", { class: "film", role: "group", tabindex: "-1" }, parent);
        const bar = make("div", { class: "bar" }, this.root);
        const button = (icon, name, act) => {
            const made = make("button", { type: "button", class: icon, "aria-label": name, title: name }, bar);
            draw(draw(made, "svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }), "path", { d: ICONS[icon] });
            made.addEventListener("click", act);
            return made;
        };
        this.playButton = button("play", "Play", () => this.toggle());
        this.playWord = make("span", {}, this.playButton, "Play");
        this.stepButton = button("step", "One step", () => this.step(1));
        button("start", "Back to the start", () => this.jump(0));
        this.slider = make("input", { type: "range", min: 0, step: "any" }, bar);
        this.slider.addEventListener("input", () => this.drag());
        this.slider.addEventListener("change", () => this.stop());
        this.place = make("output", { class: "place" }, bar);
        const pick = make("select", { "aria-label": "Speed", title: "Speed" }, bar);
        for (const speed of SPEEDS) make("option", { value: speed }, pick, `${speed}×`);
        pick.value = "1";
        pick.addEventListener("change", () => { this.speed = Number(pick.value); });
        this.stage = make("div", { class: "panels" }, this.root);
        this.live = make("div", { class: "heard", "aria-live": "polite" }, this.root);
        this.root.addEventListener("keydown", (event) => this.key(event));
        this.root.addEventListener("pointerenter", () => this.shade());
    }

    // ------------------------------------------------------------ data

    receive(data, send) {
        this.send = send;
        this.pace = finite(data.pace) && data.pace > 0 ? data.pace : 1;
        this.root.classList.toggle("wide-first", data.wide_first !== false);
        this.shade();
        const text = JSON.stringify(data.film ?? null);
        if (text !== this.text) {
            this.text = text;
            const film = cleaned(data.film);
            if (film) this.change(film, data.at);
        }
        if (data.play && this.film && data.play !== this.played) this.play();
        this.played = data.play;
    }

    change(film, at) {
        const old = this.film, last = film.positions.length - 1;
        const position = old && this.positionAt(this.at);
        this.film = film;
        if (old?.name === film.name) {
            this.at = clamp(indexOf(position, film.positions), 0, last);
            if (!this.playing && !this.easing && !this.dragging) this.at = Math.round(this.at);
            this.goal = last;
        } else {
            this.playing = this.easing = this.ahead = false;
            this.sent = null;
            clearTimeout(this.timer);
            this.at = clamp(Math.round([at, film.rest].find(finite) ?? last), 0, last);
        }
        set(this.root, "aria-label", words(film.title) || "Film");
        set(this.slider, "aria-label", words(film.label) || "frame");
        const growth = film.positions[last] - film.positions[0], planned = film.total - film.positions[0];
        this.most = growth > 0 ? Math.max(last, last * planned / growth) : Math.max(1, planned);
        set(this.slider, "max", this.most);
        this.root.style.setProperty("--there", `${100 * last / this.most}%`);
        // So that the slider stays as long as it is while the words beside it change.
        const longest = Math.max(...film.positions.map((_, k) => this.said(k).length));
        this.place.style.minWidth = `${(longest * 0.54).toFixed(1)}em`;
        this.shells();
        this.layout();
        this.buttons();
        if (this.ahead && old?.name === film.name && Math.round(this.at) < last) {
            this.ahead = false;
            this.step(1);
        }
    }

    positionAt(at) {
        const positions = this.film.positions, i = clamp(Math.floor(at), 0, positions.length - 1);
        return mix(positions[i], positions[i + 1] ?? positions[i], at - i);
    }

    get last() { return this.film ? this.film.positions.length - 1 : 0; }

    get growing() { return this.film.positions[this.last] < this.film.total - 1e-9; }

    /** Headings and legends; kept while they stay the same, so that nothing that has the focus goes away. */
    shells() {
        const shape = JSON.stringify(this.film.panels.map((panel) => [
            panel.kind, panel.title, !!panel.packed, !!panel.picture,
            panel.series?.map((one) => [one.name, one.role, one.token, one.dash, one.mark]),
        ]));
        if (shape === this.shape) return this.views.forEach((view, k) => { view.panel = this.film.panels[k]; });
        this.shape = shape;
        this.stage.replaceChildren();
        this.views = this.film.panels.map((panel) => {
            const box = make("section", { class: `panel ${panel.kind}`, "aria-label": words(panel.title) }, this.stage);
            box.classList.toggle("many", !!panel.packed);
            box.classList.toggle("pictured", !!panel.picture);
            const head = make("header", {}, box);
            make("h3", {}, head, words(panel.title));
            const view = { panel, box, values: [], behind: new Map() };
            if (panel.kind === "curves") this.legend(view, head);
            view.stage = make("div", { class: "stage" }, box);
            return view;
        });
        const cells = this.film.panels.filter((panel) => panel.kind === "cells").length;
        this.stage.dataset.cells = Math.min(cells, 4);
    }

    legend(view, head) {
        const numbered = view.panel.series.map((one, number) => [one, number]), order = ["strong", "faint", "behind"];
        numbered.sort(([a], [b]) => order.indexOf(a.role) - order.indexOf(b.role)).forEach(([one, number]) => {
            const behind = one.role === "behind", name = words(one.name), long = behind ? 14 : 30;
            const key = make(behind ? "button" : "span", { class: `key ${one.role}` }, head);
            if (behind) key.type = "button";
            const sample = draw(key, "svg", { width: long, height: 14, "aria-hidden": "true" });
            const style = `stroke:${color(one.token)};stroke-dasharray:${DASHES[one.dash] ?? ""}`;
            draw(sample, "path", { d: `M1 7H${long - 1}`, class: `curve ${one.role}`, style });
            const transform = `translate(${long / 2} 7)`;
            draw(sample, "path", { d: MARKS[one.mark] ?? "", style: `fill:${color(one.token)}`, transform });
            make("span", {}, key, name);
            if (one.role === "strong") view.values.push(make("b", {}, key));
            if (!behind) return;
            const light = (on) => view.behind.get(number)?.classList.toggle("lit", on);
            for (const event of ["pointerenter", "focus"]) key.addEventListener(event, () => light(true));
            for (const event of ["pointerleave", "blur"]) key.addEventListener(event, () => light(false));
            key.addEventListener("click", () => this.tell("branch", { film: this.film.name, name, press: Date.now() }));
        });
    }

    layout() {
        if (!this.film) return;
        for (const view of this.views) {
            this.guarded(view, () => { view.frame = PANELS[view.panel.kind](view.panel, view.stage, view); });
        }
        this.show();
    }

    /** A panel that cannot be drawn does not stop the others. */
    guarded(view, act) {
        try {
            act();
        } catch (error) {
            warn(`${words(view.panel.title)} cannot be drawn:`, String(error));
            view.frame = () => {};
        }
    }

    /** Dark paper, dark colours. */
    shade() {
        const parts = getComputedStyle(this.root).backgroundColor.match(/[\d.]+/g)?.map(Number) ?? [255, 255, 255];
        this.root.classList.toggle("dark", parts[3] !== 0 && parts[0] * 0.3 + parts[1] * 0.6 + parts[2] * 0.1 < 110);
    }

    // ------------------------------------------------------------ movement

    show() {
        const i = clamp(Math.floor(this.at + 1e-9), 0, this.last), share = clamp(this.at - i, 0, 1);
        for (const view of this.views) this.guarded(view, () => view.frame(i, share));
        if (!this.dragging) this.slider.value = this.at;
        this.root.style.setProperty("--here", `${100 * this.at / this.most}%`);
        const said = this.said(i);
        write(this.place, said);
        set(this.slider, "aria-valuetext", said);
    }

    said(i) {
        const number = (value) => trueMinus(String(Math.round(value * 1e4) / 1e4)), { label, unit, total } = this.film;
        const end = Number.isInteger(total) ? ` of ${number(total)}` : "";
        return `${label} ${number(this.film.positions[i])}${words(unit)}${end}`;
    }

    toggle() {
        if (this.playing) this.wants({ play: false });
        this.playing ? this.stop() : this.play();
    }

    /** More frames than there are: Python is asked to go on with them, or told that nobody waits any more. */
    wants(what) {
        if (this.film && this.growing) this.tell("wants", { film: this.film.name, press: Date.now(), ...what });
    }

    play() {
        if (!this.film) return;
        if (this.at >= this.last && !this.growing) this.at = 0;
        this.easing = false;
        this.playing = true;
        this.wants({ play: true });
        this.buttons();
        this.run();
    }

    /** Come to rest at the nearest frame. */
    stop() {
        this.playing = this.easing = this.dragging = false;
        this.at = clamp(Math.round(this.at), 0, this.last);
        this.show();
        this.buttons();
        this.rest();
    }

    drag() {
        this.playing = this.easing = false;
        this.dragging = true;
        clearTimeout(this.timer);
        this.at = clamp(Number(this.slider.value), 0, this.last);
        if (still()) this.at = Math.round(this.at);
        this.buttons();
        this.request();
    }

    jump(frame) {
        this.at = frame;
        this.stop();
    }

    step(by) {
        if (!this.film) return;
        const from = this.easing ? this.goal : this.playing && by > 0 ? Math.floor(this.at) : Math.round(this.at);
        if (by === 1 && from >= this.last && this.growing) {
            this.ahead = true; // the step is taken when the frame is there
            return this.wants({ play: false, step: true });
        }
        this.goal = clamp(from + by, 0, this.last);
        this.playing = false;
        if (still() || Math.abs(by) > 1) return this.jump(this.goal);
        this.easing = { from: this.at, since: performance.now() };
        this.buttons();
        this.run();
    }

    /** Frames a second at speed 1. */
    get rate() {
        const rate = clamp(this.most / SECONDS, SLOWEST, FASTEST) * this.pace;
        return still() ? Math.min(rate, SLOWEST) : rate;
    }

    run() {
        this.before = performance.now();
        if (still()) this.exact = this.at;
        this.request();
    }

    request() { this.asked ??= requestAnimationFrame((now) => this.tick(now)); }

    tick(now) {
        this.asked = undefined;
        if (!this.root.isConnected) return;
        try {
            if (this.easing) this.ease(now);
            else if (this.playing) this.advance(now);
            else this.show();
        } catch (error) {
            this.playing = this.easing = false;
            warn(error);
        }
    }

    ease(now) {
        const share = clamp((now - this.easing.since) / EASE, 0, 1);
        if (share >= 1) return this.jump(this.goal);
        this.at = clamp(mix(this.easing.from, this.goal, 1 - (1 - share) ** 3), 0, this.last);
        this.show();
        this.request();
    }

    advance(now) {
        const passed = clamp(now - this.before, 0, 250) / 1000 * this.rate * this.speed;
        this.before = now;
        if (still()) this.at = Math.floor(this.exact = Math.min(this.exact + passed, this.last));
        else this.at = Math.min(this.at + passed, this.last);
        if (this.at >= this.last && !this.growing) return this.stop();
        this.show();
        this.request();
    }

    buttons() {
        const name = this.playing ? "Pause" : "Play";
        write(this.playWord, name);
        set(this.playButton, "aria-label", name), set(this.playButton, "title", name);
        set(this.playButton.querySelector("path"), "d", ICONS[name.toLowerCase()]);
        this.stepButton.disabled = !this.playing && this.at >= this.last && !this.growing;
    }

    /** Say where it stands, once, when it has stood there for a moment. */
    rest() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => {
            if (this.playing || this.easing || this.dragging || !this.film) return;
            const frame = Math.round(this.at), { name, positions } = this.film;
            const rest = { film: name, frame, position: positions[frame] };
            write(this.live, this.said(frame));
            const text = JSON.stringify(rest);
            if (text !== this.sent) this.tell("rest", rest);
            this.sent = text;
        }, SETTLE);
    }

    tell(name, value) {
        try {
            this.send?.(name, value);
        } catch (error) {
            warn(error);
        }
    }

    /** Keys count only while the focus is in the player, and a control in it keeps its own. */
    key(event) {
        if (event.ctrlKey || event.altKey || event.metaKey || !this.film) return;
        const tag = event.target.tagName;
        const own = tag === "SELECT" || (tag === "BUTTON" && [" ", "Enter"].includes(event.key));
        if (own) return event.stopPropagation();
        const onSlider = tag === "INPUT" ? { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 } : {};
        const by = { ArrowRight: 1, ArrowLeft: -1, ...onSlider }[event.key];
        if (event.key === " ") this.toggle();
        else if (event.key === "Home") this.jump(0);
        else if (event.key === "End") this.jump(this.last);
        else if (by) this.step(by);
        else return;
        event.preventDefault();
        event.stopPropagation();
    }
}
