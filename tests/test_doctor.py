"""The doctor: one line for each check, true of this machine, and status 2 if anything is wrong."""

import http.server
import json
import socket
import threading

import psutil
import pytest

from qnn_core import Experiment, doctor, train
from qnn_core.__main__ import main
from qnn_core.doctor import CHECKS, Finding, examine
from tests.helpers import is_sentence

QUICK = {name: check for name, check in CHECKS.items() if name not in {"workers", "aer"}}


@pytest.fixture
def port(monkeypatch):
    """A port that is free; and the checks that take seconds are left out."""
    monkeypatch.setattr(doctor, "CHECKS", QUICK)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def found(port):
    return {finding.name: finding for finding in examine(port)}


def run(capsys, *arguments):
    status = main(["doctor", *map(str, arguments)])
    return status, *capsys.readouterr()


def test_all_is_well_here(capsys, monkeypatch, port):
    monkeypatch.setattr(doctor, "CHECKS", CHECKS)
    monkeypatch.delenv(doctor.SCHEDULER, raising=False)
    status, out, err = run(capsys, "--port", port)
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[:2] for line in lines] == [["ok", name] for name in CHECKS]
    assert all(len(line) > 20 for line in lines)


def test_what_is_found_is_true(port):
    says = {name: finding.says for name, finding in found(port).items()}
    assert says["data"].startswith("60,000 training and 10,000 test images (MNIST) in ")
    last = train(Experiment(engine="contraction")).history[-1]
    assert says["training"].endswith(f"test accuracy {last['test_accuracy']:.4f}")
    assert f" of {psutil.virtual_memory().total / 2**20:,.0f} MiB" in says["memory"]
    assert "streamlit " in says["versions"]
    assert says["ports"] == f"port {port} is free"


def test_json_says_the_same(capsys, tmp_path, port):
    status, out, _ = run(capsys, "--port", port, "--json", "-")
    said = json.loads(out)
    assert (status, said["ok"]) == (0, True)
    assert [check["name"] for check in said["checks"]] == list(QUICK)
    file = tmp_path / "doctor.json"
    assert run(capsys, "--port", port, "--json", file)[0] == 0
    assert json.loads(file.read_text()).keys() == said.keys()


def test_a_port_that_is_taken(capsys, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        status, out, err = run(capsys, "--port", port)
    assert status == 2
    (bad,) = [line for line in out.splitlines() if line.startswith("BAD")]
    assert is_sentence(bad.split(maxsplit=2)[2]).startswith(f"Port {port} cannot be used")
    assert err == f"qnn_core: 1 of {len(QUICK)} checks failed: ports; their lines say what to do.\n"


@pytest.mark.parametrize(("answer", "fine"), [(b"ok", True), (b"something else", False)])
def test_a_dashboard_may_be_there_already(port, answer, fine):
    class Answers(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    with http.server.HTTPServer(("127.0.0.1", port), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        finding = found(port)["ports"]
        server.shutdown()
    assert finding.ok is fine
    assert ("a dashboard answers" in finding.says) is fine


@pytest.mark.parametrize("port", [0, -1, 70_000])
def test_no_such_port(capsys, port):
    status, out, err = run(capsys, "--port", port)
    assert (status, out) == (2, "")
    is_sentence(err.strip().removeprefix("qnn_core: "))


def test_data_that_are_not_there(monkeypatch, tmp_path, port):
    monkeypatch.setenv("QNN_DATA_DIR", str(tmp_path / "nothing"))
    finding = found(port)["data"]
    assert not finding.ok
    is_sentence(finding.says)


def test_memory_that_does_not_suffice(monkeypatch, port):
    few = psutil.virtual_memory()._replace(available=10 * 2**20)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: few)
    finding = found(port)["memory"]
    assert not finding.ok
    assert is_sentence(finding.says).startswith("Only 10 of ")


def test_aer_that_computes_something_else(monkeypatch):
    monkeypatch.setattr(doctor, "CHECKS", {"aer": CHECKS["aer"]})
    monkeypatch.setattr(doctor, "second_opinion", lambda: 1e-8)
    assert "differ by 1.0e-08" in is_sentence(found(1)["aer"].says)


def test_packages_that_are_missing(monkeypatch, port):
    monkeypatch.setattr(doctor, "PACKAGES", ("numpy", "no-such-package"))
    finding = found(port)["versions"]
    assert not finding.ok
    assert finding.says == "no-such-package cannot be found; install the project again."


def test_a_cluster_that_does_not_answer(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setenv(doctor.SCHEDULER, "tcp://127.0.0.1:1")
    monkeypatch.setattr(doctor, "CHECKS", {"workers": CHECKS["workers"]})
    finding = found(1)["workers"]
    assert not finding.ok
    assert "cannot be reached" in is_sentence(finding.says)


def test_whatever_breaks_is_one_line(monkeypatch):
    def broken(port):
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(doctor, "CHECKS", {"one": broken})
    assert list(examine()) == [Finding("one", False, "RuntimeError: two lines")]
