"""Workers end with the server that started them, however it ends."""

import signal

import psutil
import pytest

from tests.server import Tab, started

LONG = "keep_trained=true&engine=contraction&batch_size=10"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_no_worker_outlives_its_server(tmp_path, how):
    log = tmp_path / "log"
    with started("app.py", log) as (process, address):
        tab = Tab(address, "train", LONG)
        tab.read_until(lambda _: "event=run" in log.read_text())
        workers = psutil.Process(process.pid).children(recursive=True)
        assert len(workers) >= 2
        process.send_signal(how)
        assert process.wait(10) in {0, -how}
        _, alive = psutil.wait_procs(workers, timeout=5)
        assert not alive
