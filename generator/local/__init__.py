"""Bringing a project up to date with an edit that stays within one entity, without resolving the whole plan.

`edit` says which part of a plan an edit can reach, `patch` carries its facts over into the recorded answers,
`stage` renders the few files that follow from them, and `update` puts the three together. Whatever does not
hold exactly is `NotLocal`: then a full run finds out. docs/decisions/0033 says why this is sound.
"""


class NotLocal(Exception):
    """The edit may reach further than one entity and its neighbours, or nobody can tell."""
