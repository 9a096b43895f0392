"""A watcher hears how the job goes; whatever it answers, the job goes on."""

from __future__ import annotations

import pytest

from publish.heartbeat import Beat, beat
from tests.standins.loopback import Answer, Asked, Fault, Loopback


def test_start_success_and_failure_are_three_addresses() -> None:
    with Loopback(lambda _: Answer(200)) as server:
        assert all(beat(f"{server.url}/ping/abc?rid=1", what) for what in Beat)
        assert [one.path for one in server.asked] == ["/ping/abc/start", "/ping/abc", "/ping/abc/fail"]
        assert all(one.query == {"rid": ["1"]} for one in server.asked)


def test_a_refusal_or_a_lost_reply_is_no_error() -> None:
    def answer(_: Asked) -> Answer:
        return Answer(404)

    with Loopback(answer) as server:
        server.faults.append(Fault("GET"))
        assert not beat(server.url, Beat.START)
        assert not beat(server.url, Beat.START)
        address = server.url
    assert not beat(address, Beat.FAIL, timeout=1)


@pytest.mark.parametrize("url", ["http://example.org/x", "ftp://127.0.0.1/", "nonsense", "http://127.0.0.1:99999/", ""])
def test_other_addresses_are_not_called(url: str) -> None:
    assert not beat(url, Beat.START)
