"""The record: everything that outlives a night, in a database. Call `backend.record.setup.ready` before its models."""
