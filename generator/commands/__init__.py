"""The commands, one module each, and what they share; only here and in `generator.cli` click is known.

A command's module bears its name and holds a click command of that name. What a command needs is imported
inside it, so that `--version`, `--help` and the completion of a shell load next to nothing.
"""
