"""One night through everything that can go wrong on the wire, against a clean one."""
