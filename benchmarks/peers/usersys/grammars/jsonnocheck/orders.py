"""A page of orders; each order is a message of its own."""

syntax = {"charset": "utf-8", "defaultBOTSIDroot": "ROOT", "checkunknownentities": False}
nextmessage = ({"BOTSID": "ROOT"}, {"BOTSID": "orders"})
