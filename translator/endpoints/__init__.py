"""Places: list, fetch, dispose, put, look. An endpoint tries once and tells the truth."""
