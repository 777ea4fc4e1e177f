"""Rows of 36 columns, quoted where needed."""

from bots.botsconfig import ID, MAX, MIN

syntax = {
    "charset": "utf-8", "field_sep": ",", "quote_char": '"', "forcequote": 0, "record_sep": "\r\n", "noBOTSID": True,
    "merge": False, "escape": '"',
}  # fmt: skip
structure = [{ID: "ROW", MIN: 1, MAX: 99999}]
recorddefs = {"ROW": [["BOTSID", "C", 3, "AN"], *([f"C{number:02d}", "C", 200, "AN"] for number in range(36))]}
