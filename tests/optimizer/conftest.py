"""Puts the builders and the enumeration of this folder in reach of the folders below."""
