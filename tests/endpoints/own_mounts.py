"""Acts in a child process that may mount what it likes, and in one that is nobody: nothing of it outlives the child."""

import ctypes
import json
import os
import traceback

import pytest

NOBODY = 65534
_NEW_MOUNTS, _NEW_USERS = 0x00020000, 0x10000000
_READ_ONLY, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 32, 4096, 16384, 1 << 18
_DETACH = 2
_libc = ctypes.CDLL(None, use_errno=True)


def in_own_mounts(act):
    """Give what `act` gives, run where mounts are its own; skip where the machine lets us have none."""
    answer = in_child(act, _unshared)
    if answer is None:
        pytest.skip("this machine lets us mount nothing, not even in a namespace of our own")
    return answer


def as_nobody(act):
    """Give what `act` gives, run by a user whom permissions bind."""
    return in_child(act, _unprivileged)


def mount(path, **options):
    """Mount a file system in memory."""
    said = ",".join(f"{name}={value}" for name, value in options.items())
    _called("mount", b"tmpfs", os.fsencode(path), b"tmpfs", 0, said.encode())


def remount(path, *, read_only):
    _called("mount", None, os.fsencode(path), None, _REMOUNT | (_READ_ONLY if read_only else 0), None)


def bind(source, path):
    """Show a directory at another place, too."""
    _called("mount", os.fsencode(source), os.fsencode(path), None, _BIND, None)


def unmount(path):
    _called("umount2", os.fsencode(path), _DETACH)


def _called(name, *args):
    if getattr(_libc, name)(*args):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), name)


def _unshared():
    user, group = os.getuid(), os.getgid()
    _called("unshare", _NEW_MOUNTS | (_NEW_USERS if user else 0))
    if user:
        for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(text)
    _called("mount", None, b"/", None, _REC | _PRIVATE, None)


def _unprivileged():
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def in_child(act, prepare=lambda: None):
    """Fork; give what the act gave, as JSON may say it; None where it could not be prepared. What it raises is raised."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                json.dump(_told(act, prepare), out)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        answer = json.load(told)
    os.waitpid(child, 0)
    if "raised" in answer:
        raise AssertionError(answer["raised"])
    return answer.get("gave")


def _told(act, prepare):
    try:
        prepare()
    except OSError:
        return {}
    try:
        return {"gave": act()}
    except BaseException as error:  # also a failed assertion: it must not go up into a second pytest
        return {"raised": "".join(traceback.format_exception(error))}
