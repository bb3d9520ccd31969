"""One thread for small matrices, for as long as anybody works with them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import ThreadpoolController

from qnn_core.engines import build_engine
from qnn_core.inside.effective import effective_parameters
from qnn_core.training.run import train
from qnn_core.workers.threads import OneThread, one_thread
from tests.helpers import small


def blas_threads():
    """How many threads each BLAS library would use now."""
    return [library["num_threads"] for library in ThreadpoolController().info() if library["user_api"] == "blas"]


@pytest.fixture
def several_threads():
    """BLAS with two threads, whatever the machine has."""
    with ThreadpoolController().limit(limits=2, user_api="blas"):
        yield


@pytest.mark.usefixtures("several_threads")
def test_the_first_sets_it_and_the_last_lifts_it():
    before = blas_threads()
    assert 2 in before
    limit = OneThread()
    limit.__enter__()
    limit.__enter__()
    assert set(blas_threads()) == {1}
    limit.__exit__(None, None, None)
    assert set(blas_threads()) == {1}
    limit.__exit__(None, None, None)
    assert blas_threads() == before


@pytest.mark.usefixtures("several_threads")
def test_training_in_several_threads_leaves_the_process_as_it_was():
    before = blas_threads()
    with ThreadPoolExecutor(4) as executor:
        list(executor.map(train, [small(seed=seed) for seed in range(8)]))
    assert blas_threads() == before


@pytest.mark.usefixtures("several_threads")
def test_training_takes_one_thread(monkeypatch):
    seen = []
    monkeypatch.setattr(
        "qnn_core.training.loop.adam_step", lambda w, g, m, *rest: (w, seen.append(blas_threads()) or m)
    )
    train(small(epochs=1))
    assert {count for counts in seen for count in counts} == {1}
    with one_thread:
        assert set(blas_threads()) == {1}


@pytest.mark.usefixtures("several_threads")
def test_the_numbers_of_a_network_are_counted_by_one_thread():
    seen = []

    def build(network):
        seen.append(set(blas_threads()))
        return build_engine(network)

    assert effective_parameters(small(), build) == 5
    assert seen == [{1}]
