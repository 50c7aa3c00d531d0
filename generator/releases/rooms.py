"""What became of rooms between two releases, as their manifests tell it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from generator.blueprints import Room
from generator.releases import number_of


@dataclass(frozen=True)
class RoomChange:
    """What became of a room: its versions before and after ("" where there is none), and what they say."""

    room: str
    title: str
    before: str
    after: str
    changes: tuple[str, ...]


def room_changes(
    before: Sequence[Room], after: Sequence[Room], on: Collection[str]
) -> tuple[RoomChange, ...]:
    """Say what each room brings.

    Args:
        before: the rooms of the earlier release.
        after: those of the later one.
        on: the ids of the rooms that matter.

    Returns:
        The rooms of which something changed, in their order, and those that are gone at the end.
    """
    known = {room.id: room for room in before}
    found = []
    for room in after:
        own = known.get(room.id)
        changes = tuple(
            text for version, text in room.changes.items() if own is None or _is_later(version, own.version)
        )
        if room.id in on and (own is None or own.version != room.version):
            version = own.version if own else ""
            found.append(RoomChange(room.id, room.title, version, room.version, changes))
    gone = {*known} - {room.id for room in after}
    found += [
        RoomChange(room.id, room.title, room.version, "", ()) for room in before if room.id in gone & {*on}
    ]
    return tuple(found)


def _is_later(version: str, than: str) -> bool:
    one, other = number_of(version), number_of(than)
    return version != than if one is None or other is None else one > other
