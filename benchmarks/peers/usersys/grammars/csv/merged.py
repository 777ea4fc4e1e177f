"""The rows of orders.py, the messages of one page merged."""

from usersys.grammars.csv import orders

syntax = {**orders.syntax, "merge": True}
structure, recorddefs = orders.structure, orders.recorddefs
