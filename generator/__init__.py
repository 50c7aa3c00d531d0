"""Specwright: from a specification to working, tested software."""

__version__ = "0.5.0.dev1"
