"""What a resolved plan consists of: frozen data, every decision taken, no names left to compute.

The resolver fills these from a plan, :mod:`generator.model.entities` those of :mod:`entities` here and so on;
:mod:`generator.answers` turns them into the plain data a blueprint reads. Nothing here knows a target
language but PostgreSQL's column types, which the plan language shares.
"""
