"""A porter whose process is threads of this one: all but the process itself, with the clock and the fault points of a test."""

import os
import socket
from threading import Thread

from translator.core.ports import NoFaults
from translator.endpoints.files import LocalFiles
from translator.endpoints.folder import Folder
from translator.endpoints.porter import desk
from translator.endpoints.porter.lines import Porter


class Clerks:
    """What stands for the process."""

    def __init__(self, control, clock, make):
        self._desk = Thread(target=desk.answer, args=(socket.socket(fileno=os.dup(control)), clock, make), daemon=True)
        self._desk.start()

    def poll(self):
        return None if self._desk.is_alive() else 0

    def kill(self):
        """Do nothing: it ends since its control did."""

    def wait(self, timeout):
        self._desk.join(timeout)


def porter(clock, faults=None, files=None):
    """Give a porter without a process."""

    def make(where):
        return Folder(where.path, files or LocalFiles(), clock, where.options, faults or NoFaults())

    return Porter(lambda control: Clerks(control, clock, make))
