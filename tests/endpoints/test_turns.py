"""Several files that one thread puts side by side: what they wait for is waited for once, and none spoils the others."""

import errno
import os
import stat
from itertools import pairwise

import pytest

from tests.clerks import porter
from tests.endpoints.test_folder import Noted
from tests.endpoints.transport import DATA, first
from translator.core.finding import Rejected, Unavailable
from translator.endpoints.endpoint import InTurns, Receipt
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.options import Options
from translator.endpoints.porter.folder import PortedFolder
from translator.endpoints.sftp import Server, Settings
from translator.endpoints.sftp_folder import SftpFolder
from translator.endpoints.turns import alone, side_by_side

NAMES = [f"ORD-{number}.csv" for number in range(5)]


@pytest.fixture
def place(folder_place):
    return folder_place


def put_all(endpoint, names, staging, data=DATA):
    """Put files of these names side by side; give what became of each, by name."""
    with endpoint.kept():
        goings = [endpoint.putting(first(name=name, data=data), lambda home, of=name: staging(of)) for name in names]
        return {names[number]: error or answer for number, answer, error in side_by_side(goings)}


def test_each_goes_up_to_what_it_waits_for_before_any_waits():
    said = []

    def going(name):
        said.append(f"{name} asks")
        yield
        said.append(f"{name} has it")
        return name

    assert list(side_by_side([going("a"), going("b")])) == [(0, "a", None), (1, "b", None)]
    assert said == ["a asks", "b asks", "a has it", "b has it"]


def test_what_one_raises_is_its_own_and_who_ends_early_is_told_early():
    wrong = ValueError("wrong")

    def going(turns, error=None):
        for _ in range(turns):
            yield
        if error:
            raise error
        return turns

    ended = list(side_by_side([going(3), going(1, wrong), going(0), going(2)]))
    assert ended == [(2, 0, None), (1, None, wrong), (3, 2, None), (0, 3, None)]


def test_one_alone_goes_to_its_end():
    def going():
        yield
        yield
        return "there"

    assert alone(going()) == "there"


def test_a_folder_of_this_machine_goes_in_turns_and_one_on_a_server_does_not(place):
    assert isinstance(place.endpoint(), InTurns)
    server = Server(Settings("wms.example", "user", "SHA256:" + "A" * 43))
    assert not isinstance(SftpFolder(server, "in", place.clock), InTurns)


@pytest.fixture(params=["threads of ours", "a porter"])
def over(request, place):
    """Make a folder over files, carried by whom."""
    porters = []

    def make(files):
        if request.param == "threads of ours":
            return Folder(str(place.root), files, place.clock)
        porters.append(porter(place.clock, files=files))
        return PortedFolder(porters[-1], str(place.root), Options())

    yield make
    for one in porters:
        one.close()


def test_the_folder_is_synced_once_for_all_before_any_is_staged_and_once_for_all_after_the_renames(place, over):
    files = Noted()
    endpoint = over(files)
    put_all(endpoint, ["before.csv"], lambda _: lambda: None)  # leaves the marker file
    files.acts.clear()

    def staging(_):
        files.acts.append("asked")
        return lambda: files.acts.append("staged")

    answers = put_all(endpoint, NAMES, staging)
    assert all(isinstance(answer, Receipt) for answer in answers.values())
    assert {name: place.visible[name] for name in NAMES} == dict.fromkeys(NAMES, DATA)
    many = len(NAMES)
    assert [act for act in files.acts if act not in ("asked", "staged")] == [
        *["write"] * many,
        *["sync file"] * many,
        "sync folder",
        *["rename"] * many,
        "sync folder",
    ]
    here = ["asked"] * many, ["staged"] * many
    assert [act for act in files.acts if act in ("asked", "staged")] == [*here[0], *here[1]]
    asked, staged = files.acts.index("asked"), files.acts.index("staged")
    assert files.acts.index("sync folder") < asked < staged < files.acts.index("rename")
    if isinstance(endpoint, Folder):
        assert files.acts[-2 * many - 1 :] == [*["staged", "rename"] * many, "sync folder"]


def test_all_that_lie_in_one_folder_have_one_marker_file_and_it_proves_each(place):
    answers = put_all(place.endpoint(), NAMES, lambda _: lambda: None)
    marks = [name for name in os.listdir(place.root) if name.startswith(".translator-")]
    assert len(marks) == 1
    assert {f"marker={marks[0]}" in answer.text for answer in answers.values()} == {True}
    assert len({answer.text.partition("file=")[2] for answer in answers.values()}) == len(NAMES)


def test_a_name_that_is_taken_and_a_claim_that_is_lost_keep_none_of_the_others(place):
    taken, lost, *well = NAMES
    place.file(taken, b"of somebody else")

    def staging(name):
        def staged():
            if name == lost:
                raise Unavailable("the claim was lost before the rename")

        return staged

    answers = put_all(place.endpoint(), NAMES, staging)
    assert isinstance(answers[taken], Rejected)
    assert isinstance(answers[lost], Unavailable)
    assert place.visible == {taken: b"of somebody else"} | dict.fromkeys(well, DATA)
    assert {type(answers[name]) for name in well} == {Receipt}


class Failing(LocalFiles):
    """Has a folder that cannot be synced the first time, and can after: as the system tells of a failed write once."""

    def __init__(self):
        self.times = 0
        self.fails = False

    def sync(self, descriptor):
        if self.fails and stat.S_ISDIR(os.fstat(descriptor).st_mode):
            self.times += 1
            if self.times == 1:
                raise OSError(errno.EIO, "")
        super().sync(descriptor)


def test_where_the_names_cannot_be_synced_none_that_asked_for_it_is_staged(place):
    files = Failing()
    endpoint = Folder(str(place.root), files, place.clock)
    put_all(endpoint, ["before.csv"], lambda _: lambda: None)
    files.fails, staged = True, []
    answers = put_all(endpoint, NAMES, lambda name: lambda: staged.append(name))
    assert {type(answer) for answer in answers.values()} == {Unavailable}
    assert (staged, files.times) == ([], 1)
    assert place.visible.keys() == {"before.csv"}


def test_who_asks_after_the_sync_began_has_one_of_his_own(place):
    files = Noted()
    endpoint = Folder(str(place.root), files, place.clock)
    with endpoint.kept():
        early, late = (endpoint.putting(first(name=name), lambda _: lambda: None) for name in NAMES[:2])
        next(early)  # has written its bytes
        next(early)  # has asked for the names
        next(early)  # they are on the disk
        next(late)
        next(late)
        files.acts.clear()
        next(late)
        assert files.acts == ["sync folder"]
        for _ in pairwise(range(9)):
            for one in (early, late):
                next(one, None)
    assert place.visible.keys() == set(NAMES[:2])
