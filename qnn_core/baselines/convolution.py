"""A convolutional network sees all 784 grey pixels, has over a million parameters, and hardly ever errs.

It is the tutorial's: Conv 32 3×3, Conv 64 3×3, max-pool, dropout ¼, dense 128, dropout ½, dense 1. It
needs PyTorch, from the extra `cnn`. Training is cut into steps, so that a page can show and stop it.
"""

from typing import Any, NamedTuple

import numpy as np

from qnn_core.arrays import Array, Floats32
from qnn_core.data.digits import SIDE
from qnn_core.errors import InputError


class CNNState(NamedTuple):
    """Everything the next step needs: parameters, Adam's moments (each a list of arrays), steps taken."""

    parameters: list[Floats32]
    mean: list[Floats32]
    square: list[Floats32]
    step: int = 0


class BatchRecord(NamedTuple):
    """step: counted from 1. loss, accuracy: of the step's batch, before the step."""

    step: int
    loss: float
    accuracy: float


def network() -> Any:
    """The untrained torch module, from images (m, 1, 28, 28) to logits (m, 1). Raises InputError without torch."""
    try:
        from torch import nn
    except ImportError:
        raise InputError("The CNN needs PyTorch; add it with `python -m pip install torch==2.13.0`.") from None

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


def start(seed: int) -> CNNState:
    """Weights as Keras draws them (Glorot uniform), biases 0."""
    rng = np.random.default_rng(seed)
    shapes = [tuple(parameter.shape) for parameter in network().parameters()]
    parameters = [_glorot(rng, shape) if len(shape) > 1 else np.zeros(shape, np.float32) for shape in shapes]
    zeros = [np.zeros(shape, np.float32) for shape in shapes]
    return CNNState(parameters, zeros, zeros)


def _glorot(rng: np.random.Generator, shape: tuple[int, ...]) -> Floats32:
    field = int(np.prod(shape[2:]))
    limit = np.sqrt(6 / ((shape[0] + shape[1]) * field))
    return rng.uniform(-limit, limit, shape).astype(np.float32)


def steps_per_epoch(examples: int, batch_size: int) -> int:
    """Batches in one pass; the last may be smaller."""
    return -(-examples // batch_size)


def advance(
    state: CNNState, images: Floats32, labels: Array, budget: int, *, seed: int, batch_size: int, learning_rate: float
) -> tuple[CNNState, list[BatchRecord]]:
    """Take `budget` Adam steps on the binary cross-entropy; how they are cut into calls changes nothing.

    images: grey (m, 784) in [0, 1]. labels: ±1 (m,).
    """
    import torch

    model, optimizer = _restore(state, learning_rate)
    batches = steps_per_epoch(len(images), batch_size)
    records = []
    for step in range(state.step, state.step + budget):
        epoch, number = divmod(step, batches)
        order = np.random.default_rng((seed, 1, epoch)).permutation(len(images))
        rows = order[number * batch_size : (number + 1) * batch_size]
        # Dropout has torch's own generator; a seed for each step makes any slice repeatable.
        torch.manual_seed(int(np.random.default_rng((seed, 2, step)).integers(2**31)))
        logit = model(torch.from_numpy(images[rows].reshape(-1, 1, SIDE, SIDE)))[:, 0]
        target = torch.from_numpy((labels[rows] > 0).astype(np.float32))
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logit, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        right = ((logit > 0) == (target > 0)).float().mean()
        records.append(BatchRecord(step + 1, loss.item(), right.item()))
    return _freeze(model, optimizer, state.step + budget), records


def logits(parameters: list[Floats32], images: Floats32) -> Array:
    """The network's answer to each image, (m,); positive means the first digit."""
    import torch

    model = network().eval()
    _load(model, parameters)
    with torch.no_grad():
        chunks = [
            model(torch.from_numpy(images[begin : begin + 512].reshape(-1, 1, SIDE, SIDE)))[:, 0].numpy()
            for begin in range(0, len(images), 512)
        ]
    return np.concatenate(chunks).astype(np.float64)


def _restore(state: CNNState, learning_rate: float) -> tuple[Any, Any]:
    import torch

    model = network().train()
    _load(model, state.parameters)
    optimizer = torch.optim.Adam(model.parameters(), learning_rate, eps=1e-7)
    if state.step:
        for parameter, mean, square in zip(model.parameters(), state.mean, state.square, strict=True):
            optimizer.state[parameter] = {
                "step": torch.tensor(float(state.step)),
                "exp_avg": torch.from_numpy(mean.copy()),
                "exp_avg_sq": torch.from_numpy(square.copy()),
            }
    return model, optimizer


def _load(model: Any, parameters: list[Floats32]) -> None:
    import torch

    with torch.no_grad():
        for parameter, values in zip(model.parameters(), parameters, strict=True):
            parameter.copy_(torch.from_numpy(values))


def _freeze(model: Any, optimizer: Any, step: int) -> CNNState:
    parameters = list(model.parameters())
    moments = [optimizer.state[parameter] for parameter in parameters]
    return CNNState(
        [parameter.detach().numpy().copy() for parameter in parameters],
        [moment["exp_avg"].numpy().copy() for moment in moments],
        [moment["exp_avg_sq"].numpy().copy() for moment in moments],
        step,
    )
