"""Long sweeps, as bounded slices (`make slices`) and in full (`make deep SLICE=k` for tests/slices/test_k.py).

A sweep is a test that takes `part`, a number that serves as its seed, and says how many parts it has:
`@pytest.mark.parts(bounded=2, deep=40)`. It tells what it saw by `figure("kills", 212)`, a table by `figure("table", text)`,
and asks `deep` where a part itself is longer in full. In full, each part that passed is appended to deep/results.jsonl, and
parts that stand there are not run again: an interrupted run goes on where it stopped. The commit stands beside each result;
remove the file to begin anew.
"""

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

DEEP = os.environ.get("TRANSLATOR_DEEP") == "1"
ROOT = Path(__file__).parents[2]
RESULTS = Path(os.environ.get("TRANSLATOR_DEEP_RESULTS", ROOT / "deep" / "results.jsonl"))


@pytest.fixture
def deep():
    return DEEP


@pytest.fixture
def figure(record_property):
    return record_property


def pytest_generate_tests(metafunc):
    if "part" in metafunc.fixturenames:
        parts = metafunc.definition.get_closest_marker("parts")
        metafunc.parametrize("part", range(parts.kwargs["deep" if DEEP else "bounded"]))


def pytest_collection_modifyitems(config, items):
    done = _done() if DEEP else set()
    items[:], left_out = [i for i in items if i.nodeid not in done], [i for i in items if i.nodeid in done]
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def pytest_runtest_logreport(report):
    if DEEP and report.when == "call" and report.passed and "PYTEST_XDIST_WORKER" not in os.environ:
        _append(report)


def pytest_sessionfinish(session, exitstatus):
    if DEEP and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and _done():
        session.exitstatus = pytest.ExitCode.OK  # all of it stands in the results already


def pytest_terminal_summary(terminalreporter):
    terminalreporter.section("figures")
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        if report.when == "call":
            said = "  ".join(f"{name}={value}" for name, value in report.user_properties if name != "table")
            terminalreporter.line(f"{report.nodeid}  {report.duration:.1f} s  {said}")
            for table in (value for name, value in report.user_properties if name == "table"):
                terminalreporter.line(table)
    if DEEP:
        terminalreporter.line(f"{len(_done())} parts stand in {RESULTS}")


def _done():
    return {json.loads(line)["part"] for line in RESULTS.read_text().splitlines()} if RESULTS.exists() else set()


def _append(report):
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    line = {
        "part": report.nodeid,
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": _commit(),
        "seconds": round(report.duration, 1),
        "figures": dict(report.user_properties),
    }
    with RESULTS.open("a") as results:
        results.write(json.dumps(line) + "\n")


def _commit():
    asked = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"
