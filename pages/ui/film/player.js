// The player: moves the panels of a film. It knows frames, numbers and colours, and nothing of what they mean.

const SPEEDS = [0.5, 1, 2, 4];
const SECONDS = 8; // what a whole film takes at speed 1, within these frames a second:
const SLOWEST = 4, FASTEST = 30;
const EASE = 200, SETTLE = 120; // milliseconds: one step; until a rest is believed
// Milliseconds: after Play the line is asked alone; from an answer to the next question, so many times what it took,
// within these; so long a page may be on its way that knows less than the line has said.
const ALONE = 500, REST = 2, LEAST = 60, LONGEST = 400, LATE = 3000;
const ICONS = {
    play: "M6 4l14 8-14 8z", pause: "M6 4h4v16H6zM14 4h4v16h-4z", step: "M5 4l10 8-10 8zM16 4h3v16h-3z",
    start: "M19 4L9 12l10 8zM5 4h3v16H5z",
};

export default function ({ data, parentElement, setStateValue }) {
    try {
        parentElement.film ??= new Player(parentElement);
        parentElement.film.receive(data ?? {}, setStateValue);
    } catch (error) {
        console.warn("film:", error);
    }
}

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
        this.pick = make("select", { "aria-label": "Speed", title: "Speed" }, bar);
        for (const speed of SPEEDS) make("option", { value: speed }, this.pick, `${speed}×`);
        this.pick.value = "1";
        this.pick.addEventListener("change", () => {
            this.speed = Number(this.pick.value);
            this.tell("speed", { speed: this.speed, press: Date.now() });
        });
        this.stage = make("div", { class: "panels" }, this.root);
        this.live = make("div", { class: "heard", "aria-live": "polite" }, this.root);
        this.root.addEventListener("keydown", (event) => this.key(event));
    }

    // ------------------------------------------------------------ data

    receive(data, send) {
        this.send = send;
        this.pace = finite(data.pace) && data.pace > 0 ? data.pace : 1;
        this.root.classList.toggle("wide-first", data.wide_first !== false);
        // An answer that left before the last choice was heard must not undo it.
        if (SPEEDS.includes(data.speed) && data.speed !== this.given) this.pick.value = this.speed = data.speed;
        this.given = data.speed;
        this.root.classList.toggle("dark", data.dark === true);
        this.line = typeof data.line === "string" ? data.line : null;
        if (!this.take(data.film, data.at) && this.film) this.show(); // a canvas takes the new colours
        this.follow(data.at, data.heard);
        if (data.play && this.film && data.play !== this.played) this.play();
        this.played = data.play;
    }

    /** A film as JSON, if it is another one than there is; not one that is older than what the line has said. */
    take(text, at) {
        if (text === this.text) return false;
        const film = cleaned(JSON.parse(text)), grown = this.film;
        const late = film?.name === grown?.name && film?.positions.at(-1) < grown?.positions.at(-1);
        if (late && performance.now() < this.newest + LATE) return false;
        this.text = text;
        if (film) this.change(film, at);
        return true;
    }

    /** While it is played: more frames as they come, by a line of its own; the page is drawn anew much more seldom. */
    async ask() {
        if (this.asking || !this.line) return;
        const { name } = this.film;
        this.asking = true;
        try {
            for (let begin = true; this.playing && this.growing && this.film.name === name; begin = false) {
                const began = performance.now();
                const body = JSON.stringify({ film: name, after: this.film.positions[this.last], begin });
                const answer = await fetch(this.line, { method: "POST", body });
                if (!answer.ok || !this.root.isConnected) break;
                const text = await answer.text();
                if (text && this.film.name === name) {
                    this.newest = performance.now();
                    this.take(text);
                }
                // Without a frame the server has waited already.
                const rest = text ? clamp(REST * (performance.now() - began), LEAST, LONGEST) : LEAST;
                await new Promise((rested) => setTimeout(rested, rest));
            }
        } catch (error) {
            warn("the line says nothing:", String(error)); // then the frames come with the page
        }
        this.asking = false;
    }

    change(film, at) {
        const old = this.film, last = film.positions.length - 1;
        const position = old && this.held;
        this.film = film;
        this.counts = film.positions.every(Number.isInteger);
        if (old?.name === film.name) {
            this.at = this.dragging ? this.under(position) : indexOf(this.hoped ?? position, film.positions);
            if (!this.playing && !this.easing && !this.dragging) this.at = Math.round(this.at);
            this.goal = last;
        } else {
            this.playing = this.easing = this.ahead = false;
            this.sent = this.told = this.wished = undefined;
            this.settled();
            this.hoped = finite(at) ? at : null;
            this.at = finite(at) ? Math.round(indexOf(at, film.positions)) : clamp(film.rest ?? last, 0, last);
        }
        this.arrive(); // else it goes on to there as the film grows
        set(this.root, "aria-label", words(film.title) || "Film");
        set(this.slider, "aria-label", words(film.label) || "frame");
        // The slider is one of the moving number, so that it stands still when frames come in between.
        const planned = film.planned, low = planned[0], high = Math.max(film.total, planned.at(-1));
        this.range = { low, length: high - low || 1 };
        set(this.slider, "min", low), set(this.slider, "max", low + this.range.length);
        this.root.style.setProperty("--there", this.percent(Math.max(film.positions[last], planned.at(-1))));
        const growth = film.positions[last] - film.positions[0];
        this.most = growth > 0 ? Math.max(last, last * this.range.length / growth) : Math.max(1, this.range.length);
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

    /** Python's number has changed: go there, unless the film moves, or Python has not heard yet where it rests. */
    follow(at, heard) {
        if (!this.film || !finite(at) || at === this.wished) return;
        this.wished = at;
        const told = this.told === undefined || this.told === heard;
        if (!told || this.timer || this.playing || this.easing || this.dragging) return;
        this.hoped = at;
        this.at = Math.round(indexOf(at, this.film.positions));
        this.arrive();
        this.show();
        this.buttons();
    }

    /** Nothing is hoped for any more if it is there, or will never be. */
    arrive() {
        const { positions, planned } = this.film, to = this.hoped;
        if (positions.includes(to) || (to <= positions.at(-1) && !planned.includes(to))) this.hoped = null;
    }

    percent(position) { return `${100 * (position - this.range.low) / this.range.length}%`; }

    /** The number under the hand, or the planned one that is waited for, or that of the frame. */
    get held() {
        if (this.dragging) return Number(this.slider.value);
        return this.film.planned.includes(this.hoped) ? this.hoped : this.positionAt(this.at);
    }

    /** The frame to draw for a number: where frames are still missing in between, the nearer one. */
    under(position) {
        const { positions, planned } = this.film, at = clamp(indexOf(position, positions), 0, this.last);
        const low = positions[Math.floor(at)], high = positions[Math.ceil(at)];
        return planned.some((one) => one > low && one < high) || still() ? Math.round(at) : at;
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
            const box = make("div", { class: `panel ${panel.kind}`, role: "group", "aria-label": words(panel.title) }, this.stage);
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

    // ------------------------------------------------------------ movement

    show() {
        const i = clamp(Math.floor(this.at + 1e-9), 0, this.last), share = clamp(this.at - i, 0, 1);
        for (const view of this.views) this.guarded(view, () => view.frame(i, share));
        if (!this.dragging) this.slider.value = this.held;
        this.root.style.setProperty("--here", this.percent(this.held));
        const said = this.held === this.hoped ? this.saidAt(this.hoped) : this.said(i);
        write(this.place, said);
        set(this.slider, "aria-valuetext", said);
    }

    said(i) { return this.saidAt(this.film.positions[i]); }

    saidAt(position) {
        const number = (value) => trueMinus(String(Math.round(value * 1e4) / 1e4)), { label, unit, total } = this.film;
        const end = this.counts && Number.isInteger(total) ? ` of ${number(total)}` : "";
        return `${label} ${number(position)}${words(unit)}${end}`;
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
        this.hoped = null;
        if (this.at >= this.last && !this.growing) this.at = 0;
        this.easing = false;
        this.playing = true;
        this.begin();
        this.buttons();
        this.run();
    }

    /** Ask for what is still missing: the line first, and the page when that has all, or knows no more, or it takes long. */
    async begin() {
        if (!this.growing) return;
        const { name } = this.film, alone = new Promise((over) => setTimeout(over, ALONE));
        this.asks = this.ask();
        await Promise.race([this.asks, alone]);
        if (this.film.name === name && this.playing) this.tell("wants", { film: name, press: Date.now(), play: true });
    }

    /** Come to rest at the nearest frame. */
    stop() {
        if (!this.film) return;
        const { positions, planned } = this.film, held = this.held;
        const nearest = planned[Math.round(indexOf(held, planned))];
        const missing = this.dragging && held <= planned.at(-1) && !positions.includes(nearest);
        this.playing = this.easing = this.dragging = false;
        this.at = clamp(Math.round(this.at), 0, this.last);
        if (missing) this.hoped = nearest;
        this.show();
        this.buttons();
        if (missing) this.tell("wants", { film: this.film.name, press: Date.now(), position: nearest });
        else this.rest();
    }

    drag() {
        this.playing = this.easing = false;
        this.hoped = null;
        this.dragging = true;
        this.settled();
        this.at = this.under(Number(this.slider.value));
        this.buttons();
        this.request();
    }

    jump(frame) {
        this.hoped = null;
        this.at = frame;
        this.stop();
    }

    step(by) {
        if (!this.film) return;
        this.hoped = null;
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
        this.settled();
        this.timer = setTimeout(() => {
            this.timer = undefined;
            if (this.playing || this.easing || this.dragging || !this.film) return;
            const frame = Math.round(this.at), { name, positions } = this.film;
            const rest = { film: name, frame, position: positions[frame] };
            write(this.live, this.said(frame));
            const text = JSON.stringify(rest);
            if (text === this.sent) return;
            this.sent = text;
            this.told = positions[frame];
            this.report(rest);
        }, SETTLE);
    }

    /** By the line, which knows what the address has to say; or by the page. */
    async report(rest) {
        const text = this.sent;
        await this.asks; // one question at a time
        if (text !== this.sent) return;
        try {
            const answer = this.line && (await fetch(this.line, { method: "POST", body: JSON.stringify(rest) }));
            if (!answer?.ok) return this.tell("rest", rest);
            const { query } = await answer.json();
            document.dispatchEvent(new CustomEvent("address-told", { detail: query }));
        } catch {
            this.tell("rest", rest);
        }
    }

    settled() {
        clearTimeout(this.timer);
        this.timer = undefined;
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
