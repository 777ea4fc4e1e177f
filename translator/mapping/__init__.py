"""The mapping language: a YAML picture of one WMS file, one line per field."""
