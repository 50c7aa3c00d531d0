"""Specwright: from a specification to working, tested software."""

__version__ = "0.4.0"
