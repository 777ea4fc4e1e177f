"""A page of orders as one message."""

syntax = {"charset": "utf-8", "defaultBOTSIDroot": "ROOT", "checkunknownentities": False}
