"""The folder of a project: what is read of it, what it remembers, how a run is written into it."""
