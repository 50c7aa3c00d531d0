"""TypeScript expressions and simple statements, in the layout that biome 2.5 leaves as it is.

Line width 100, single quotes, two spaces, trailing commas. Only what generated bodies need is here:
:mod:`nodes` are what is written, :mod:`expressions` and :mod:`statements` their documents,
:mod:`operators` says what needs parentheses and :mod:`breaks` what may go on in the next line.
"""
