"""A full disk, a crash or a wrong name never costs the file that was there before."""

import errno
import json
import os
import resource
from contextlib import contextmanager

import pytest

from qnn_core import model_file, saving
from qnn_core.__main__ import main
from qnn_core.contest.trial import Trial, read_trials
from qnn_core.errors import InputError
from qnn_core.training.run import train
from tests.helpers import is_sentence, small

OLD = b"what was there before\n" * 40
QUICK = ["--grid", "2", "--examples", "40", "--engine", "contraction"]


@contextmanager
def room_for(size):
    """The system itself refuses to let any file grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def old(tmp_path):
    """A folder that holds one file."""
    path = tmp_path / "file"
    path.write_bytes(OLD)
    return path


def is_untouched(path):
    return path.read_bytes() == OLD and list(path.parent.iterdir()) == [path]


def refused(function, *arguments):
    with pytest.raises(InputError) as caught:
        function(*arguments)
    return is_sentence(caught.value)


def test_a_file_is_replaced_as_a_whole(old):
    saving.write(old, b"new")
    assert old.read_bytes() == b"new"
    assert list(old.parent.iterdir()) == [old]


def test_a_file_that_does_not_fit_leaves_the_old_one(old):
    with room_for(10_000):
        text = refused(saving.write, old, bytes(20_000))
    assert str(old) in text
    assert is_untouched(old)


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_whatever_step_fails_the_old_file_stays(old, monkeypatch, step):
    def fail(*_, **__):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((os, step) if step == "fsync" else (saving.Path, step)), fail)
    assert "No space left on device" in refused(saving.write, old, b"new")
    assert is_untouched(old)


def test_a_key_pressed_in_the_middle_leaves_the_old_file(old, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        saving.write(old, b"new")
    assert is_untouched(old)


def test_the_new_file_is_on_the_disk_before_it_takes_the_old_ones_place(old, monkeypatch):
    honest, seen = os.fsync, []

    def fsync(number):
        (new,) = set(old.parent.iterdir()) - {old}
        seen.append((new.read_bytes(), old.read_bytes()))
        honest(number)

    monkeypatch.setattr(os, "fsync", fsync)
    saving.write(old, b"new")
    assert seen == [(b"new", OLD)]


def test_a_link_and_the_rights_of_a_file_stay(old):
    old.chmod(0o640)
    link = old.with_name("link")
    link.symlink_to(old)
    saving.write(link, b"new")
    assert link.is_symlink()
    assert old.read_bytes() == b"new"
    assert old.stat().st_mode & 0o777 == 0o640
    fresh, plain = old.with_name("fresh"), old.with_name("plain")
    saving.write(fresh, b"new")
    plain.touch()
    assert fresh.stat().st_mode == plain.stat().st_mode


def test_a_line_is_added_whole_or_not_at_all(old):
    with room_for(len(OLD) + 10):
        assert str(old) in refused(saving.append_line, old, b"x" * 100)
        assert is_untouched(old)
        saving.append_line(old, b"fits")
    saving.append_line(old, b"x" * 100)
    assert old.read_bytes() == OLD + b"fits\n" + b"x" * 100 + b"\n"


def test_a_half_written_line_is_ended_first(tmp_path):
    path = tmp_path / "runs"
    for content, expected in ((b"", b"new\n"), (b"a\n", b"a\nnew\n"), (b"a", b"a\nnew\n")):
        path.write_bytes(content)
        saving.append_line(path, b"new")
        assert path.read_bytes() == expected


def odd_places(folder):
    """Places that are no regular file, and names that none can have."""
    os.mkfifo(folder / "pipe")
    (folder / "link").symlink_to("/dev/full")
    return [
        "/dev/full",
        "/dev/null",
        folder,
        folder / "pipe",
        folder / "link",
        folder / "none" / "file",
        f"{folder}/file\0",
        "x" * 5000,
    ]


def test_only_regular_files_are_written(tmp_path):
    places = odd_places(tmp_path)
    before = sorted(tmp_path.iterdir())
    for place in places:
        for function, *arguments in (
            (saving.check_place,),
            (saving.write, b"new"),
            (saving.append_line, b"new"),
        ):
            refused(function, place, *arguments)
    assert sorted(tmp_path.iterdir()) == before


# By everything that writes


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", *QUICK, "--json"],
        ["train", *QUICK, "--save"],
        ["compare", "--models", "majority", "--csv"],
        ["compare", "--models", "majority", "--markdown"],
        ["compare", "--models", "majority", "--json"],
        ["data", "--json"],
        ["trials", *QUICK, "--seeds", "0:2", "--local", "--json"],
    ],
    ids=lambda arguments: f"{arguments[0]} {arguments[-1]}",
)
def test_every_output_leaves_the_old_file(old, capsys, arguments):
    with room_for(len(OLD) + 5 if arguments[0] == "trials" else 100):
        assert main([*arguments, str(old)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert str(old) in is_sentence(line.removeprefix("qnn_core: "))
    assert is_untouched(old)


def test_the_result_is_still_shown_and_the_other_file_written(old, tmp_path, capsys):
    with room_for(30_000):
        status = main(["train", *QUICK, "--save", str(tmp_path / "model.npz"), "--json", str(old)])
    assert status == 2
    assert "test accuracy" in capsys.readouterr().out
    assert old.read_bytes() == OLD
    assert model_file.load(tmp_path / "model.npz").experiment.examples == 40


def test_a_model_leaves_the_old_file(old):
    with room_for(100):
        refused(model_file.save, train(small()), old)
    assert is_untouched(old)


@pytest.mark.parametrize("option", ["--json", "--save"])
def test_what_is_no_regular_file_is_refused_before_the_work(tmp_path, capsys, monkeypatch, option):
    monkeypatch.setattr("qnn_core.__main__.train", None)  # must not be used
    for place in odd_places(tmp_path):
        if "\0" not in str(place):
            assert main(["train", *QUICK, option, str(place)]) == 2
            is_sentence(capsys.readouterr().err.strip().removeprefix("qnn_core: "))


def test_a_runs_file_that_is_none(tmp_path, capsys):
    for place in odd_places(tmp_path)[:5]:
        assert main(["trials", *QUICK, "--seeds", "0:2", "--local", "--json", str(place)]) == 2
        assert "no regular file" in is_sentence(capsys.readouterr().err.strip().removeprefix("qnn_core: "))
        with pytest.raises(InputError):
            read_trials(place if hasattr(place, "exists") else saving.Path(place))


def test_lines_without_an_end_are_not_kept_in_memory(tmp_path, monkeypatch):
    runs, good = tmp_path / "runs", Trial(experiment=small(), error="It failed.")
    runs.write_text("9" * 300_000 + "\n" + good.to_json() + "\n" + json.dumps(["x" * 70_000]) + "\n")
    assert [trial.error for trial in read_trials(runs)] == [good.error]
    assert read_trials(runs, among={small(seed=3)}) == []
    assert len(read_trials(runs, among={small()})) == 1
