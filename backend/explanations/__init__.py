"""Answers of the explanation engine in sentences: for a reader, in a zone. Every number in them is computed."""
