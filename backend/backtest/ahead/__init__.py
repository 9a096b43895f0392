"""Nights ahead: people like those of the past arrive, and the same rules match them nightly, rarely or at once."""
