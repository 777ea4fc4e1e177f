"""What a mapping says that can hardly be meant: one module for each advice, found by its constant ADVISE."""
