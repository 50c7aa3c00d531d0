"""Printing TypeScript in the layout that biome (line width 100, single quotes) leaves as it is."""

from __future__ import annotations

Doc = object
