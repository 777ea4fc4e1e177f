"""Drafts of mappings: from a sample file or a list of columns to YAML that loads, guesses marked, the rest TODO."""
