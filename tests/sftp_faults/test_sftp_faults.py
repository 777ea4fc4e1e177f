"""The SFTP fault matrix, some of it, and that it sees what it is there to see. All of it: make slices."""

import ast
import sys
from contextlib import suppress

import pytest

from tests.sftp_faults import expected as judge
from tests.sftp_faults.cell import Case, Scene
from tests.sftp_faults.expected import Expected
from tests.sftp_faults.server import HONEST, LIARS, PHASE_FAULTS, PHASES, REQUEST_FAULTS, FaultServer
from tests.sftp_faults.sweep import Kept, Sweep, cuts, storms
from translator.endpoints import sftp, sftp_folder
from translator.endpoints.publish import Publication


def found(step, fault, **which):
    def only(case):
        return (case.step, case.fault) == (step, fault)

    swept = Sweep(**({"personalities": ("bare",), "mids": (False,), "only": only} | which))
    assert swept.seen
    return "\n".join(swept.wrong)


# --- the data


def test_the_faults_of_the_server_are_those_of_the_expectations():
    assert tuple(Expected().faults) == REQUEST_FAULTS
    assert {len(row) for rows in Expected().rows.values() for row in rows.values()} == {len(REQUEST_FAULTS)}
    assert (len(PHASES), len(PHASE_FAULTS), len(HONEST), len(LIARS)) == (9, 4, 4, 3)


def test_the_expectations_know_nothing_of_the_program():
    with open(judge.__file__, encoding="utf-8") as source:
        tree = ast.parse(source.read())
    imported = {name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in [node.names[0].name]}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= {*sys.stdlib_module_names, "yaml"}


def test_every_step_of_both_flows_has_its_expectations():
    swept = Sweep(only=lambda case: False)
    for flow, rows in Expected().rows.items():
        walked = {name for (which, _, _), names in swept.steps.items() if which == flow for name in names}
        assert walked == set(rows)


# --- some columns


@pytest.mark.parametrize("taking", [False, True])
def test_a_lost_answer_neither_loses_nor_doubles_a_file(taking):
    swept = Sweep(("bare",), only=lambda case: case.fault == "lost", taking=(taking,))
    assert swept.wrong == []
    assert len(swept.seen) >= (24 if taking else 50)


@pytest.mark.parametrize("fault", ["missing", "half"])
def test_a_server_that_does_not_tell_the_truth_is_not_believed(fault):
    swept = Sweep(("sparse",), mids=(True,), only=lambda case: case.fault == fault)
    assert swept.wrong == []


def test_a_server_that_never_opens_its_subsystem_is_given_up():
    assert found("subsystem", "hang", flows=("delivery",)) == ""


def test_a_connection_that_breaks_after_any_byte_neither_loses_nor_doubles_a_file():
    swept = Kept(cuts(part=3, parts=7, many=6))
    assert swept.wrong == []
    assert swept.seen.total() == 24


def test_many_faults_one_after_another_neither_lose_nor_double_a_file():
    swept = Kept(storms(part=0, many=1))
    assert swept.wrong == []
    assert swept.seen.total() == 48


@pytest.mark.parametrize("personality", ["swollen", "shrunken"])
@pytest.mark.parametrize("flow", ["delivery", "pick-up"])
def test_a_server_that_tells_wrong_sizes_gets_and_gives_nothing_and_it_is_said_why(tmp_path, flow, personality):
    server = FaultServer(tmp_path, personality).start()
    scene = Scene(server, "wms", Case(flow, personality, False, False, "", ""))
    try:
        with suppress(TypeError):  # there is no receipt to look with
            scene.played()
    finally:
        scene.close()
        server.stop()
    why = {"delivery": "the server keeps another number of bytes", "pick-up": "changed while it was fetched"}[flow]
    assert why in scene.wrong[0]
    assert scene.sightings == {}
    assert scene.stored == {}


# --- planted mistakes: the matrix has to see each


def test_it_sees_a_file_that_is_written_under_its_final_name(monkeypatch):
    monkeypatch.setattr("translator.endpoints.publish.temporary", lambda name, token, number: name)
    assert "was seen with" in found("WRITE file, last", "cut")


def test_it_sees_writes_that_are_not_read_back(monkeypatch):
    monkeypatch.setattr(sftp.session, "_compared", lambda answers, pieces: True)
    assert "was seen with" in found("WRITE temp", "half")


def test_it_sees_a_beginning_that_is_taken_for_the_whole(monkeypatch):
    read = sftp.Session.read
    monkeypatch.setattr(sftp.Session, "read", lambda self, path, size: [b"".join(read(self, path, size))[:size]])
    assert "was read with" in found("READ file", "half", personalities=("shrunken",), flows=("pick-up",))


def test_it_sees_a_rename_that_is_believed_not_to_have_found_its_file(monkeypatch):
    monkeypatch.setattr(Publication, "_prove", lambda self, gone: None)
    assert "was seen 0 times" in found("RENAME temp", "missing")


def test_it_sees_a_file_that_is_sent_again_after_it_was_taken(monkeypatch):
    publish = Publication.publish

    def forgetful(self, staged):
        self.outgoing = type(self.outgoing)(*[getattr(self.outgoing, n) for n in ("name", "data", "attempt", "token")])
        return publish(self, staged)

    monkeypatch.setattr(Publication, "publish", forgetful)
    assert "was seen 2 times" in found("RENAME temp", "lost", taking=(True,), flows=("delivery",))


def test_it_sees_a_source_that_is_put_away_before_it_is_stored(monkeypatch):
    fetch = sftp_folder.SftpFolder.fetch

    def hasty(self, seen):
        data = b"".join(fetch(self, seen))
        self.dispose(seen)
        return [data]

    monkeypatch.setattr(sftp_folder.SftpFolder, "fetch", hasty)
    assert "was put away before it was stored" in found("RENAME gone", "lost", flows=("pick-up",))
