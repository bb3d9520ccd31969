// What arrives is checked here; what cannot be drawn is left out, with a warning in the console.

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
    bars(panel, n) {
        const edges = row(panel.edges, Math.max(2, panel.edges?.length ?? 0), "edges");
        const counts = row(panel.counts, edges.length - 1, "counts");
        return { ...panel, edges, counts, at: row(panel.at, n, "at"), share: row(panel.share, n, "share") };
    },
    tiles(panel, n) {
        const pictures = panel.pictures.map(({ side, packed }) => {
            const bytes = atob(packed);
            if (!(side > 0) || bytes.length !== side * side) throw new Error("a picture is no square");
            return { side, greys: [...bytes].map((byte) => byte.charCodeAt(0)) };
        });
        if (!(panel.shown?.length >= n)) throw new Error("shown is too short");
        const shown = panel.shown.slice(0, n).map((tiles) => those(tiles, "tiles", (tile) => pictures[tile?.[0]]));
        const group = clamp(Math.round(panel.group) || 1, 1, 12), most = Math.max(...shown.map((one) => one.length));
        return { ...panel, pictures, shown, group, groups: Math.ceil(Math.min(most, 60) / group) };
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
    const last = positions[n - 1], rising = (list) => list.every((value, k) => !k || value > list[k - 1]);
    const planned = Array.isArray(film.planned) ? film.planned.filter(finite) : [];
    const may = planned.length && rising(planned) ? planned : positions;
    return { ...film, positions, planned: may, panels, total: finite(film.total) ? Math.max(film.total, last) : last };
}
