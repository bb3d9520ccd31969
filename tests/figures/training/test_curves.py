"""The training curves: nothing is left out that matters, and nothing is drawn twice."""

import numpy as np
import pytest

from qnn_core.baselines import EpochRecord
from qnn_core.figures.training import curves
from qnn_core.training.loop import Record


def run(steps, batches):
    """Records of a run whose loss falls and whose accuracy rises, tested after so many batches."""
    records = []
    for step in range(1, steps + 1):
        tested = (1 - step / steps, 0.5 + step / steps / 4) if step % batches == 0 else (None, None)
        records.append(Record(step, step / batches, 1.1 - step / steps, 0.4 + step / steps / 2, None, None, *tested))
    return records


FAIR = [EpochRecord(epoch, 0.5, 0.8 + epoch / 100, 0.5, 0.7 + epoch / 100) for epoch in (1, 2, 3)]


def lines(figure):
    return {trace.name: trace for trace in figure.data}


@pytest.mark.parametrize(("steps", "batches"), [(1, 1), (48, 16), (5000, 16), (5000, 1)])
def test_long_runs_are_thinned_but_keep_their_ends_and_tests(steps, batches):
    records = run(steps, batches)
    kept = curves.thin(records)
    assert len(kept) <= 2 * curves.MAX_POINTS + 2
    assert kept[-1] == records[-1]
    assert [record.step for record in kept] == sorted({record.step for record in kept})
    tested = [record for record in records if record.test_loss is not None]
    assert tested[-1:] == [record for record in kept if record.test_loss is not None][-1:]
    if len(records) <= curves.MAX_POINTS:
        assert kept == records
    assert curves.thin([]) == []


def test_the_loss_of_training_and_test():
    drawn = lines(curves.loss_curve(run(48, 16), 48, 1.03))
    assert list(drawn["test"].x) == [0, 16, 32, 48]
    assert drawn["test"].y[0] == 1.03
    assert len(drawn["training batch"].x) == 48
    assert drawn["test"].line.dash != drawn["training batch"].line.dash


def test_a_moment_is_marked_only_if_asked_for():
    plain, marked = (curves.loss_curve(run(48, 16), 48, 1.0, at).layout.shapes for at in (None, 16))
    assert len(marked) == len(plain) + 1
    assert marked[-1].x0 == marked[-1].x1 == 16


def test_the_accuracy_of_both_networks_in_training_and_test():
    figure = curves.accuracy_curve(run(48, 16), 48, 0.3, FAIR, 20, 0.9228)
    drawn = lines(figure)
    np.testing.assert_allclose(drawn["QNN"].x, [0, 100 / 3, 200 / 3, 100])
    assert drawn["QNN"].y[0] == 0.3
    assert drawn["QNN, training batch"].y[-1] == pytest.approx(0.9)
    assert list(drawn["fair network"].y) == [record.test_accuracy for record in FAIR]
    assert list(drawn["fair network, training"].y) == [record.accuracy for record in FAIR]
    np.testing.assert_allclose(drawn["fair network"].x, [5, 10, 15])
    in_the_legend = {name for name, trace in drawn.items() if trace.showlegend is not False}
    assert in_the_legend == {"QNN", "fair network"}
    assert len({(trace.line.color, trace.line.dash) for trace in figure.data}) == 4
    assert figure.layout.shapes[0].y0 == 0.9228
    assert figure.layout.yaxis.range[0] < 0.3


def test_the_verdicts_of_both_digits():
    expectation, labels = np.array([-1.0, -0.2, 0.3, 1.0]), np.array([-1.0, 1, 1, 1])
    first, second = curves.verdict_histogram(expectation, labels, (3, 6)).data
    assert list(first.x) == [-0.2, 0.3, 1.0]
    assert list(second.x) == [-1.0]
    assert first.marker.pattern.shape != second.marker.pattern.shape
