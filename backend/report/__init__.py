"""The night's report for people."""

from backend.report.render import render

__all__ = ["render"]
