"""A user-space proxy that lets every byte of a TCP connection take its time: python -m benchmarks.delay PORT SECONDS.

Prints the port it listens on. A byte that came is passed on SECONDS later; how many are under way is not limited.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from contextlib import suppress


async def main(port: int, seconds: float) -> None:
    """Serve until the process is ended."""

    async def served(near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        far_in, far_out = await asyncio.open_connection("127.0.0.1", port)
        for one in (near_out, far_out):
            one.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.gather(passed(near_in, far_out, seconds), passed(far_in, near_out, seconds))

    server = await asyncio.start_server(served, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def passed(source: asyncio.StreamReader, sink: asyncio.StreamWriter, seconds: float) -> None:
    """Pass bytes on, each piece as long after it came as the others."""
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while piece := await source.read(65_536):
            loop.call_later(seconds, sink.write, piece)
    loop.call_later(seconds, sink.close)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
