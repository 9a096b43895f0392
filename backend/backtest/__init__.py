"""Stored nights under other settings or code, and nights ahead: what a change would have meant, before it goes live."""
