"""The porter as a process: whoever ends it, or whoever is ended beside it, no file is lost and none appears twice."""

import errno
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import clerks
from tests.endpoints.transport import DATA, NAME, Clock, again, first
from translator.core.finding import Elsewhere, Unavailable
from translator.endpoints.endpoint import Receipt, Seen
from translator.endpoints.files import LocalFiles
from translator.endpoints.options import Options
from translator.endpoints.porter import lines, words
from translator.endpoints.porter.desk import LATE
from translator.endpoints.porter.folder import PortedFolder
from translator.endpoints.porter.lines import Porter
from translator.endpoints.turns import SMALL, side_by_side
from translator.service import porter as service

ENDED = "the process that carries files ended"
MANY = 20


@pytest.fixture
def root(tmp_path):
    (tmp_path / "wms").mkdir()
    return tmp_path / "wms"


@pytest.fixture
def started():
    """Remember each process that was started."""
    return []


@pytest.fixture
def porter(started):
    def start(control):
        started.append(service._started(control))
        return started[-1]

    with closing(Porter(start)) as made:
        yield made


@pytest.fixture
def folder(porter, root):
    return PortedFolder(porter, str(root), Options(quiet=0))


def visible(root):
    return {path.name: path.read_bytes() for path in root.iterdir() if not path.name.startswith(".")}


def seen(folder, name=NAME):
    return next(one for one in folder.list("").complete if one.name == name)


def alive(pid):
    with suppress(OSError):
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return False


def until_gone(pid, within=20.0):
    end = time.monotonic() + within
    while alive(pid):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_it_is_started_when_it_is_needed_and_ends_when_it_is_closed(porter, folder, started):
    folder.close()
    assert (porter.runs, started) == (False, [])
    folder.list("")
    folder.list("")
    assert len(started) == 1
    porter.close()
    assert started[0].returncode is not None


def test_who_asks_after_it_died_is_told_and_who_asks_again_has_another(folder, root, started):
    (root / NAME).write_bytes(DATA)
    one = seen(folder)
    started[0].kill()
    started[0].wait()
    with pytest.raises(Unavailable, match=ENDED):
        folder.dispose(one)
    assert b"".join(folder.fetch(one)) == DATA
    assert len(started) == 2


def test_a_file_appears_once_though_it_dies_between_staged_and_the_rename(folder, root, started):
    def dies(_):
        started[0].kill()
        started[0].wait()

    with pytest.raises(Unavailable, match=ENDED):
        folder.put(first(), dies)
    assert visible(root) == {}
    receipt = folder.put(again(True), lambda _: pytest.fail("it was staged before"))
    assert visible(root) == {NAME: DATA}
    assert "file=" in receipt.text


def test_what_is_not_staged_is_taken_away_and_why_is_told_as_it_was_raised(folder, root):
    def lost(_):
        raise Unavailable("the claim was lost", 7.0)

    with pytest.raises(Unavailable) as caught:
        folder.put(first(), lost)
    assert (caught.value.reason, caught.value.wait) == ("the claim was lost", 7.0)
    assert visible(root) == {}
    folder.put(again(False), lambda _: None)
    assert visible(root) == {NAME: DATA}
    assert [path for path in root.iterdir() if path.suffix == ".tmp"] == []


def test_a_service_that_is_killed_leaves_no_porter_behind(tmp_path, root):
    script = (
        "import sys, time\n"
        "from tests.endpoints.transport import first\n"
        "from translator.endpoints.options import Options\n"
        "from translator.endpoints.porter.folder import PortedFolder\n"
        "from translator.service.porter import porter\n"
        "made = porter()\n"
        "folder = PortedFolder(made, sys.argv[1], Options())\n"
        "def staged(_):\n"
        "    print(made._process.pid, flush=True)\n"
        "    time.sleep(60)\n"
        "folder.put(first(), staged)\n"
    )
    command = [sys.executable, "-c", script, str(root)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as ours:
        pid = int(ours.stdout.readline())
        assert alive(pid)
        ours.kill()
    until_gone(pid)
    assert visible(root) == {}


@pytest.mark.parametrize("sort", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_who_is_told_to_stop_is_the_service_alone(folder, started, sort):
    folder.list("")
    started[0].send_signal(sort)
    time.sleep(0.05)
    folder.list("")
    assert len(started) == 1


def test_that_it_cannot_be_started_is_told(root):
    def cannot(_):
        raise BlockingIOError(11, "Resource temporarily unavailable")

    folder = PortedFolder(Porter(cannot), str(root), Options())
    with pytest.raises(Unavailable, match="could not be started: Resource temporarily unavailable"):
        folder.list("")


def test_nothing_that_lies_in_the_folder_we_stand_in_is_run(root, monkeypatch):
    for name in ("signal.py", "translator.py"):
        (root / name).write_text("raise SystemExit(3)\n")
    monkeypatch.chdir(root)
    with closing(service.porter()) as porter:
        assert PortedFolder(porter, str(root), Options(quiet=0)).list("").complete


def test_a_file_that_nobody_hears_to_its_end_spoils_no_other_answer(folder, root):
    (root / NAME).write_bytes(DATA * 40_000)
    (root / "other.csv").write_bytes(b"other")
    pieces = folder.fetch(seen(folder))
    assert len(next(pieces)) < len(DATA) * 40_000
    assert b"".join(folder.fetch(seen(folder, "other.csv"))) == b"other"  # though `pieces` is still there
    with pytest.raises(Unavailable, match=ENDED):
        next(pieces)
    assert b"".join(folder.fetch(seen(folder))) == DATA * 40_000


def test_a_fault_of_ours_is_told_by_its_name_and_its_places(folder):
    with pytest.raises(Elsewhere) as caught:
        list(folder.fetch(Seen("a\0b", "1 1 1", 1)))
    assert caught.value.name == "ValueError"
    assert caught.value.trace[-1].startswith("endpoints/files.py:")
    assert folder.list("").complete == ()


def test_several_are_asked_for_at_once(folder, root, porter, monkeypatch):
    for number in range(MANY):
        (root / f"S{number:02}.csv").write_bytes(b"%d" % number)
    complete = folder.list("").complete
    said = []
    line = porter.line()
    send = line.connection.send
    monkeypatch.setattr(type(line.connection), "send", lambda _, what: (said.append(what), send(what))[1])
    with folder.kept():
        fetched = [data for _, data, _ in side_by_side([folder.fetching(one) for one in complete])]
        ended = [error for _, _, error in side_by_side([folder.disposing(one) for one in complete])]
    assert fetched == [b"%d" % number for number in range(MANY)]
    assert ended == [None] * MANY
    assert len(said) == 4  # keep, fetch, dispose, let go
    assert visible(root) == {}


def test_of_several_one_at_fault_is_told_alone(folder, root):
    for number in range(3):
        (root / f"S{number}.csv").write_bytes(b"%d" % number)
    complete = folder.list("").complete
    (root / "S1.csv").write_bytes(b"changed")
    answers = list(side_by_side([folder.fetching(one) for one in complete]))
    assert [(data, type(error)) for _, data, error in answers] == [
        (b"0", type(None)),
        (None, Unavailable),
        (b"2", type(None)),
    ]


def test_a_large_file_comes_in_pieces(folder, root):
    (root / NAME).write_bytes(os.urandom(SMALL * 20))
    pieces = list(folder.fetch(seen(folder)))
    assert len(pieces) > 1
    assert b"".join(pieces) == (root / NAME).read_bytes()


def test_what_one_process_disposed_of_is_not_settled_by_another(folder, root, started):
    (root / NAME).write_bytes(DATA)
    one = seen(folder)
    folder.dispose(one)
    started[0].kill()
    started[0].wait()
    with suppress(Unavailable):
        folder.list("")
    folder.list("")
    with pytest.raises(Unavailable, match=ENDED):
        folder.settled()
    folder.dispose(one)  # as the station does: it is not known to be put away
    folder.settled()
    assert visible(root) == {}


def test_another_translator_than_the_one_that_runs_is_not_spoken_with(root, monkeypatch):
    monkeypatch.setattr(service, "FORM", "another")
    with closing(service.porter()) as porter:
        folder = PortedFolder(porter, str(root), Options())
        with pytest.raises(Unavailable, match=ENDED):
            folder.list("")
        porter._process.wait()
        for _ in range(2):
            with pytest.raises(Unavailable, match="restart the service"):
                folder.list("")


def test_the_form_of_what_is_said_is_another_where_a_field_is(monkeypatch):
    before = words.form()

    @dataclass(frozen=True, slots=True)
    class Where:
        number: int
        path: str
        options: Options
        more: str = ""

    assert words.form() == before
    monkeypatch.setattr(words, "_SAID", tuple(Where if one is words.Where else one for one in words._SAID))
    assert words.form() != before


def test_that_nothing_more_can_be_opened_is_told(folder, monkeypatch):
    def full():
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(lines.socket, "socketpair", full)
    with pytest.raises(Unavailable, match="could not be started: Too many open files"), folder.kept():
        folder.list("")


def test_what_cannot_be_begun_in_time_is_left_for_later(root):
    """The first of three acts of one question takes longer than what asked for them has time."""
    clock = Clock()

    class Slow(LocalFiles):
        def entry(self, folder, name):
            clock.step(LATE + 1)
            return super().entry(folder, name)

    with closing(clerks.porter(clock, files=Slow())) as porter:
        folder = PortedFolder(porter, str(root), Options(quiet=0))
        for number in range(3):
            (root / f"S{number}.csv").write_bytes(b"%d" % number)
        complete = folder.list("").complete
        answers = [error for _, _, error in side_by_side([folder.disposing(one) for one in complete])]
    assert [getattr(error, "reason", "")[:9] for error in answers] == ["", "not begun", "not begun"]
    assert sorted(visible(root)) == ["S1.csv", "S2.csv"]


def test_a_rename_that_would_come_too_late_is_not_done(root):
    clock = Clock()

    class Slow(LocalFiles):
        def rename(self, *names):
            clock.step(LATE + 1)
            super().rename(*names)

    with closing(clerks.porter(clock, files=Slow())) as porter:
        folder = PortedFolder(porter, str(root), Options(quiet=0))
        names = ["S1.csv", "S2.csv"]
        with folder.kept():
            puts = [folder.putting(first(name=name), lambda _: lambda: None) for name in names]
            answers = [type(answer or error) for _, answer, error in side_by_side(puts)]
    assert answers == [Receipt, Unavailable]
    assert sorted(visible(root)) == ["S1.csv"]


def test_what_was_noted_and_never_asked_for_is_not_done_later(folder, root):
    (root / NAME).write_bytes(DATA)
    one = seen(folder)
    with folder.kept():
        next(folder.disposing(one))
    folder.list("")
    assert visible(root) == {NAME: DATA}


def test_who_closes_it_leaves_no_line_open(folder, porter):
    before = len(os.listdir("/proc/self/fd"))
    folder.list("")
    with ThreadPoolExecutor(3) as pool:
        for _ in pool.map(lambda _: folder.list(""), range(9)):
            pass
        porter.close()
        assert len(os.listdir("/proc/self/fd")) == before
