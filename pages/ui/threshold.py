"""The threshold is moved by a film: the picture moves with the hand, and the desk follows where it comes to rest."""

from collections.abc import Callable

from pages.ui import film
from pages.ui.desk import desk
from qnn_core import Experiment
from qnn_core.arrays import Array
from qnn_core.live.film import Film


def slide(
    make: Callable[[Experiment, Array], Film],
    experiment: Experiment,
    picture: Array,
    *,
    wide_first: bool = True,
) -> Film:
    """Draw the film that make(experiment, picture) gives, and return it.

    picture: greys (n,). wide_first: the first panel is larger than the others.
    """
    made = make(experiment, picture)
    show(made, key="threshold_film", wide_first=wide_first)
    return made


def show(made: Film, *, key: str, wide_first: bool = True) -> None:
    """A film over the threshold, which stands where the desk's Experiment has it."""
    film.show(
        made,
        key=key,
        wide_first=wide_first,
        at=desk().experiment.threshold,
        on_rest=change,
        on_missing=change,
    )


def change(threshold: float) -> None:
    """Put a threshold into the Experiment."""
    desk().change("threshold", threshold=threshold)
