"""A proxy before a server: the next connection breaks after so many bytes one way; all others pass."""

import socket
import threading
from contextlib import suppress


class CuttingProxy:
    def __init__(self, port):
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.cut = ()  # which way (in: to the server), and after how many bytes
        self.passed = {"in": 0, "out": 0}  # over the newest connection
        self._pairs = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._port))
            cut, self.cut = self.cut, ()
            self.passed = passed = {"in": 0, "out": 0}
            self._pairs.append((client, server))
            for way, source, sink in (("in", client, server), ("out", server, client)):
                threading.Thread(target=self._pass, args=(way, source, sink, cut, passed), daemon=True).start()

    def _pass(self, way, source, sink, cut, passed):
        with suppress(OSError):
            while data := source.recv(65_536):
                left = cut[1] - passed[way] if cut and cut[0] == way else len(data)
                sink.sendall(data[:left])
                passed[way] += len(data[:left])
                if left <= len(data) and cut and cut[0] == way:
                    break
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def stop(self):
        self._listener.close()
        for pair in self._pairs:
            for one in pair:
                one.close()
