"""What is said to systemd, and how often."""

import os
import socket
import time

import pytest

from translator.service.notify import Supervisor, reloading, supervisor


@pytest.fixture(params=["path", "abstract"])
def heard(request, tmp_path):
    address = str(tmp_path / "notify") if request.param == "path" else f"\0translator-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(address)
        link.settimeout(60)
        yield address.replace("\0", "@"), lambda: link.recv(4096).decode()


def test_words_arrive_one_a_line(heard):
    address, read = heard
    Supervisor(address).tell("READY=1", "STATUS=2 held")
    assert read() == "READY=1\nSTATUS=2 held"


def test_without_a_socket_or_with_a_dead_one_nothing_happens(tmp_path):
    Supervisor("").tell("READY=1")
    Supervisor(str(tmp_path / "nobody")).tell("READY=1")


def test_a_queue_nobody_reads_never_blocks(heard):
    address, _ = heard
    for _ in range(5000):
        Supervisor(address).tell("WATCHDOG=1")


@pytest.mark.parametrize(
    "pid, usec, every",
    [("", "120000000", 60.0), ("own", "3000000", 1.5), ("1", "3000000", 0.0), ("", "", 0.0), ("", "x", 0.0)],
)
def test_pings_come_at_half_the_watchdogs_time_and_only_if_they_are_asked_of_us(pid, usec, every):
    pid = str(os.getpid()) if pid == "own" else pid
    found = supervisor({"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": usec, "WATCHDOG_PID": pid})
    assert found == Supervisor("/run/notify", every)


def test_an_address_that_is_none_is_passed_over():
    assert supervisor({"NOTIFY_SOCKET": "vsock:2:1"}).address == ""


def test_a_reload_says_when_it_began():
    before = time.monotonic_ns() // 1000
    word, began = reloading()
    assert word == "RELOADING=1"
    assert before <= int(began.removeprefix("MONOTONIC_USEC=")) <= time.monotonic_ns() // 1000
