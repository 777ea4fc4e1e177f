"""The service: the site in force over one ledger, run until it is told to stop."""
