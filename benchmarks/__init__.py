"""What `make bench` runs: the translator beside what it should be compared with, in turn, in one run."""
