"""The container file and the systemd unit start a dashboard: what they name exists, and what they run answers."""

import configparser
import http.client
import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTAINER = (ROOT / ".deploy" / "Containerfile").read_text()
UNIT = ROOT / ".deploy" / "qnn-classroom.service"
PLACE = "/srv/qnn-classroom"


def instructions(name):
    """The arguments of one kind of instruction in the container file."""
    joined = CONTAINER.replace("\\\n", " ")
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.startswith(f"{name} ")]


def service():
    """The unit's [Service]; where an option stands twice, all its values."""
    parser = configparser.RawConfigParser(strict=False, dict_type=Twice)
    parser.optionxform = str
    parser.read_string(UNIT.read_text())
    return dict(parser["Service"])


class Twice(dict):
    """Keeps every value of an option, as systemd does."""

    def __setitem__(self, name, value):
        if isinstance(value, list) and name in self and isinstance(self[name], list):
            value = [*self[name], *value]
        super().__setitem__(name, value)


def of_container():
    """What the container file runs, and with which variables."""
    (command,), (variables,) = instructions("CMD"), instructions("ENV")
    return json.loads(command), dict(pair.split("=", 1) for pair in variables.split())


def of_unit():
    """The same of the unit, whose own Python is this one."""
    told = service()
    command = shlex.split(told["ExecStart"].replace(f"{PLACE}/.venv/bin/python", "python"))
    return command, dict(pair.split("=", 1) for pair in told["Environment"].split())


@pytest.mark.parametrize("told", [of_container, of_unit])
def test_what_is_run_is_a_dashboard_for_those_who_know_its_name(told):
    command, variables = told()
    assert command[0] == "python"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # What the README says to set.
    own = {"STREAMLIT_SERVER_PORT": str(port), "STREAMLIT_SERVER_ALLOWED_HOSTS": "localhost class.example"}
    process = subprocess.Popen([sys.executable, *command[1:]], cwd=ROOT, env={**os.environ, **variables, **own})
    try:
        wait_for(port)
        assert [status(port, host) for host in ("class.example", "evil.example", "127.0.0.1")] == [200, 403, 403]
        if told is of_container:
            (check,) = instructions("HEALTHCHECK")
            words = json.loads(check[check.index("[") :].replace("8501", str(port)))
            subprocess.run([sys.executable, *words[1:]], check=True)
    finally:
        process.terminate()
        process.wait(15)


def wait_for(port, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            assert status(port, "localhost") == 200
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("The server did not start.")


def status(port, host):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request("GET", "/_stcore/health", headers={"Host": f"{host}:{port}"})
    try:
        return connection.getresponse().status
    finally:
        connection.close()


def test_what_is_copied_into_the_container_exists_and_is_enough():
    copied = {name for line in instructions("COPY") for name in line.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    needed = {"app.py", "pages", "qnn_core", ".streamlit", "pyproject.toml", "README.md", "LICENSE"}
    assert copied == needed


def test_the_container_installs_extras_that_exist():
    (line,) = instructions("RUN")
    extras = re.search(r'"\.\[(.*)\]"', line)[1].split(",")
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert set(extras) <= set(tomllib.load(file)["project"]["optional-dependencies"])


def test_the_containers_python_is_one_that_was_tried():
    (image,) = instructions("FROM")
    with (ROOT / "pyproject.toml").open("rb") as file:
        tried = tomllib.load(file)["project"]["classifiers"]
    version = re.fullmatch(r"python:(3\.\d+)-slim", image)[1]
    assert f"Programming Language :: Python :: {version}" in tried


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="There is no systemd on this machine.")
def test_systemd_takes_the_unit(tmp_path):
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text().replace(PLACE, str(tmp_path)))
    result = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
