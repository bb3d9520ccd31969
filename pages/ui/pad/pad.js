// The drawing pad. A stroke appears at once. While somebody draws, the pad's own line to the server is asked what the
// living pictures show, again and again, and once more when the pen is lifted. The page gets the drawing a moment
// later, if no other stroke follows, or before anything else is touched; then all of it is drawn anew.
// Points are in units of the canvas (data.side on each side), whatever its size on the screen.

const STEP = 2.5; // units between two points of a stroke
const MOST = 25000; // points; more would be refused by the server
const [LEAST, LONGEST] = [60, 500]; // milliseconds from an answer to the next question
const REST = 3; // times as long as the answer took: a server that is slow has others to answer too
const SOON = 600; // milliseconds: most strokes of a digit follow one another faster
const PALE = 0.14; // of the ghost: what to draw, as long as nothing is drawn
const CONTROLS = "a, button, input, select, textarea, label, summary, [role=slider], [role=button], [draggable=true]";

const pads = new WeakMap(); // the element that Streamlit keeps → its pad

export default function ({ data, parentElement, setStateValue }) {
    let pad = pads.get(parentElement);
    if (!pad || pad.closed) {
        pad = new Pad(parentElement, data);
        pads.set(parentElement, pad);
    }
    pad.show(data.ghost);
    pad.line = data.line;
    pad.say = setStateValue;
    pad.heard(data.number);
    // Streamlit may call this while the pad is still shown, when two answers come at once.
    return () => setTimeout(() => pad.closeIfGone());
}

class Pad {
    constructor(root, { side, pens, pen, strokes, number }) {
        Object.assign(this, { side, pens, pen, strokes, number });
        this.canvas = root.querySelector("canvas");
        this.brush = this.canvas.getContext("2d");
        this.pointer = null; // the one that draws
        this.mayEnter = false; // whether a pressed mouse may begin a stroke by moving in
        this.asking = this.changed = this.closed = false;
        this.waiting = null; // the timer of a drawing that the page has not got yet
        this.wake = () => {}; // ends the rest between two questions
        this.ghost = null; // a small canvas with the picture that stands in for a drawing
        this.off = new AbortController();
        this.tools(root);
        this.listen();
        this.resized = new ResizeObserver(() => this.draw());
        this.resized.observe(this.canvas);
        this.draw();
    }

    tools(root) {
        this.undo = root.querySelector(".undo");
        this.clear = root.querySelector(".clear");
        this.undo.onclick = () => this.change(() => this.strokes.pop());
        this.clear.onclick = () => this.change(() => (this.strokes = []));
        this.choices = Object.entries(this.pens).map(([name, width]) => {
            const button = document.createElement("button");
            const dot = document.createElement("i");
            dot.style.width = dot.style.height = `${width * 0.8}px`;
            button.type = "button";
            button.title = button.ariaLabel = `${name} pen`;
            button.append(dot);
            button.onclick = () => this.change(() => (this.pen = name));
            button.dataset.pen = name;
            return button;
        });
        root.querySelector(".pens").replaceChildren(...this.choices);
    }

    listen() {
        const on = (target, names, act) => {
            for (const name of names.split(" "))
                target.addEventListener(name, act, { signal: this.off.signal, capture: target !== this.canvas });
        };
        on(this.canvas, "pointerdown", (event) => this.down(event));
        on(this.canvas, "pointermove", (event) => this.move(event));
        on(this.canvas, "pointerup pointercancel lostpointercapture", (event) => this.up(event));
        // A press elsewhere becomes a stroke when it moves in, unless it holds a slider, a link or the like.
        on(document, "pointerdown", (event) => {
            this.closeIfGone();
            if (!event.composedPath().includes(this.canvas)) this.flush();
            this.mayEnter = !event.composedPath().some((element) => element.matches?.(CONTROLS));
        });
        on(document, "keydown", () => this.flush());
        on(window, "blur pagehide", () => this.flush());
        on(document, "selectstart dragstart", (event) => this.pointer !== null && event.preventDefault());
    }

    down(event) {
        if (this.pointer !== null || event.button > 0) return; // a second finger, or another button of the mouse
        event.preventDefault(); // no text is selected from here
        this.begin(event);
    }

    begin(event) {
        this.pointer = event.pointerId;
        clearTimeout(this.waiting);
        document.documentElement.dataset.pen = "down"; // what follows the pen only later is paler meanwhile
        try {
            this.canvas.setPointerCapture(event.pointerId);
        } catch {
            // the pointer has gone; its stroke is a dot
        }
        document.documentElement.style.userSelect = document.documentElement.style.webkitUserSelect = "none";
        getSelection()?.removeAllRanges();
        this.strokes.push({ width: this.pens[this.pen], points: [] });
        this.add(event);
    }

    move(event) {
        if (this.pointer === null && event.buttons & 1 && this.mayEnter) this.begin(event);
        if (event.pointerId !== this.pointer) return;
        const all = event.getCoalescedEvents?.() ?? [];
        for (const one of all.length ? all : [event]) this.add(one);
    }

    up(event) {
        if (event.pointerId !== this.pointer) return;
        this.number += 1;
        this.lift();
        getSelection()?.removeAllRanges();
        this.waiting = setTimeout(() => this.flush(), SOON);
        this.changed = true;
        this.wake();
        this.ask();
    }

    lift() {
        this.pointer = null;
        Object.assign(document.documentElement.dataset, { pen: "lifted", drawing: this.number });
        document.documentElement.style.userSelect = document.documentElement.style.webkitUserSelect = "";
    }

    /** The page has drawn itself with the drawing of this number. */
    heard(number) {
        this.given = number;
        if (this.pointer === null && this.waiting === null && number >= this.number)
            delete document.documentElement.dataset.pen;
    }

    /** The page gets the drawing now, if it has not got it yet. */
    flush() {
        if (this.pointer === null && this.waiting !== null) this.send();
    }

    add(event) {
        const box = this.canvas.getBoundingClientRect();
        const unit = (position, start, length) =>
            Math.round(10 * Math.min(1.5, Math.max(-0.5, (position - start) / length)) * this.side) / 10;
        const x = unit(event.clientX, box.left, box.width);
        const y = unit(event.clientY, box.top, box.height);
        const { points } = this.strokes.at(-1);
        const near = points.length && Math.hypot(x - points.at(-2), y - points.at(-1)) < STEP;
        if (near || this.strokes.reduce((sum, stroke) => sum + stroke.points.length / 2, 0) >= MOST) return;
        this.change(() => points.push(x, y));
    }

    change(act) {
        act();
        this.changed = true;
        if (!this.frame)
            this.frame = requestAnimationFrame(() => {
                this.frame = 0;
                this.draw();
            });
        if (this.pointer === null) this.send();
        else this.ask();
    }

    /** The page gets the drawing as it is. */
    send() {
        if (this.waiting === null) this.number += 1; // else the line has got it under this number
        clearTimeout(this.waiting);
        this.waiting = null;
        if (!this.canvas.isConnected) return; // the page has been left; the next one knows nothing of this pad
        this.say("drawing", this.drawing());
        this.heard(this.given); // a page that was drawn for another reason may have it already
    }

    /** What the line says of the drawing as it is; one question at a time. */
    async ask() {
        if (this.asking) return;
        this.asking = true;
        this.changed = false;
        const { number } = this;
        const began = performance.now();
        try {
            const asked = { ...this.drawing(), lifted: this.pointer === null };
            const answer = await fetch(this.line, { method: "POST", body: JSON.stringify(asked) });
            const detail = answer.ok && (await answer.json());
            // What the page has got is the page's.
            if (detail && number === this.number) document.dispatchEvent(new CustomEvent("pen-answer", { detail }));
            if (!detail) this.flush();
        } catch {
            this.flush(); // no answer from there: the verdict comes with the page
        }
        const rest = Math.min(LONGEST, Math.max(LEAST, REST * (performance.now() - began)));
        if (this.pointer !== null)
            await new Promise((rested) => {
                this.wake = rested;
                setTimeout(rested, rest);
            });
        this.asking = false;
        if (this.changed && (this.pointer !== null || this.waiting !== null)) this.ask();
    }

    drawing() {
        const strokes = this.strokes.filter((stroke) => stroke.points.length);
        return { number: this.number, pen: this.pen, strokes };
    }

    /** What an empty pad shows: grey values from 0 to 255 of a square picture, row by row. */
    show(greys) {
        const ink = getComputedStyle(this.canvas).color.match(/[\d.]+/g).slice(0, 3).map(Number);
        if (String([ink, greys]) === this.greys) return;
        this.greys = String([ink, greys]);
        const side = Math.round(Math.sqrt(greys.length));
        this.ghost = side ? document.createElement("canvas") : null;
        if (this.ghost) {
            this.ghost.width = this.ghost.height = side;
            const pixels = greys.flatMap((grey) => [...ink, grey * PALE]);
            this.ghost.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels), side), 0, 0);
        }
        this.draw();
    }

    draw() {
        const { canvas, brush, side } = this;
        const pixels = Math.round(canvas.clientWidth * devicePixelRatio);
        if (canvas.width !== pixels || canvas.height !== pixels) canvas.width = canvas.height = pixels;
        brush.setTransform(pixels / side, 0, 0, pixels / side, 0, 0);
        brush.clearRect(0, 0, side, side);
        brush.lineCap = brush.lineJoin = "round";
        brush.strokeStyle = getComputedStyle(canvas).color;
        if (this.ghost && !this.strokes.length) brush.drawImage(this.ghost, 0, 0, side, side);
        for (const { width, points } of this.strokes) {
            brush.lineWidth = width;
            brush.beginPath();
            brush.moveTo(points[0], points[1]);
            if (points.length === 2) brush.lineTo(points[0], points[1]);
            for (let k = 2; k < points.length; k += 2) brush.lineTo(points[k], points[k + 1]);
            brush.stroke();
        }
        this.undo.disabled = this.clear.disabled = !this.strokes.length;
        for (const button of this.choices) button.ariaPressed = String(button.dataset.pen === this.pen);
    }

    closeIfGone() {
        if (this.closed || this.canvas.isConnected) return;
        this.closed = true;
        this.off.abort();
        this.resized.disconnect();
        clearTimeout(this.waiting);
        if (this.pointer !== null) this.lift();
        delete document.documentElement.dataset.pen;
    }
}
