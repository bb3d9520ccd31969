// A grid of cells that a click, space or Enter switches between 0 and 1; the arrow keys move from cell to cell.

const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const grids = new WeakMap(); // the element that Streamlit keeps → what it shows

export default function ({ data, parentElement, setStateValue }) {
    const box = parentElement.querySelector(".cells");
    let shown = grids.get(box);
    if (shown?.grid !== data.grid) {
        shown = { grid: data.grid, bits: [...data.cells] };
        grids.set(box, shown);
        build(box, shown);
    }
    shown.say = setStateValue;
}

function build(box, shown) {
    const { grid, bits } = shown;
    box.style.gridTemplate = `repeat(${grid}, 1fr) / repeat(${grid}, 1fr)`;
    const buttons = bits.map((_, index) => {
        const button = document.createElement("button");
        button.type = "button";
        button.ariaLabel = `row ${Math.floor(index / grid) + 1}, column ${(index % grid) + 1}`;
        button.tabIndex = index ? -1 : 0; // one stop for the Tab key; the arrows do the rest
        button.onclick = () => {
            bits[index] = 1 - bits[index];
            label(button, bits[index]);
            shown.say("cells", [...bits]);
        };
        label(button, bits[index]);
        return button;
    });
    box.onkeydown = (event) => {
        const move = MOVES[event.key];
        const here = buttons.indexOf(event.target);
        if (!move || here < 0) return;
        event.preventDefault();
        const [row, column] = [Math.floor(here / grid) + move[0], (here % grid) + move[1]];
        if (Math.min(row, column) < 0 || Math.max(row, column) >= grid) return;
        go(buttons, row * grid + column);
    };
    box.onclick = (event) => go(buttons, buttons.indexOf(event.target)); // the next Tab comes back to it
    box.replaceChildren(...buttons);
}

function go(buttons, index) {
    if (index < 0) return;
    for (const button of buttons) button.tabIndex = -1;
    buttons[index].tabIndex = 0;
    buttons[index].focus();
}

function label(button, bit) {
    button.ariaPressed = String(bit === 1);
    button.textContent = bit;
}
