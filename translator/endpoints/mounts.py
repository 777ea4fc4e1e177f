"""Which file system a path lies on, by the mount table of the kernel; the path itself is not asked, it may hang.

Promise: `far` names the file systems whose other users no event tells of: network shares and FUSE. In trouble (no mount
table, a path on none of it): nothing is far.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

TABLE: Final = "/proc/self/mountinfo"
FAR: Final = frozenset(
    {
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "gfs2",
        "glusterfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
    }
)
_ESCAPED: Final = re.compile(r"\\([0-7]{3})")


def far(path: str, table: str = TABLE) -> str:
    """Name the file system of a path where others change it without an event; empty where it is near."""
    sort = _sort(os.path.abspath(path), table)
    return sort if sort in FAR or sort == "fuse" or sort.startswith("fuse.") else ""


def _sort(path: str, table: str) -> str:
    """Give the type of the innermost mount; of several at one point, the last."""
    found, sort = "", ""
    for point, its in _mounts(table):
        if len(point) >= len(found) and (path == point or path.startswith(f"{point.rstrip('/')}/")):
            found, sort = point, its
    return sort


def _mounts(table: str) -> list[tuple[str, str]]:
    try:
        lines = Path(table).read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return []
    parted = (line.partition(" - ") for line in lines)
    return [(_plain(left.split(" ")[4]), right.split(" ")[0]) for left, _, right in parted if left.count(" ") >= 4]


def _plain(point: str) -> str:
    """Undo the escapes of blanks, tabs, line ends and backslashes."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 8)), point)
