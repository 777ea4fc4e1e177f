"""The straight road: collect, read, write, send, settle. Nothing here knows which direction it serves."""
