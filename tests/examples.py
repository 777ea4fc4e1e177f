"""How many examples a law is tried with: few in `make test`, 500 in the slice of the laws, 5,000 in full."""

import os

EXAMPLES = int(os.environ.get("TRANSLATOR_EXAMPLES", "120"))
