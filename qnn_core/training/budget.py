"""How long to train: the budgets of a comparison, and when a network counts as trained to the end."""

import math
from typing import NamedTuple

import numpy as np

from qnn_core.circuit import STATEVECTOR_GRID, merge
from qnn_core.data.dataset import prepare
from qnn_core.data.encoding import ENCODINGS
from qnn_core.engines import contracted
from qnn_core.engines.contraction import seconds_per_image
from qnn_core.experiment import Experiment
from qnn_core.families import Family, Part
from qnn_core.presets import PRESETS
from qnn_core.training.loop import total_steps
from qnn_core.training.order import steps_per_epoch

SAME_LOSS = "same-loss"
"""The budget in which all are trained to the end, with one loss."""
SAME_STEPS = 1800
"""Steps that everybody takes in the budget "same-steps": what the tutorial gives its fair network."""
PAGE_SECONDS = 3.0
"""A network that somebody waits for, trained to the end, may take about so long; then it stops earlier."""
FEWEST_STEPS = 20
"""But so many steps on whole batches it takes all the same."""
OVERHEAD_SECONDS = 1e-4
"""What a step costs on one core before it has looked at a single image."""


class Allowance(NamedTuple):
    """How much training one model gets under one budget.

    It makes `epochs` passes over the first `examples` training images (all of them if None), in batches of
    `batch_size` (all at once if None), with Adam at `learning_rate`. Three fields change how long that lasts:
    `seconds` of wall time end it early; `steps`, if given, is exactly how many steps it takes, whatever `epochs`
    says; and with so few examples that the passes would be fewer than `least_steps` steps, passes are added.
    start: how a quantum network's first weights are drawn; classical networks have a way of their own.
    loss: what the training makes small, from LOSSES.
    """

    epochs: int
    batch_size: int | None
    examples: int | None = None
    learning_rate: float = 0.001
    seconds: float = math.inf
    steps: int | None = None
    least_steps: int = 0
    start: str = "uniform"
    loss: str = "hinge"

    def steps_on(self, examples: int) -> int:
        """Steps that are taken if there are so many examples to make batches of."""
        per_epoch = steps_per_epoch(examples, self.batch_size)
        return self.steps or max(self.epochs, -(-self.least_steps // per_epoch)) * per_epoch

    @property
    def words(self) -> str:
        """How long it lasts: "3 passes over 500 images, 32 at a time"."""
        passes = f"{self.epochs:,} pass{'es' * (self.epochs > 1)}"
        long = (
            f"{self.steps:,} steps"
            if self.steps
            else f"{self.seconds:g} s"
            if math.isfinite(self.seconds)
            else passes
        )
        images = "all images" if self.examples is None else f"{self.examples:,} images"
        return f"{long} over {images}, {'all' if self.batch_size is None else self.batch_size} at a time"


BUDGETS: Family[Part] = Family(
    "budget",
    Part(
        "tutorial", "The tutorial's", "As the tutorial: a few dozen steps for a QNN, 20 epochs for the fair network."
    ),
    Part("same-epochs", "Same epochs", "Everybody passes 3 times over all training images."),
    Part("same-steps", "Same steps", f"Everybody takes {SAME_STEPS:,} steps of 128 examples."),
    Part("same-seconds", "Same seconds", "Everybody trains for 2 seconds on this machine."),
    Part(
        "convergence",
        "To convergence",
        "Everybody trains until more training hardly changes the loss; the CNN passes 3 times over its images.",
    ),
    Part(
        SAME_LOSS,
        "Same loss",
        "Everybody trains to convergence with the cross-entropy, the loss of the classical networks.",
    ),
)


def as_allowance(run: Experiment) -> Allowance:
    """What an Experiment says of its own training."""
    return Allowance(run.epochs, run.batch_size, run.examples, run.learning_rate, start=run.start, loss=run.loss)


END = as_allowance(PRESETS["to-the-end"].experiment)
"""What brings the tutorial's network to where its loss changes no more, on black and white pictures."""
GREY_END = Allowance(epochs=20, batch_size=128, learning_rate=0.005)
"""The same on grey pictures: thousands are distinct, so whole batches would take minutes, and add nothing."""
LARGE_END = Allowance(epochs=3, batch_size=32)
"""The same on large black and white pictures, which hardly repeat: 0.99 at 28×28 after half a second."""
REPEATED = 4
"""Where each distinct picture occurs so many times on average, whole batches are quick."""


def end_of(experiment: Experiment) -> Allowance:
    """What would bring a network on these pictures to the end, or near it, however long it takes."""
    if not ENCODINGS[experiment.encoding].makes_bits:
        return GREY_END
    every = prepare(contracted(experiment).with_(examples=None)).train
    return END if len(every) >= REPEATED * every.distinct or experiment.grid <= STATEVECTOR_GRID else LARGE_END


def to_the_end(experiment: Experiment) -> Experiment:
    """The same network and pictures, trained on all images until nothing improves any more.

    It is computed by contraction. A network that would take much longer than PAGE_SECONDS gets fewer passes.
    """
    end, block = end_of(experiment), len(Experiment().layers)
    longest = contracted(experiment).with_(
        examples=end.examples, batch_size=end.batch_size, learning_rate=end.learning_rate
    )
    one_block = len(merge(experiment.layers)[0]) <= block
    if end is not END or one_block or experiment.grid > STATEVECTOR_GRID:
        # One block reaches the same optimum from every narrow start; more would stay with that optimum.
        longest = longest.with_(start=END.start)
    train_set, whole = prepare(longest).train, end.batch_size is None
    epoch = seconds_per_image(longest) * (train_set.distinct if whole else len(train_set))
    return longest.with_(epochs=int(np.clip(PAGE_SECONDS // epoch, FEWEST_STEPS if whole else 1, end.epochs)))


def end_name(experiment: Experiment) -> str:
    """What to call the network of `to_the_end`: honest if it had to stop early."""
    run, end = to_the_end(experiment), end_of(experiment)
    if run.epochs == end.epochs and end is not LARGE_END:
        return "Trained to the end"
    one, many = ("step", "steps") if run.batch_size is None else ("pass", "passes")
    return f"Trained {run.epochs:,} {one if run.epochs == 1 else many} on all images"


def seconds_of(experiment: Experiment) -> float:
    """About how long a whole run takes by contraction on one core."""
    train_set = prepare(experiment).train
    images = min(experiment.batch_size or len(train_set), train_set.distinct)
    return total_steps(experiment) * (OVERHEAD_SECONDS + images * seconds_per_image(experiment))
