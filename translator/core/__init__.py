"""The nouns as values: pure, no file, clock, network or library beyond the standard one."""
