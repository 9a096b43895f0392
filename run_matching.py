#!/usr/bin/env python3
"""The command line: `python run_matching.py --help`."""

from backend.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
