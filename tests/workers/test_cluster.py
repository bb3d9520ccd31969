"""The same runs on a real Dask cluster, one worker of which is killed."""

import json
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError
from urllib.parse import urlsplit

import numpy as np
import psutil
import pytest

from pages.ui import workers as dashboard
from qnn_core.__main__ import main
from qnn_core.contest.trials import read_trials, run_trial, run_trials
from qnn_core.errors import InputError
from qnn_core.experiment import Experiment
from qnn_core.live.runs import RunJob
from qnn_core.training.loop import total_steps
from qnn_core.training.run import train
from qnn_core.workers import pool as pools
from qnn_core.workers.pool import SCHEDULER, ClusterPool, LocalPool, SchedulerLostError, default_executor
from tests.helpers import is_sentence, small
from tests.server import Tab, started
from tests.sticky import sticky

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


def dask(*arguments):
    command = [sys.executable, "-m", "dask", *arguments]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@pytest.fixture
def cluster(tmp_path):
    """The address of a scheduler, its two worker processes, and its own."""
    file = tmp_path / "scheduler.json"
    where = ["--scheduler-file", str(file), "--no-dashboard"]
    scheduler = dask("scheduler", "--port", "0", "--host", "127.0.0.1", *where)
    worker = ["worker", *where, "--nthreads", "1", "--no-nanny", "--local-directory", str(tmp_path)]
    workers = [dask(*worker) for _ in range(2)]
    try:
        wait_for(lambda: file.exists() and file.stat().st_size)
        address = json.loads(file.read_text())["address"]
        wait_for(lambda: count_workers(address) == 2)
        yield address, workers, scheduler
    finally:
        for process in [*workers, scheduler]:
            process.kill()
            process.wait()


def wait_for(condition, seconds=90):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.2)


def count_workers(address):
    from distributed import Client

    with Client(address, timeout=20, set_as_default=False) as client:
        return len(client.nthreads())


def test_nothing_is_lost_with_a_worker(monkeypatch, cluster):
    address, workers, _ = cluster
    monkeypatch.setenv(SCHEDULER, address)
    experiments = [Experiment(engine="contraction", seed=seed) for seed in range(60)]
    found = []
    with default_executor() as executor:
        assert isinstance(executor, ClusterPool)
        assert executor.width == 2
        for trial in run_trials(experiments, executor):
            found.append(trial)
            if len(found) == 5:
                workers[0].kill()
    assert sorted(trial.experiment.seed for trial in found) == list(range(60))
    assert all(trial.error is None for trial in found)
    for trial in found[::20]:
        again = run_trial(trial.experiment)
        assert trial == again.model_copy(update={"seconds": trial.seconds})


def test_the_command_uses_the_cluster(monkeypatch, capsys, cluster):
    monkeypatch.setenv(SCHEDULER, cluster[0])
    monkeypatch.setattr(pools, "LocalPool", None)  # must not be used
    assert main(["trials", "--seeds", "0:3", "--grid", "2", "--examples", "60", "--json", "-"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(line["experiment"]["seed"] for line in lines) == [0, 1, 2]


def test_a_cluster_without_workers(monkeypatch, cluster):
    address, workers, _ = cluster
    for worker in workers:
        worker.kill()
    wait_for(lambda: count_workers(address) == 0)
    with pytest.raises(InputError) as caught:
        ClusterPool(address)
    assert "no workers" in is_sentence(caught.value)


def test_a_scheduler_that_dies_in_the_middle(monkeypatch, capsys, tmp_path, cluster):
    address, _, scheduler = cluster
    monkeypatch.setenv(SCHEDULER, address)
    file = tmp_path / "runs.jsonl"
    options = ["trials", "--seeds", "0:400", "--examples", "100", "--json", str(file)]
    killer = threading.Thread(target=lambda: (wait_for(file.exists), scheduler.kill()))
    killer.start()
    assert main(options) == 2
    killer.join()
    said = is_sentence(capsys.readouterr().err.strip().rsplit("\n", 1)[-1].removeprefix("qnn_core: "))
    done = len(read_trials(file))
    assert f"does not answer any more; start it again, or unset {SCHEDULER}" in said
    assert f"The {done} runs that are done are in {file}" in said
    assert 0 < done < 400
    assert main([*options, "--local"]) == 0
    assert sorted(trial.experiment.seed for trial in read_trials(file)) == list(range(400))


def test_the_dashboard_goes_on_without_its_scheduler(monkeypatch, cluster):
    address, _, scheduler = cluster
    monkeypatch.setenv(SCHEDULER, address)
    dashboard.try_again()
    pool = dashboard.workers()
    try:
        assert isinstance(pool, ClusterPool)
        assert dashboard.ask(int, "7") == 7
        run = RunJob(dashboard.TURNS, small(examples=400, epochs=200))
        run.want("ann")
        scheduler.kill()
        wait_for(lambda: pool.lost)
        wait_for(lambda: run.watch("ann") or not run.active)
        assert (run.status(), run.message) == ("done", "")
        assert np.array_equal(run.state.weights, train(run.experiment).weights)
        with pytest.raises((CancelledError, SchedulerLostError)):
            pool.submit(int, "7").result()
        assert dashboard.ask(int, "7") == 7
        assert isinstance(dashboard.workers(), LocalPool)
        assert "cannot be reached" in is_sentence(dashboard.trouble())
    finally:
        dashboard.try_again()


@pytest.mark.parametrize("answers", [True, False])
def test_a_scheduler_that_cannot_be_reached(monkeypatch, answers):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        if answers:
            listener.listen()  # takes the connection and says nothing
        monkeypatch.setenv(SCHEDULER, f"tcp://127.0.0.1:{listener.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(InputError) as caught:
            default_executor()
        # The limit is the promise itself, not a measurement.
        assert time.monotonic() - began < 8
        assert "--local" in is_sentence(caught.value)
        with default_executor(1, local=True) as executor:
            assert isinstance(executor, LocalPool)
            assert len(list(run_trials([small()], executor))) == 1


def test_several_servers_behind_a_proxy_train_on_one_cluster(tmp_path, cluster):
    own = {SCHEDULER: cluster[0]}
    names = ("--server.allowedHosts=localhost", "--server.allowedHosts=class.example")
    logs = [tmp_path / "first", tmp_path / "second"]
    tabs = []
    with (
        started("app.py", logs[0], *names, **own) as (first, one),
        started("app.py", logs[1], *names, **own) as (second, other),
        sticky(*(urlsplit(address).port for address in (one, other))) as proxy,
    ):
        query = "engine=contraction&examples=100&epochs=5"
        position = total_steps(Experiment(engine="contraction", examples=100, epochs=5))
        for visitor in (2, 3, 4):  # two of them come to the first server, one to the second
            tabs.append(
                Tab(proxy, "train", f"{query}&position={position}", name="class.example", source=f"127.0.0.{visitor}")
            )
        curves = [last_curve(tab, position) for tab in tabs]
        assert [log.read_text().count("event=visitor") for log in logs] == [2, 1]
        wait_for(lambda: [log.read_text().count("state=done") for log in logs] == [1, 1])
        for server in (first, second):
            words = [" ".join(child.cmdline()) for child in psutil.Process(server.pid).children(recursive=True)]
            assert not any("spawn_main" in word for word in words)
        for tab in tabs:
            tab.close()
    plain = [record.loss for record in train(Experiment(engine="contraction", examples=100, epochs=5)).records]
    for curve in curves:
        assert curve == curves[0]
        assert len(plain) == position
        assert curve[-1] == pytest.approx(plain[-1], abs=1e-3)


def last_curve(tab, position):
    """What the loss panel of the film shows, once the film has this position."""
    film = {}

    def complete(message):
        text = message.delta.new_element.bidi_component.json
        if '"film"' in text and (sent := json.loads(text).get("film")):
            film.update(sent)
        return film.get("positions", [0])[-1] == position

    tab.read_until(complete)
    (panel,) = [panel for panel in film["panels"] if panel["title"].lower().startswith("loss")]
    return panel["series"][0]["y"]
