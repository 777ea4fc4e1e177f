"""How often one may call, by the clock that is handed in."""

from tests.simulator.vendor import ORDERS, SCENARIOS, parties_of


def statuses(vendor, count, ask):
    return [ask().status_code for _ in range(count)]


def test_an_operation_may_be_called_ten_times_at_once_and_ten_times_a_second(open_amazon):
    vendor = open_amazon(limits=True)
    assert statuses(vendor, 12, vendor.list) == [200] * 10 + [429] * 2
    vendor.clock.step(0.1)
    assert statuses(vendor, 2, vendor.list) == [200, 429]
    vendor.clock.step(60)
    answers = [vendor.list() for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert answers[-1].json()["errors"][0]["code"] == "QuotaExceeded"
    assert "x-amzn-ratelimit-limit" not in answers[-1].headers
    assert vendor.amazon.state()["throttled"] == {"getOrders": 4}


def test_each_operation_has_a_limit_of_its_own(open_amazon, orders):
    vendor = open_amazon(limits=True)
    statuses(vendor, 11, vendor.list)
    assert vendor.acknowledge(orders[0]).status_code == 202
    assert vendor.amazon.state()["throttled"] == {"getOrders": 1}


def test_whoever_keeps_to_the_rate_is_never_refused(open_amazon):
    vendor = open_amazon(limits=True)
    statuses(vendor, 10, vendor.list)
    for _ in range(100):
        vendor.clock.step(0.1)
        assert vendor.list().status_code == 200


def test_restricted_tokens_are_made_once_a_second(open_amazon):
    vendor = open_amazon(limits=True)
    token = vendor.token()
    made = [vendor.restrict(ORDERS, token=token).status_code for _ in range(11)]
    assert made == [200] * 10 + [429]
    vendor.clock.step(0.9)
    assert vendor.restrict(ORDERS, token=token).status_code == 429
    vendor.clock.step(0.1)
    assert vendor.restrict(ORDERS, token=token).status_code == 200


def test_a_call_that_is_refused_does_nothing(open_amazon, orders):
    vendor = open_amazon(limits=True)
    for order in orders[:11]:
        vendor.acknowledge(order)
    assert len(vendor.acknowledged()) == 10


def test_in_a_sandbox_all_operations_share_one_limit(open_amazon, orders):
    vendor = open_amazon(limits=True, sandbox=True)
    vendor.restricted_token()  # one call
    assert statuses(vendor, 14, vendor.list) == [200] * 14
    assert vendor.post(SCENARIOS, {"orders": [parties_of(orders[0])]}).status_code == 429
    vendor.clock.step(0.2)
    assert statuses(vendor, 2, vendor.list) == [200, 429]


def test_without_limits_nobody_is_refused(vendor):
    assert set(statuses(vendor, 30, vendor.list)) == {200}
    assert vendor.amazon.state()["throttled"] == {}
