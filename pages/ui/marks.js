
/** The marks of a picture, on a square from 0 to 100, as SVG text: its true digit, and what it was taken for. */
function marksOf(truth, verdict) {
    const named = (label) => (Number.isFinite(label) ? (label > 0 ? "first" : "second") : "");
    return (FRAMES[named(truth)] ?? "") + (CORNERS[named(verdict)] ?? "");
}
