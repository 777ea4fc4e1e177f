"""The service: the site in force over one ledger, run until it is told to stop."""

from translator.service.places import endpoints_of, lanes_of
from translator.service.ports import SystemChance, SystemClock
from translator.service.signals import Asked
from translator.service.start import serve

__all__ = ["Asked", "SystemChance", "SystemClock", "endpoints_of", "lanes_of", "serve"]
