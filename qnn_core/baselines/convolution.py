"""A convolutional network sees all 784 grey pixels, has over a million parameters, and hardly ever errs.

It is the tutorial's: Conv 32 3×3, Conv 64 3×3, max-pool, dropout ¼, dense 128, dropout ½, dense 1. It
needs PyTorch, from the extra `cnn`. Training is cut into steps, so that a page can show and stop it.
"""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from qnn_core.arrays import Array, Floats32
from qnn_core.data.digits import SIDE
from qnn_core.data.labels import is_first
from qnn_core.errors import InputError
from qnn_core.streams import Stream, generator
from qnn_core.training.adam import EPSILON
from qnn_core.training.order import batch_rows

if TYPE_CHECKING:
    from torch import Tensor, nn

IMAGES_AT_ONCE = 512
"""Images whose answers are computed side by side; more would take more memory and no less time."""


class CNNState(NamedTuple):
    """Everything the next step needs, in plain arrays: who only keeps or sends it needs no PyTorch.

    network: the parameters by PyTorch's names, as in its `state_dict`. adam: for each parameter's number Adam's
    own `step`, `exp_avg` and `exp_avg_sq`; empty before the first step. step: steps taken so far.
    """

    network: dict[str, Floats32]
    adam: dict[int, dict[str, Floats32]]
    step: int = 0

    @property
    def parameters(self) -> list[Floats32]:
        """The parameters in the order of the network."""
        return list(self.network.values())


class BatchRecord(NamedTuple):
    """step: counted from 1. loss, accuracy: of the step's batch, before the step."""

    step: int
    loss: float
    accuracy: float


def missing() -> str | None:
    """How to add PyTorch, in one sentence, if it is not installed; else None."""
    if find_spec("torch"):
        return None
    return "The CNN needs PyTorch; add it with `python -m pip install torch==2.13.0`, then start again."


def network() -> "nn.Sequential":
    """The untrained network, from images (m, 1, 28, 28) to logits (m, 1). Raises InputError without PyTorch."""
    problem = missing()
    if problem:
        raise InputError(problem)
    from torch import nn

    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(64 * 12 * 12, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 1),
    )


def shapes() -> list[tuple[int, ...]]:
    """Shapes of the parameters, in the order of the network."""
    return [tuple(parameter.shape) for parameter in network().parameters()]


def named(parameters: Sequence[Floats32]) -> dict[str, Floats32]:
    """Parameters in the order of the network under PyTorch's names."""
    return dict(zip(network().state_dict(), parameters, strict=True))


def start(seed: int) -> CNNState:
    """Weights as Keras draws them (Glorot uniform), biases 0."""
    import torch

    model = network()
    rng = torch.Generator().manual_seed(_torch_seed(seed, Stream.WEIGHTS))
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.xavier_uniform_(parameter, generator=rng)
        else:
            torch.nn.init.zeros_(parameter)
    return CNNState(_arrays(model.state_dict()), {})


class Trainer:
    """A network in training: it is built once from a state, takes steps, and can give its state at any time.

    seed, batch_size, learning_rate: as in an Experiment; how the steps are cut into trainers changes nothing.
    """

    def __init__(self, state: CNNState, *, seed: int, batch_size: int, learning_rate: float) -> None:
        import torch

        self._seed, self._batch_size, self._step = seed, batch_size, state.step
        self._model = network().train()
        self._model.load_state_dict(_tensors(state.network))
        self._adam = torch.optim.Adam(self._model.parameters(), learning_rate, eps=EPSILON)
        memory = {number: _tensors(one) for number, one in state.adam.items()}
        self._adam.load_state_dict({**self._adam.state_dict(), "state": memory})

    @property
    def state(self) -> CNNState:
        """A copy of everything, which further steps do not touch."""
        memory = self._adam.state_dict()["state"]
        adam = {number: _arrays(one) for number, one in memory.items()}
        return CNNState(_arrays(self._model.state_dict()), adam, self._step)

    def step(self, images: Floats32, labels: Array) -> BatchRecord:
        """One Adam step on the binary cross-entropy of the next batch of images (m, 784) with labels ±1 (m,)."""
        import torch

        rows = batch_rows(self._seed, self._step, len(images), self._batch_size)
        # Dropout has PyTorch's own generator; a seed for each step makes any slice repeatable.
        torch.manual_seed(_torch_seed(self._seed, Stream.DROPOUT, self._step))
        logit = self._model(torch.from_numpy(images[rows].reshape(-1, 1, SIDE, SIDE)))[:, 0]
        first = torch.from_numpy(is_first(labels[rows]))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, first.float())
        self._adam.zero_grad()
        loss.backward()
        self._adam.step()
        self._step += 1
        return BatchRecord(self._step, loss.item(), (is_first(logit) == first).float().mean().item())


def logits(parameters: Mapping[str, Floats32], images: Floats32) -> Array:
    """The network's answer to each image (m, 784), (m,); positive means the first digit."""
    import torch

    model = network().eval()
    model.load_state_dict(_tensors(parameters))
    with torch.no_grad():
        chunks = [
            model(torch.from_numpy(images[begin : begin + IMAGES_AT_ONCE].reshape(-1, 1, SIDE, SIDE)))[:, 0].numpy()
            for begin in range(0, len(images), IMAGES_AT_ONCE)
        ]
    return np.concatenate(chunks).astype(np.float64)


def _torch_seed(seed: int, stream: Stream, *counters: int) -> int:
    """PyTorch's generators take one number as their seed."""
    return int(generator(seed, stream, *counters).integers(2**31))


def _arrays(tensors: "Mapping[str, Tensor]") -> dict[str, Floats32]:
    return {name: tensor.detach().numpy().copy() for name, tensor in tensors.items()}


def _tensors(arrays: Mapping[str, Floats32]) -> "dict[str, Tensor]":
    import torch

    return {name: torch.from_numpy(np.array(values)) for name, values in arrays.items()}
