"""Directly before the first byte of a POST its holder is asked once more: who stood still meanwhile sends nothing."""

import pytest

from tests.endpoints.spapi_scripted import reply
from tests.endpoints.test_spapi_hostile import puts
from translator.core.finding import Unavailable
from translator.endpoints.endpoint import Outgoing


def outgoing(path, first):
    return Outgoing("x", b"{}", 1, "t", path=path, about="A1", first=first)


@pytest.mark.parametrize("which", [0, 1, 2])
def test_what_may_not_leave_any_more_does_not_and_is_not_unknown(server, clock, which):
    endpoint, path = puts(server, clock)[which]

    def late():
        raise Unavailable("half of the lease is over")

    with pytest.raises(Unavailable, match="half of the lease"):
        endpoint.put(outgoing(path, late), lambda _: None)
    assert server.posts() == []


def test_it_is_asked_when_tokens_and_the_connection_are_there(server, clock):
    endpoint, path = puts(server, clock)[0]
    server.steps = [reply(202, {"transactionId": "1-2"})]
    asked = []
    endpoint.put(outgoing(path, lambda: asked.append([one.path for one in server.asked])), lambda _: None)
    (before,) = asked
    assert before  # the token was asked for
    assert path not in before


def test_a_second_try_with_fresh_tokens_asks_again(server, clock):
    endpoint, path = puts(server, clock)[0]
    server.steps = [reply(403), reply(202, {"transactionId": "1-2"})]
    left = [None, Unavailable("half of the lease is over")]

    def first():
        if error := left.pop(0):
            raise error

    with pytest.raises(Unavailable, match="half of the lease"):
        endpoint.put(outgoing(path, first), lambda _: None)
    assert len(server.posts()) == 1


def test_a_connection_is_good_for_the_next_after_one_that_did_not_leave(server, clock):
    endpoint, path = puts(server, clock)[0]

    def late():
        raise Unavailable("late")

    with pytest.raises(Unavailable):
        endpoint.put(outgoing(path, late), lambda _: None)
    server.steps = [reply(202, {"transactionId": "1-2"})]
    assert endpoint.put(outgoing(path, lambda: None), lambda _: None).text == "1-2"
