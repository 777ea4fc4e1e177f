"""The file system of this machine with a fault in it: the n-th call goes wrong, alone or with all that follow."""

import errno
import os
from contextlib import suppress

from translator.endpoints.files import LocalFiles

CODES = tuple(
    getattr(errno, name) for name in "ENOSPC EDQUOT EIO EMFILE EACCES EROFS EXDEV ENAMETOOLONG ESTALE".split()
)
OPENING = ("folder", "below", "open", "create")
CHANGING = ("below", "make", "create", "write", "sync", "rename", "remove")
WAYS = ("not done", "done", "half")  # and told as an error


class Spoilt:
    """Passes each verb on, and shows the folder to `look` after it."""

    def __init__(self, look=lambda: None):
        self._files = LocalFiles()
        self._look = look
        self._left = self._code = None
        self._sticky, self._way = False, ""
        self.struck = ""  # the verb

    def spoil(self, number, code, *, sticky, way):
        """Have the call of this number, counted from here, go wrong."""
        self._left, self._code, self._sticky, self._way = number, code, sticky, way

    def relent(self):
        self._left = None

    def __getattr__(self, verb):
        return lambda *args: self._called(verb, args)

    def _called(self, verb, args):
        try:
            if not self._strikes(verb):
                return getattr(self._files, verb)(*args)
            self._spoilt(verb, args)
            raise OSError(self._code, os.strerror(self._code))
        finally:
            self._look()

    def _strikes(self, verb):
        if self._left is None or self._left > 0:
            self._left = None if self._left is None else self._left - 1
            return False
        self.struck = self.struck or verb
        if not self._sticky:
            self._left = None
        return True

    def _spoilt(self, verb, args):
        """Do what is done all the same: nothing, all of it, or half. A descriptor that is closed badly is closed."""
        half = {"write": self._half_written, "rename": self._half_renamed}.get(verb)
        if self._way == "half" and half:
            half(*args)
        elif verb == "close" or (self._way == "done" and verb in CHANGING):
            with suppress(OSError):
                made = getattr(self._files, verb)(*args)
                if verb in OPENING:
                    self._files.close(made)

    def _half_written(self, file, data):
        self._files.write(file, data[: len(data) // 2])

    def _half_renamed(self, folder, name, target, final):
        with suppress(OSError):
            os.link(name, final, src_dir_fd=folder, dst_dir_fd=target, follow_symlinks=False)
