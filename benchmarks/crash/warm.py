"""Imported in the server that forks the children, before any of them: they start in milliseconds then."""

from benchmarks.crash.child import warm_up

warm_up()
