"""Bytes ⇄ records: one module per format, found by its name."""
