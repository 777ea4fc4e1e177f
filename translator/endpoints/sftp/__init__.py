"""SFTP: one connection per server (`Server`), lending channels (`Session`) to its folders (sftp_folder.py)."""

from translator.endpoints.host_keys import HostKey, pinned
from translator.endpoints.sftp.answers import Refused
from translator.endpoints.sftp.connect import Known, connect
from translator.endpoints.sftp.server import Server
from translator.endpoints.sftp.session import AHEAD, PIECE, Opened, Session
from translator.endpoints.sftp.settings import Settings

__all__ = [
    "AHEAD",
    "PIECE",
    "HostKey",
    "Known",
    "Opened",
    "Refused",
    "Server",
    "Session",
    "Settings",
    "connect",
    "pinned",
]
