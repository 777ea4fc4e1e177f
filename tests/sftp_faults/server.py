"""An SFTP server that fails on purpose, once, at one request or at one step of connecting; else it serves a directory.

Before each answer leaves it, the board looks at the directory: nothing can change there but by a request, so what the board
has seen is all that anybody could have seen.
"""

import os
import socket
import struct
import time
from contextlib import suppress

import paramiko
from paramiko import sftp as wire
from paramiko.sftp_attr import SFTPAttributes

from translator.simulator import sftp as plain

USER, PASSWORD = "wms", "a password for tests"
LATE = 0.9  # seconds: later than a client that is in a hurry waits

REQUEST_FAULTS = ("cut", "lost", "failure", "denied", "missing", "hang", "half", "wrong", "late")
SWIFT = tuple(fault for fault in REQUEST_FAULTS if fault not in ("hang", "late"))
QUOTA_EXCEEDED = 15  # as version 6 numbers it; some servers of version 3 send it all the same
DEATHS = ("dead", "torn")  # its process dies, and the channel with it: at once, or in a rename between link and unlink
STORMY = 0.06  # of the requests
PHASE_FAULTS = ("refuse", "hang", "cut", "garbage")
PHASES = ("connect", "banner", "kexinit", "kex reply", "newkeys", "login", "channel", "subsystem", "version")
HONEST = ("openssh", "bare", "overwrites", "sparse")
LIARS = {
    "swollen": (1, 0),
    "shrunken": (-1, 0),
    "drifting": (0, 1),
}  # what each adds to a size, and to a time at each look
PERSONALITIES = (*HONEST, *LIARS)

_STATUS = {
    "failure": wire.SFTP_FAILURE,
    "denied": wire.SFTP_PERMISSION_DENIED,
    "missing": wire.SFTP_NO_SUCH_FILE,
}
# By the number of the message that ends the phase: its name, and the number of the refusal in its stead.
_MESSAGES = {
    20: ("kexinit", 1),
    31: ("kex reply", 1),
    21: ("newkeys", 1),
    52: ("login", 51),
    91: ("channel", 92),
    99: ("subsystem", 100),
}
_HANDLED = (wire.CMD_CLOSE, wire.CMD_READ, wire.CMD_WRITE, wire.CMD_FSTAT, wire.CMD_READDIR)
_VERBS = {number: name.upper() for number, name in wire.CMD_NAMES.items()}
_FSYNC = "fsync@openssh.com"
_OFFERS = ("posix-rename@openssh.com", "1", _FSYNC, "1", "lsetstat@openssh.com", "1")
_NOISE = bytes(range(7, 256, 3)) * 20


class Board:
    """What is to go wrong, and what was asked since: shared by a cell and the connections made during it."""

    def __init__(self, look=lambda: None):
        self.look = look
        self.trace = []
        self.lies = False  # whether a server that may lie does
        self.told = 0  # how often a time was told that moves
        self.meanwhile = lambda label: None  # what happens just before a request is served
        self.names = None  # what a listing has instead of what lies there: names as bytes
        self.skew = 0  # seconds by which the server's clock is wrong
        self.quota = None  # bytes that may yet be written
        self.late = LATE  # seconds that an answer is held back
        self.cut = ()  # which way, and after how many bytes, the next connection breaks
        self.passed = {}  # how many bytes went each way over the connection that was to break
        self._at = self._fault = self._phase = self._dice = None

    def strike(self, at, fault):
        """Have the request of this number, counted from here, go wrong."""
        self.trace.clear()
        self._at, self._fault = at, fault

    def strike_phase(self, phase, fault):
        self._phase = (phase, fault)

    def storm(self, dice):
        """Have one request in a few go wrong, until it relents."""
        self._dice = dice

    def relent(self):
        self._dice = None
        self._at = self._phase = None
        self.lies = False
        self.cut = ()

    @property
    def struck(self):
        return self._at is None and self._phase is None

    def request(self, label):
        """Note a request; give what goes wrong with it."""
        self.trace.append(label)
        self.meanwhile(label)
        if self._dice and self._dice.random() < STORMY:
            return self._dice.choice(SWIFT)
        if self._at != len(self.trace) - 1:
            return None
        self._at = None
        return self._fault

    def phase(self, name):
        if not self._phase or self._phase[0] != name:
            return None
        fault, self._phase = self._phase[1], None
        return fault


class FaultServer(plain.SftpServer):
    """Serves `root`, as one of several sorts of servers would."""

    def __init__(self, root, personality="openssh"):
        super().__init__(root, {USER: plain.User(PASSWORD)})
        self.personality = personality
        self.board = Board()
        self.renewing = None  # bytes after which it wants new session keys
        self._held = []

    def _serve(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        board = self.board
        for phase, begun in (("connect", b""), ("banner", b"SSH-2.0-hal")):
            if fault := board.phase(phase):
                self._spoil(connection, fault, begun)
                return
        way, board.cut = board.cut, ()
        transport = _Transport(_Thread(connection, board.passed, *way) if way else connection, board)
        transport.add_server_key(self._key)
        if self.personality == "openssh":
            transport.local_version = "SSH-2.0-OpenSSH_9.2p1"
        if self.renewing:
            transport.packetizer.REKEY_BYTES = self.renewing
        personality = self.personality
        transport.set_subsystem_handler(
            "sftp", _Channel, _Files, root=self.root, board=board, personality=personality, link=connection
        )
        self._transports = [one for one in self._transports if one.is_active()] + [transport]
        with suppress(paramiko.SSHException, EOFError, OSError):
            transport.start_server(server=plain._Door(self._users))

    def _spoil(self, connection, fault, begun):
        with suppress(OSError):
            connection.sendall({"garbage": _NOISE, "refuse": b"Not allowed at this time\r\n"}.get(fault, begun))
        if fault in ("hang", "garbage"):
            self._held.append(connection)
            return
        if fault == "cut":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    def stop(self):
        super().stop()
        for connection in self._held:
            connection.close()


class _Thread:
    """A connection that breaks after so many bytes one way."""

    def __init__(self, connection, passed, way, most):
        self._connection, self._passed, self._way, self._most = connection, passed, way, most
        passed.update({"in": 0, "out": 0})

    def __getattr__(self, name):
        return getattr(self._connection, name)

    def recv(self, size):
        data = self._connection.recv(min(size, self._left("in", size)))
        self._count("in", len(data))
        return data

    def send(self, data):
        sent = self._connection.send(data[: self._left("out", len(data))])
        self._count("out", sent)
        return sent

    def _left(self, way, size):
        return self._most - self._passed[way] if way == self._way else size

    def _count(self, way, size):
        self._passed[way] += size
        if self._left(self._way, 1) <= 0:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)


class _Transport(paramiko.Transport):
    """Spoils one message of connecting."""

    def __init__(self, connection, board):
        super().__init__(connection)
        self._board = board

    def _send_message(self, data):
        phase, refusal = _MESSAGES.get(data.asbytes()[0], ("", 0))
        fault = phase and self._board.phase(phase)
        if not fault:
            super()._send_message(data)
        elif fault == "refuse":
            super()._send_message(_refusal(refusal, data))
        elif fault == "garbage":
            self.sock.sendall(_NOISE)
        elif fault == "cut":
            self.sock.shutdown(socket.SHUT_RDWR)


def _refusal(number, instead_of):
    message = paramiko.Message()
    message.add_byte(bytes([number]))
    if number == 1:  # disconnect
        message.add_int(2)
    elif number == 51:  # what else may be tried
        message.add_string("publickey")
        message.add_boolean(False)
        return message
    else:  # of a channel: the number it has at the other side
        message.add_int(struct.unpack(">I", instead_of.asbytes()[1:5])[0])
        if number == 92:
            message.add_int(4)
    message.add_string("no")
    message.add_string("")
    return message


class _Channel(paramiko.SFTPServer):
    """One SFTP channel: asks the board about each request."""

    def __init__(self, channel, name, server, files, *, root, board, personality, link):
        super().__init__(channel, name, server, files, root=root, personality=personality, board=board)
        self._board, self._personality, self._link = board, personality, link
        self._about = {}  # handle -> what sort of name it is of
        self._deaf = False
        self._mode = None

    def _send_server_version(self):
        self._read_packet()
        fault = self._board.phase("version")
        if fault == "refuse":
            self._send_status(0, wire.SFTP_FAILURE)
        elif fault == "garbage":
            self._write_all(_NOISE)
        elif fault == "cut":
            self._hang_up()
        elif not fault:
            answer = paramiko.Message()
            answer.add_int(3)
            if self._personality == "openssh":
                for word in _OFFERS:
                    answer.add_string(word)
            self._send_packet(wire.CMD_VERSION, answer)
        return 3

    def _process(self, t, request_number, msg):
        if self._deaf:
            return
        fault = self._board.request(f"{_VERBS[t]} {self._named(t, msg)}")
        if fault in _STATUS:
            self._send_status(request_number, _STATUS[fault])
        elif fault == "cut":
            self._hang_up()
        elif fault == "hang":
            self._deaf = True
        elif fault in DEATHS:
            self._die(t, msg, torn=fault == "torn")
        else:
            if fault == "half" and t in (wire.CMD_READ, wire.CMD_WRITE):
                fault, msg = None, _halved(t, msg)
            self._mode = fault
            self._serve(t, request_number, msg)

    def _die(self, t, msg, *, torn):
        self._deaf = True
        if torn and t == wire.CMD_RENAME:
            self.server.link(msg.get_text(), msg.get_text())
            self._board.look()
        self.sock.close()

    def _serve(self, t, number, msg):
        if t != wire.CMD_EXTENDED:
            super()._process(t, number, msg)
        elif self._personality == "openssh" and msg.get_text() == _FSYNC:
            os.fsync(self.file_table[msg.get_binary()].number)
            self._send_status(number, wire.SFTP_OK)
        else:
            self._send_status(number, wire.SFTP_OP_UNSUPPORTED)

    def _send_packet(self, t, packet):
        self._board.look()
        mode, self._mode = self._mode, None
        whole = packet.asbytes()
        if mode == "late":
            time.sleep(self._board.late)
        if mode == "wrong":
            whole = struct.pack(">I", struct.unpack(">I", whole[:4])[0] + 77_777) + whole[4:]
        whole = struct.pack(">IB", len(whole) + 1, t) + whole
        if mode == "half":
            self._write_all(whole[: len(whole) // 2])
        elif mode != "lost":
            self._write_all(whole)
        if mode in ("half", "lost"):
            self._hang_up()

    def _hang_up(self):
        self._deaf = True
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)

    def _named(self, t, msg):
        """Say what sort of name a request is about."""
        peek = paramiko.Message(msg.asbytes())
        peek.get_int()
        if t == wire.CMD_EXTENDED:
            peek.get_text()
        word = peek.get_binary()
        if t in _HANDLED or t == wire.CMD_EXTENDED:
            return self._about.get(word, "nothing")
        sort = sort_of(word.decode())
        self._about[b"hx%d" % self.next_handle] = sort
        return sort


def sort_of(path):
    """Say what sort of name it is."""
    *above, name = path.split("/")
    if name.startswith(".translator-"):
        return "mark"
    if name.endswith(".tmp"):
        return "temp"
    if name.endswith(".gone"):
        return "gone"
    if ".archive" in above:
        return "day" if above[-1] == ".archive" else "archived"
    if name == ".archive":
        return "archive"
    return "file" if "." in name else "folder"


def _halved(t, msg):
    half = paramiko.Message()
    half.add_string(msg.get_binary())
    half.add_int64(msg.get_int64())
    if t == wire.CMD_READ:
        half.add_int(max(1, msg.get_int() // 2))
    else:
        data = msg.get_binary()
        half.add_string(data[: len(data) // 2])
    half.rewind()
    return half


class _Files(plain._Root):
    """The directory, with the manners of the server."""

    def __init__(self, server, *, root, personality, board):
        super().__init__(server, root=root)
        self._personality, self._board = personality, board

    def rename(self, oldpath, newpath):
        if self._personality != "overwrites":
            return super().rename(oldpath, newpath)
        return plain._done(lambda: self._place(oldpath).replace(self._place(newpath)))

    def link(self, oldpath, newpath):
        self._place(newpath).hardlink_to(self._place(oldpath))

    def open(self, path, flags, attr):
        handle = super().open(path, flags, attr)
        return handle if isinstance(handle, int) else _Handle(handle._file, flags, self._personality, self._board)

    def list_folder(self, path):
        found = super().list_folder(path)
        if isinstance(found, int):
            return found
        if self._board.names is not None:
            found = [_named(name) for name in self._board.names]
        if self._personality == "sparse":
            return [_thin(one, size=False) for one in found]
        if self._personality == "openssh":
            for one in found:
                _with_links(one, self._place(f"{path}/{one.filename}"))
        return [_bent(one, self._personality, self._board) for one in found]

    def lstat(self, path):
        found = super().lstat(path)
        if isinstance(found, int):
            return found
        return _thin(found) if self._personality == "sparse" else _bent(found, self._personality, self._board)


class _Handle(plain._Handle):
    def __init__(self, file, flags, personality, board):
        super().__init__(file, flags)
        self.number = file
        self._personality, self._board = personality, board

    def stat(self):
        if self._personality == "sparse":
            return SFTPAttributes()
        return _bent(super().stat(), self._personality, self._board)

    def write(self, offset, data):
        quota = self._board.quota
        if quota is not None and quota < len(data):
            return QUOTA_EXCEEDED
        self._board.quota = None if quota is None else quota - len(data)
        return super().write(offset, data)


def _named(name):
    """Make up an entry."""
    made = SFTPAttributes()
    made.filename, made.st_size, made.st_mode, made.st_atime, made.st_mtime = name, 8, 0o100644, 0, 0
    made._flags = made.FLAG_SIZE | made.FLAG_PERMISSIONS | made.FLAG_AMTIME
    return made


def _with_links(found, place):
    """Have the line for people say how many names it has."""
    line = found.asbytes()
    links = place.lstat().st_nlink if os.path.lexists(place) else 1
    found.asbytes = lambda: line.replace(b"   1 ", b" %3d " % links, 1)


def _bent(found, personality, board):
    """Say what is not so: of a file that holds something."""
    found.st_mtime += board.skew
    if board.lies and found.st_size:
        size, moves = LIARS.get(personality, (0, 0))
        board.told += moves
        found.st_size += size
        found.st_mtime += board.told
    return found


def _thin(found, *, size=True):
    """Leave out what some servers do not say: all but the size, or all."""
    thin = SFTPAttributes()
    if hasattr(found, "filename"):
        thin.filename = found.filename
    if size:
        thin.st_size = found.st_size
        thin._flags = thin.FLAG_SIZE
    return thin
