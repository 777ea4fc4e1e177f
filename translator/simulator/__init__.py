"""A pretend Amazon and a pretend warehouse system, for the demo, the tests and shadow runs.

Promises to know nothing of the translator it is played to: every shape and rule in here is its own, so that a mistake in the
document kinds cannot be forgiven by the same mistake on the other side. Start at `amazon` for the HTTP side.
"""
