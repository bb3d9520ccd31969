"""The numbers of the tutorial, exactly, and the order of the stages."""

import numpy as np
import pytest

from qnn_core.data.dataset import DATA, pair_of, prepare, report, shrunken
from qnn_core.data.encoding import ENCODINGS
from qnn_core.data.images import Counts
from qnn_core.data.shrink import RESAMPLERS
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from tests.helpers import is_sentence


def test_published_counts(tutorial):
    assert tutorial.grey_counts == Counts(unique=10_387, first=4_961, second=5_475, contradictory=49)
    assert tutorial.counts == Counts(unique=193, first=124, second=113, contradictory=44)
    assert len(tutorial.kept) == len(tutorial.kept_rows) == 11_520
    assert len(tutorial.train) == 500
    assert len(tutorial.train.images) == 62
    assert len(tutorial.test) == 1_968
    assert len(tutorial.test.images) == 115


def test_published_ceilings(tutorial):
    found = tutorial.ceiling
    # The last one is 1816/1968 = 0.92276…, published as 0.9227.
    np.testing.assert_allclose([found.train, found.test, found.test_best], [0.9175, 0.9157, 0.9227], atol=1e-4)
    assert found.test_best * 1_968 == pytest.approx(1_816)


def contradictory_rows(images, labels):
    """Which examples share their image with one of the other label, by plain Python."""
    seen = {}
    for image, label in zip(images, labels, strict=True):
        seen.setdefault(image.tobytes(), set()).add(label)
    return np.array([len(seen[image.tobytes()]) == 2 for image in images])


@pytest.mark.parametrize("removal", ["grey", "binary", "off"])
@pytest.mark.parametrize("digits", [(3, 6), (4, 9)])
def test_removal(removal, digits):
    experiment = Experiment(remove_contradictions=removal, examples=None, digits=digits)
    pair, data = pair_of(experiment), prepare(experiment)
    grey = pair.train_images[:, 3::7, 3::7].reshape(-1, 16) / 255
    bits = (grey > 0.5).astype(float)
    keep = {
        "grey": ~contradictory_rows(grey, pair.train_labels),
        "binary": ~contradictory_rows(bits, pair.train_labels),
        "off": np.ones(len(grey), bool),
    }[removal]
    assert np.array_equal(data.kept_rows, np.flatnonzero(keep))
    assert np.array_equal(data.kept.images[data.kept.row], bits[keep])
    assert np.array_equal(data.kept.labels, pair.train_labels[keep])
    assert len(data.train) == keep.sum()
    assert (data.counts.contradictory == 0) == (removal == "binary")


def test_off_keeps_all_and_the_grey_counts_do_not_depend_on_the_removal(tutorial):
    off = prepare(Experiment(remove_contradictions="off"))
    assert len(off.kept) == 12_049
    assert off.grey_counts == tutorial.grey_counts


@pytest.mark.parametrize("examples", [2, 500, 11_519, 11_520, 50_000])
def test_examples_are_the_first_ones_kept(tutorial, examples):
    data = prepare(Experiment(examples=examples))
    count = min(examples, 11_520)
    assert len(data.train) == count
    kept = data.kept
    assert np.array_equal(data.train.images[data.train.row], kept.images[kept.row[:count]])
    assert np.array_equal(data.train.labels, kept.labels[:count])
    assert data.counts == tutorial.counts


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("resample", RESAMPLERS)
def test_every_encoding_and_resampler_gives_a_data_set(encoding, resample):
    experiment = Experiment(encoding=encoding, resample=resample, grid=3, threshold=0.3, examples=None)
    data, grey = prepare(experiment), shrunken(experiment)
    expected = ENCODINGS[encoding].pixels(grey.test, 0.3)
    assert np.array_equal(data.test.images[data.test.row], expected)
    assert np.array_equal(data.test.labels, grey.test_labels)
    assert len(data.kept) == len(data.kept_rows)


@pytest.mark.parametrize("threshold", [0.0, 0.1, 0.9])
def test_the_threshold_is_applied_to_test_images_too(threshold):
    data = prepare(Experiment(threshold=threshold))
    grey = shrunken(Experiment()).test
    assert np.array_equal(data.test.images[data.test.row], grey > threshold)


def test_the_fields_of_training_do_not_matter_to_the_data():
    # Not even a second computation: a moved learning rate must not wait for the data.
    other = Experiment(seed=5, layers=("YY",), epochs=9, engine="contraction")
    one, same = prepare(other), prepare(Experiment())
    assert all(getattr(one, part) is getattr(same, part) for part in ("train", "kept", "test", "ceiling"))


def test_greys_are_kept_once_whatever_the_threshold():
    one, same = (prepare(Experiment(encoding="angle", threshold=threshold)) for threshold in (0.2, 0.7))
    assert one.kept is same.kept


def test_nothing_left_is_a_sentence():
    with pytest.raises(InputError) as caught:
        prepare(Experiment(grid=2, remove_contradictions="binary", threshold=0.0))
    is_sentence(caught.value)


def test_pictures_of_one_digit_only_are_refused():
    with pytest.raises(InputError) as caught:
        prepare(Experiment(grid=2, remove_contradictions="binary"))
    assert "of a 6" in is_sentence(caught.value)


def test_report():
    found = report(Experiment())
    assert found["train_images"] == 12_049
    assert found["test_images"] == 1_968
    assert found["grey"] == {"unique": 10_387, "first": 4_961, "second": 5_475, "contradictory": 49}
    assert found["binary"] == {"unique": 193, "first": 124, "second": 113, "contradictory": 44}
    assert found["examples_kept"] == 11_520
    assert Experiment.parse(found["experiment"]) == Experiment()


# ---------------------------------------------------------------- memory


def large(**changes):
    return Experiment(grid=28, engine="contraction", remove_contradictions="off", **changes)


def test_large_pictures_cost_a_byte_a_bit_and_greys_nothing_again():
    bits, other = prepare(large()), prepare(large(threshold=0.3))
    images = bits.kept.distinct * 784
    assert images <= bits.kept.nbytes < 1.2 * images
    assert other.nbytes < 13 * 2**20
    grey = prepare(large(encoding="angle"))
    assert np.shares_memory(grey.kept.stored, shrunken(large()).train)
    assert grey.kept.nbytes < 2**20
    assert DATA.held <= DATA.room


@pytest.mark.parametrize("changes", [{}, {"encoding": "angle"}], ids=["bits", "grey"])
def test_large_pictures_are_the_same_numbers_whichever_way_they_are_asked_for(changes):
    train = prepare(large(**changes)).kept
    rows = np.array([5, 5, 11_000, 3])
    wanted = ENCODINGS[large(**changes).encoding].pixels(shrunken(large()).train[rows], 0.5)
    assert train.images.dtype == np.float64
    np.testing.assert_array_equal(train.images[train.row[rows]], wanted)
    batch = train.batch(rows)
    np.testing.assert_array_equal(batch.images[batch.row], wanted)
    np.testing.assert_array_equal(train.whole.images, train.images)
    first = train.first_examples(4)
    np.testing.assert_array_equal(first.images[first.row], train.images[train.row[:4]])
    times = train.count(train.images[train.row[3]])
    assert sum(times) == np.count_nonzero(train.row == train.row[3])
    assert train.count(1 - train.images[train.row[3]]) == (0, 0)
