"""The admin at `/admin/`: staff look at the record, and act on it through `backend.record.services` alone.

Nothing is edited as a row: pages are read-only, and every change is an act (`acts`) with a page that says what will
happen, done by a service that checks it and writes the audit.
"""
