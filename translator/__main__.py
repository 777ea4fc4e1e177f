"""`python -m translator`: the same as the command."""

from translator.cli import main

main()
