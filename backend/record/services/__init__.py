"""Every change of the record's state: one transaction, checked against `transitions`, with an audit entry.

Functions take the rows, the `Actor` and the present (`now`, aware UTC), and raise `Refused` having changed nothing.
"""
