"""Page 10: why training starts on a plain, twice over, and how to start elsewhere."""

from pages.ui import controls, frame, landscape, plateau
from qnn_core.engines import contracted
from qnn_core.inside.plateau import spread_start, squared_slopes
from qnn_core.inside.ray import waves
from qnn_core.training.budget import to_the_end

frame.head("10_flat", "Why does the loss hardly move at first?")
experiment = controls.panel()
width = plateau.choose_width()
shown = plateau.starts(contracted(experiment).with_(batch_size=None, epochs=plateau.STEPS), width)
frame.notice(shown)
plateau.slopes(contracted(experiment))
end = to_the_end(experiment)
frame.more(lambda: plateau.the_law(experiment), key="law", label="The law: how much each pixel takes away")
frame.more(lambda: landscape.line(end), key="line", label="The loss along a line, and its waves")
frame.more(lambda: landscape.plane(end), key="plane", label="The landscape around the start and the end")
frame.code(experiment, spread_start, squared_slopes, waves)
frame.end("10_flat")
