"""SFTP: one connection per server (`Server`), lending channels (`Session`) to its folders (sftp_folder.py)."""

from translator.endpoints.sftp.connect import connect
from translator.endpoints.sftp.server import Server
from translator.endpoints.sftp.session import AHEAD, PIECE, UNTOLD, Refused, Session
from translator.endpoints.sftp.settings import HostKey, Settings, pinned

__all__ = ["AHEAD", "PIECE", "UNTOLD", "HostKey", "Refused", "Server", "Session", "Settings", "connect", "pinned"]
