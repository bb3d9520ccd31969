"""The table of all pictures: which of many equally good ones are shown."""

import numpy as np

from qnn_core.data.images import ImageSet
from qnn_core.inside.all_pictures import extremes, image_of, number_of

OCCURS = {1: (2, 0), 4: (0, 5), 7: (3, 3), 9: (1, 0)}
"""Number of an image of four pixels → how many examples of the first and of the second digit show it."""


def some_images():
    """Examples that show these images so often."""
    numbers = [number for number, counts in OCCURS.items() for _ in range(sum(counts))]
    labels = [label for counts in OCCURS.values() for label in np.repeat([1.0, -1.0], counts)]
    return ImageSet.of(image_of(np.array(numbers), 4), np.array(labels))


def test_of_images_with_the_same_value_the_frequent_ones_come_first():
    for found in extremes(np.zeros((4, 4)), some_images(), 6).values():
        assert number_of(found.images)[:4].tolist() == [7, 4, 1, 9]
        counts = list(zip(found.first.tolist(), found.second.tolist(), strict=True))
        assert counts == [(3, 3), (0, 5), (2, 0), (1, 0), (0, 0), (0, 0)]


def test_a_difference_in_the_last_bit_is_none():
    values = np.zeros(16)
    values[[2, 9, 1]] = 1e-15, -1e-15, 3e-15
    for found in extremes(values.reshape(4, 4), some_images(), 4).values():
        assert number_of(found.images).tolist() == [7, 4, 1, 9]


def test_a_larger_value_counts_more_than_any_number_of_examples():
    values = np.zeros(16)
    values[[3, 9]] = 0.5, -0.5
    found = extremes(values.reshape(4, 4), some_images(), 2)
    assert number_of(found["first"].images).tolist() == [3, 7]
    assert number_of(found["second"].images).tolist() == [9, 7]
    assert number_of(found["undecided"].images).tolist() == [7, 4]
