"""What expressions may call: pure functions with examples that run as tests."""
