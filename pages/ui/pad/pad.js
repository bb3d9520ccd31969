// The drawing pad. A stroke appears at once; the drawing is sent whenever the last answer is there.
// Points are in units of the canvas (data.side on each side), whatever its size on the screen.

const STEP = 2.5; // units between two points of a stroke
const MOST = 25000; // points; more would be refused by the server
const PATIENCE = 3000; // milliseconds after which an answer is taken for lost
const REST = 300; // milliseconds at most from an answer to the next question: as long as the answer took
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
    pad.answer(data.answered, setStateValue);
    // Streamlit may call this while the pad is still shown, when two answers come at once.
    return () => pad.closeIfGone();
}

class Pad {
    constructor(root, { side, pens, pen, strokes, answered }) {
        Object.assign(this, { side, pens, pen, strokes, sent: answered });
        this.canvas = root.querySelector("canvas");
        this.brush = this.canvas.getContext("2d");
        this.pointer = null; // the one that draws
        this.mayEnter = false; // whether a pressed mouse may begin a stroke by moving in
        this.waiting = this.changed = this.closed = false;
        this.asked = this.resting = 0; // when, and the timer that asks again
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
            this.mayEnter = !event.composedPath().some((element) => element.matches?.(CONTROLS));
        });
        on(document, "selectstart dragstart", (event) => this.pointer !== null && event.preventDefault());
    }

    down(event) {
        if (this.pointer !== null || event.button > 0) return; // a second finger, or another button of the mouse
        event.preventDefault(); // no text is selected from here
        this.begin(event);
    }

    begin(event) {
        this.pointer = event.pointerId;
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
        this.pointer = null;
        document.documentElement.style.userSelect = document.documentElement.style.webkitUserSelect = "";
        getSelection()?.removeAllRanges();
        this.change(() => {});
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
        if (!this.drawing)
            this.drawing = requestAnimationFrame(() => {
                this.drawing = 0;
                this.draw();
            });
        // Nothing is waited for once the pen is up: the server takes the newest of what lies before it.
        if (!(this.waiting || this.resting) || this.pointer === null) this.send();
    }

    send() {
        if (!this.canvas.isConnected) return; // the page has been left; the next one knows nothing of this pad
        this.changed = false;
        this.sent += 1;
        this.asked = performance.now();
        clearTimeout(this.resting);
        this.resting = 0;
        clearTimeout(this.waiting);
        this.waiting = setTimeout(() => {
            this.changed = true; // it is sent again
            this.answer(this.sent);
        }, PATIENCE);
        this.say?.("drawing", {
            number: this.sent,
            pen: this.pen,
            down: this.pointer !== null,
            strokes: this.strokes.filter((stroke) => stroke.points.length),
        });
    }

    answer(number, say = this.say) {
        this.say = say;
        if (number < this.sent || !this.waiting) return;
        clearTimeout(this.waiting);
        this.waiting = false;
        // A server that is slow to answer has others to answer too.
        this.resting = setTimeout(() => {
            this.resting = 0;
            if (this.changed) this.send();
        }, Math.min(performance.now() - this.asked, REST));
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
        if (this.pointer !== null) document.documentElement.style.userSelect = "";
    }
}
