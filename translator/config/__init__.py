"""The site: what a person edits, read strictly, and the routes derived from it."""
