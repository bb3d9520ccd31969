"""A page that fails says so and no more; the details are in the log."""

from tests.server import Tab, started


def test_details_are_only_in_the_log(tmp_path):
    log, seen = tmp_path / "log", []
    with started("tests/pages/faulty_app.py", log) as (_, address):
        tab = Tab(address)
        tab.read_until(lambda message: seen.append(message) or message.WhichOneof("type") == "script_finished")
        tab.close()
    assert any(message.delta.new_element.exception.message for message in seen)
    assert not any("swordfish" in str(message) or "RuntimeError" in str(message) for message in seen)
    (fault,) = [line for line in log.read_text().splitlines() if "event=fault" in line]
    assert 'error=RuntimeError where=pages/faulty_app.py:4 says="the secret word is swordfish"' in fault
