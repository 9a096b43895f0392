"""Kills the process at every step of the outbox and at random moments, restarts it, and looks at what the world got."""
