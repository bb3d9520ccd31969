"""Counting and grouping, against plain Python dictionaries."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qnn_core.data.contradictions import ceiling, seen_before
from qnn_core.data.images import ImageSet, distinct_rows

WIDTHS = st.sampled_from([1, 4, 16, 64, 65, 100])
VALUES = st.sampled_from([(0.0, 1.0), (0.0, 0.5, 1.0), (-0.0, 0.0, 1.0), (-0.0, 0.0, 0.5)])


@st.composite
def labelled(draw, max_examples=40):
    """A few images, many of them alike, with labels ±1."""
    m, n, values = draw(st.integers(1, max_examples)), draw(st.integers(1, 4)), draw(VALUES)
    images = draw(arrays(float, (m, n), elements=st.sampled_from(values)))
    return images, draw(arrays(float, m, elements=st.sampled_from([-1.0, 1.0])))


def by_image(images, labels):
    """Image → how often it carries each label."""
    groups = {}
    for image, label in zip(images + 0.0, labels, strict=True):
        groups.setdefault(tuple(image), Counter())[label] += 1
    return groups


@given(WIDTHS, VALUES, st.integers(0, 2**32 - 1))
def test_distinct_rows_can_be_put_back(width, values, seed):
    rng = np.random.default_rng(seed)
    few = rng.choice(values, (5, width))
    images = few[rng.integers(0, 5, 60)]
    example, row = distinct_rows(images)
    assert np.array_equal(images[example][row], images)
    assert len(example) == len({tuple(image) for image in images + 0.0})
    assert sorted(set(row)) == list(range(len(example)))


@given(labelled())
def test_counts(data):
    images, labels = data
    groups = by_image(images, labels)
    counts = ImageSet.of(images, labels).counts
    assert counts.unique == len(groups)
    assert counts.first == sum(group[1.0] > 0 for group in groups.values())
    assert counts.second == sum(group[-1.0] > 0 for group in groups.values())
    assert counts.contradictory == sum(len(group) == 2 for group in groups.values())
    assert list(counts.as_dict()) == ["unique", "first", "second", "contradictory"]


@given(labelled())
def test_consistent_examples_carry_one_label_only(data):
    images, labels = data
    groups = by_image(images, labels)
    expected = [len(groups[tuple(image)]) == 1 for image in images + 0.0]
    assert ImageSet.of(images, labels).consistent.tolist() == expected


@given(labelled())
def test_the_whole_batch_counts_every_example_once(data):
    images, labels = data
    batch = ImageSet.of(images, labels).whole
    assert batch.counts.sum() == batch.total == len(images)
    seen = {
        (*batch.images[row], label): count
        for row, label, count in zip(batch.row, batch.labels, batch.counts, strict=True)
    }
    assert len(seen) == len(batch.counts)
    assert seen == Counter((*image, label) for image, label in zip(images + 0.0, labels, strict=True))


@given(labelled(), st.integers(0, 1000))
def test_a_batch_shows_the_examples_asked_for(data, seed):
    images, labels = data
    chosen = np.random.default_rng(seed).integers(0, len(images), 7)
    batch = ImageSet.of(images, labels).batch(chosen)
    assert np.array_equal(batch.images[batch.row], images[chosen])
    assert np.array_equal(batch.labels, labels[chosen])
    assert len(batch.images) == len({tuple(image) for image in images[chosen] + 0.0})
    assert batch.counts.tolist() == [1.0] * batch.total == [1.0] * 7


@given(labelled(), labelled())
def test_ceiling_is_what_a_lookup_table_reaches(train, test):
    width = min(train[0].shape[1], test[0].shape[1])
    (train_images, train_labels), (test_images, test_labels) = (
        (images[:, :width] + 0.0, labels) for images, labels in (train, test)
    )

    def table_of(images, labels):
        return {image: 1.0 if group[1.0] > group[-1.0] else -1.0 for image, group in by_image(images, labels).items()}

    def accuracy(table, images, labels):
        return np.mean([table.get(tuple(i), -1.0) == label for i, label in zip(images, labels, strict=True)])

    found = ceiling(ImageSet.of(train_images, train_labels), ImageSet.of(test_images, test_labels))
    own, learned = table_of(test_images, test_labels), table_of(train_images, train_labels)
    assert np.isclose(found.train, accuracy(learned, train_images, train_labels))
    assert np.isclose(found.test, accuracy(learned, test_images, test_labels))
    assert np.isclose(found.test_best, accuracy(own, test_images, test_labels))
    assert found.test <= found.test_best


def test_a_tie_counts_as_the_second_digit():
    images = ImageSet.of(np.zeros((2, 4)), np.array([1.0, -1.0]))
    assert images.majority.tolist() == [-1.0]
    assert ceiling(images, images).train == 0.5


def test_how_many_test_images_were_seen():
    train = ImageSet.of(np.array([[0.0, 1.0], [1.0, 1.0]]), np.array([1.0, -1.0]))
    test = ImageSet.of(np.array([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0], [0.5, 0.0]]), np.array([1.0, 1.0, -1.0, 1.0]))
    assert seen_before(train, test) == 0.75
    assert seen_before(train, train) == 1


@given(labelled(), st.integers(0, 1000))
def test_an_image_is_found_whatever_the_sign_of_its_zeros(data, seed):
    images, labels = data
    counted, groups = ImageSet.of(images, labels), by_image(images, labels)
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], images.shape)
    for image in np.where(images == 0, 0 * signs, images):
        group = groups[tuple(image + 0.0)]
        assert counted.count(image) == (group[1.0], group[-1.0])


def test_an_image_with_negative_zeros_is_found_and_another_is_not():
    images = ImageSet.of(np.array([[0.0, 1], [0, 1], [-0.0, 0.5]]), np.array([1.0, -1, 1]))
    assert images.count(np.array([-0.0, 1])) == (1, 1)
    assert images.count(np.array([0, 0.5])) == (1, 0)
    assert images.count(np.array([-0.0, 0])) == (0, 0)
