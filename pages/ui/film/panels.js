// The panels of a film. Each is a function (panel, stage) that draws what stands still, and gives a function
// (i, share) that draws frame i, and between it and the next one a share of the way.

const MARKS = {
    "●": "M-5.5 0a5.5 5.5 0 1 0 11 0a5.5 5.5 0 1 0-11 0z", "■": "M-5-5H5V5H-5z", "▲": "M0-6.5L6.5 5H-6.5z",
    "◆": "M0-7L6.5 0 0 7-6.5 0z",
};
const DASHES = { solid: "", dashed: "9 5", dotted: "3 4", long: "14 6" };
let patterns = 0;

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

/** Where a picture gets its marks; a function (truth, verdict) that draws them, each a label or nothing. */
function marksOn(svg, x = 0, y = 0, width = 100, height = width) {
    const transform = `translate(${px(x)} ${px(y)}) scale(${width / 100} ${height / 100})`;
    const group = draw(svg, "g", { transform, class: "marks" });
    let drawn = "";
    return (truth, verdict) => {
        const now = marksOf(truth, verdict);
        if (now !== drawn) group.innerHTML = drawn = now;
    };
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
        if (!panel.numbers || w < h || scale === "ink") w = h = Math.min(w, h);
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
        const bits = scale === "ink" && panel.values.every((row) => row.every(Number.isInteger));
        marksOn(svg, left, 1, w * columns, h * rows)(panel.truth);
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
                if (text) write(text, `${from < 0 ? "−" : weight ? "+" : ""}${Math.abs(from).toFixed(bits ? 0 : 2)}`);
                if (text && scale === "ink") text.style.fill = color(value > 0.5 ? "paper" : "ink");
            });
            const marked = frame ? panel.marked[i] : -1;
            if (frame) frame.style.display = marked >= 0 ? "" : "none";
            if (marked >= 0) set(frame, "x", px(cells[marked].x)), set(frame, "y", px(cells[marked].y));
        };
    },

    gauge(panel, stage) {
        const { width, height, em, svg } = canvasOf(stage, panel), grey = panel.picture;
        let marks;
        const size = Array.isArray(grey) && grey.length ? Math.min(height - em * 3.6, em * 6, width * 0.42) : 0;
        if (size > 16) {
            const step = size / grey.length, across = step * grey[0].length, x0 = 3;
            grey.forEach((line, r) => line.forEach((value, c) => draw(svg, "rect", {
                x: px(x0 + c * step), y: px(3 + r * step), width: px(step), height: px(step), class: "cell",
                style: `fill:${color("ink")};fill-opacity:${finite(value) ? value : 0}`,
            })));
            marks = marksOn(svg, x0, 3, across, size);
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
            marks?.(panel.truth, from);
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

    bars(panel, stage) {
        const { width, height, em, svg } = canvasOf(stage, panel), { edges, counts } = panel, bins = counts.length;
        const tall = Math.max(1, Math.ceil(Math.log10(Math.max(...counts, 1)))), low = -0.15; // powers of ten
        const left = em * 2.6, right = width - em * 0.8, top = em * 0.6, bottom = height - em * 4.4;
        const x = (value) => left + (right - left) * (value - edges[0]) / (edges[bins] - edges[0]);
        const y = (power) => bottom - (bottom - top) * (power - low) / (tall - low);
        for (let power = 0; power <= tall; power += tall > 4 ? 2 : 1) {
            draw(svg, "line", { x1: left, x2: right, y1: px(y(power)), y2: px(y(power)), class: "grid" });
            const tick = draw(svg, "text", { x: left - em * 0.4, y: px(y(power) + em * 0.34), class: "tick end" }, "10");
            draw(tick, "tspan", { dy: -em * 0.4, "font-size": "75%" }, String(power));
        }
        const d = counts.map((count, k) => (count >= 1 ? `M${px(x(edges[k]))} ${bottom}V${px(y(Math.log10(count)))}`
            + `H${px(x(edges[k + 1]))}V${bottom}z` : "")).join("");
        const id = `clip${++patterns}`, clip = draw(draw(draw(svg, "defs"), "clipPath", { id }), "rect", {
            y: 0, width, height,
        });
        draw(svg, "path", { d, class: "bar-left" });
        draw(draw(svg, "g", { "clip-path": `url(#${id})` }), "path", { d, class: "bar-right" });
        draw(svg, "line", { x1: left, x2: right, y1: bottom, y2: bottom, class: "axis" });
        const foot = bottom + em * 1.15, now = draw(svg, "line", { y1: top, y2: bottom, class: "cut" });
        [edges[0], edges[bins]].forEach((value, k) => draw(svg, "text", {
            x: x(value), y: foot, class: `tick ${["", "end"][k]}`,
        }, trueMinus(String(value))));
        draw(svg, "text", { x: (left + right) / 2, y: foot, class: "tick middle" }, words(panel.x_name));
        const sides = [0, 1].map((k) => draw(svg, "text", {
            x: left, y: bottom + em * (2.5 + 1.3 * k), class: "tick ink",
        }));
        return (i, share) => {
            const here = px(x(mix(panel.at[i], panel.at[i + 1] ?? panel.at[i], share)));
            set(now, "x1", here), set(now, "x2", here), set(clip, "x", here);
            [1 - panel.share[i], panel.share[i]].forEach((part, k) => write(
                sides[k], `${"□■"[k]} ${(100 * part).toFixed(1)} % ${words(panel.names?.[k])}`,
            ));
        };
    },

    tiles(panel, stage) {
        stage.replaceChildren();
        const box = make("div", { class: "tiles", style: `--group:${panel.group}` }, stage), drawn = new Map();
        const none = make("p", { class: "none" }, stage, words(panel.empty));
        const places = Array.from({ length: panel.groups }, () => make("div", { class: "group" }, box)).flatMap(
            (group) => Array.from({ length: panel.group }, () => {
                const place = make("figure", {}, group), picture = make("div", { class: "picture" }, place);
                const canvas = make("canvas", { role: "img" }, picture);
                const marks = marksOn(draw(picture, "svg", { viewBox: "0 0 100 100", "aria-hidden": "true" }));
                return { place, canvas, marks, text: make("figcaption", {}, place) };
            }),
        );
        const picture = (number, ink) => {
            const { side, greys } = panel.pictures[number], key = `${number} ${ink}`;
            if (!drawn.has(key)) {
                const canvas = make("canvas", { width: side, height: side }), pen = canvas.getContext("2d");
                pen.fillStyle = ink;
                greys.forEach((grey, k) => {
                    pen.globalAlpha = grey / 255;
                    pen.fillRect(k % side, Math.floor(k / side), 1, 1);
                });
                drawn.set(key, canvas);
            }
            return drawn.get(key);
        };
        return (i) => {
            const ink = getComputedStyle(stage).getPropertyValue("--ink");
            none.style.visibility = panel.shown[i].length ? "hidden" : "";
            places.forEach(({ place, canvas, marks, text }, k) => {
                const [number, caption, token, mark] = panel.shown[i][k] ?? [];
                place.style.visibility = number === undefined ? "hidden" : "";
                if (number === undefined) return;
                const said = words(caption), key = `${number} ${ink}`;
                write(text, mark ? `${mark} ${said}` : said);
                text.style.color = color(words(token));
                marks({ first: 1, second: -1 }[token]);
                set(canvas, "aria-label", said.replace("\n", ", ") || "picture");
                if (canvas.dataset.key === key) return;
                canvas.dataset.key = key;
                const from = picture(number, ink);
                canvas.width = canvas.height = from.width;
                canvas.getContext("2d").drawImage(from, 0, 0);
            });
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
        const marked = panel.marked?.[i] ?? -1, edge = Math.max(3, cell / 4);
        if (!(marked >= 0)) return;
        // Wider than a small cell: paper around ink, so that it is seen on both.
        const place = [(marked % panel.columns) * cell, Math.floor(marked / panel.columns) * cell];
        for (const [colour, out] of [["--paper", edge], ["--ink", edge / 2]]) {
            pen.strokeStyle = style.getPropertyValue(colour);
            pen.lineWidth = edge;
            pen.strokeRect(place[0] - out, place[1] - out, cell + 2 * out, cell + 2 * out);
        }
    };
}
