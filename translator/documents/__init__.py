"""What Amazon requires of each kind of document: one module per kind, found by its name."""
