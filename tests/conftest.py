"""What all tests share: Hypothesis without a deadline, since two cores are not always ours alone."""

from hypothesis import settings

settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
