"""Which trained networks a page offers."""

from pages.ui.models import MOST_SECONDS, THESE
from qnn_core import Experiment
from qnn_core.training.budget import seconds_of


def test_a_long_run_is_left_to_page_6(visit):
    def weights(visitor):
        return next(radio for radio in visitor.app.radio if radio.label == "Weights").options

    assert seconds_of(Experiment()) < 1
    assert THESE in weights(visit("9_box"))
    long = {"all_examples": "true", "batch": 1, "epochs": 1000, "engine": "contraction"}
    assert seconds_of(Experiment(examples=None, batch_size=1, epochs=1000, engine="contraction")) > MOST_SECONDS
    visitor = visit("9_box", **long)
    assert not visitor.app.exception
    assert THESE not in weights(visitor)
    assert any("Train on page 6" in caption.value for caption in visitor.app.caption)
