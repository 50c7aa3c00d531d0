"""Slots: marked bodies that a person or a model may write, found in files and carried over.

A slot stands between `// slot: id` and `// end slot: id` (or `#` instead of `//`), each alone on its line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from generator.frozen import dataclass

_MARKER = re.compile(rb"^[ \t]*(?://|#)[ \t]*(end )?slot: (\S+)[ \t]*(?:\r?\n|$)", re.MULTILINE)

# What releases before 0.4 had of a slot in the hash of its contract.
_FORMER_CONTRACT = {"id", "intent", "may_read", "may_write", "may_call", "errors", "proven_by"}


class MarkerError(Exception):
    """The markers of a file do not pair: one is missing, doubled or nested."""


@dataclass(frozen=True)
class MarkedSlot:
    """A slot in a file: its id, its body, and the offsets in bytes between which the body stands."""

    id: str
    body: bytes
    start: int
    end: int


def find_slots(content: bytes) -> tuple[MarkedSlot, ...]:
    """Find the slots of a file, in the order in which they stand.

    Raises:
        MarkerError: a marker has no partner, stands inside another slot, or an id stands twice.
    """
    if not may_hold_slots(content):
        return ()
    slots: dict[str, MarkedSlot] = {}
    opened: re.Match[bytes] | None = None
    for marker in _MARKER.finditer(content):
        name = marker[2].decode(errors="replace")
        if marker[1] is None:
            if opened is not None or name in slots:
                raise MarkerError(f"slot {name} begins inside another slot, or twice")
            opened = marker
        elif opened is None or opened[2] != marker[2]:
            raise MarkerError(f"slot {name} ends where it did not begin")
        else:
            slots[name] = MarkedSlot(
                name, content[opened.end() : marker.start()], opened.end(), marker.start()
            )
            opened = None
    if opened is not None:
        raise MarkerError(f"slot {opened[2].decode(errors='replace')} has no end")
    return tuple(slots.values())


def may_hold_slots(content: bytes) -> bool:
    """Say at once of most files that they hold none."""
    return b"slot: " in content


def with_bodies(content: bytes, bodies: Mapping[str, bytes]) -> bytes:
    """Replace the bodies of slots in a file, those named in `bodies` alone.

    Raises:
        MarkerError: as `find_slots`.
    """
    result, position = [], 0
    for slot in find_slots(content):
        if slot.id in bodies:
            result += [content[position : slot.start], bodies[slot.id]]
            position = slot.end
    return b"".join([*result, content[position:]])


def skeleton_hash(content: bytes) -> str:
    """Return the hash of a file without the bodies of its slots; with broken markers it counts whole."""
    if not may_hold_slots(content):
        return content_hash(content)
    try:
        empty = {slot.id: b"" for slot in find_slots(content)}
        return content_hash(with_bodies(content, empty))
    except MarkerError:
        return content_hash(content)


def content_hash(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal, line ends taken as `\\n`: a checkout may turn them."""
    # Thousands of files are looked at in a run: most have no such line ends, which one look says.
    return sha256(with_line_feeds(content) if b"\r" in content else content).hexdigest()


def with_line_feeds(content: bytes) -> bytes:
    """Return bytes with every `\\r\\n` turned into `\\n`."""
    # Looking for one byte is much cheaper than for two, and there hardly ever is one.
    return content.replace(b"\r\n", b"\n") if b"\r" in content else content


def contracts(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the hash of the terms of every slot: it changes when a body written for it may no longer fit."""
    return {slot: _hash_of(terms) for slot, terms in terms_of(answers).items()}


def terms_of(answers: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what the body of every slot has to meet, in the words of the plan.

    What it is called with and answers, what it shall do and may use, the errors that it may raise, and the
    criteria that prove it. Nothing of how code is generated is in it, and what a plan leaves out is left out:
    so releases that learn to say more give the terms of an old plan the same hash. The titles of criteria,
    the fallback and the wrong variants are no part of it.
    """
    shapes = {str(schema.get("name")): schema for schema in answers.get("schemas") or ()}
    found = {}
    for operation in _operations(answers):
        slot = operation.get("slot")
        if not slot:
            continue
        response = operation.get("response") or {}
        shape = shapes.get(str(response.get("name")), {})
        terms = {
            "intent": " ".join(" ".join(_listed(slot.get("intent"))).split()),
            "input": [_member(member) for member in operation.get("input_members") or ()],
            "output": str(operation.get("output_type", "")),
            "members": [_member(member) for member in shape.get("members") or () if not shape.get("of")],
            "criteria": [
                {key: criterion[key] for key in criterion if key != "title"}
                for criterion in slot.get("criteria") or ()
            ],
            **{key: slot.get(key) for key in ("may_read", "may_write", "may_call", "errors", "proven_by")},
        }
        found[str(slot["id"])] = {key: value for key, value in terms.items() if value}
    return found


def former_contracts(answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the hashes by which releases before 0.4 knew the contracts of slots."""
    result = {}
    for operation in _operations(answers):
        if slot := operation.get("slot"):
            contract = {
                key: operation.get(key) for key in ("id", "function", "output_type", "errors", "writes")
            }
            contract["input"] = [
                [member.get(key) for key in ("name", "kind", "required")]
                for member in operation.get("input_members") or []
            ]
            contract["slot"] = {key: slot[key] for key in sorted(slot) if key in _FORMER_CONTRACT}
            result[str(slot["id"])] = _hash_of(contract)
    return result


def placeholders(answers: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of the slots whose fallback only holds the place."""
    slots = (operation.get("slot") for operation in _operations(answers))
    return frozenset(str(slot["id"]) for slot in slots if slot and slot.get("fallback") == "placeholder")


def _operations(answers: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for owner in [*answers.get("entities", []), *answers.get("services", [])]:
        yield from owner.get("operations") or []


def _member(member: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: member.get(key) for key in ("name", "sql_type", "required", "nullable", "many")}
    said["enum"] = (member.get("contract") or {}).get("enum")
    said["members"] = [_member(each) for each in member.get("members") or ()]
    return {key: value for key, value in said.items() if value}


def _listed(text: Any) -> list[str]:
    return text.splitlines() if isinstance(text, str) else list(text or ())


def _hash_of(data: Mapping[str, Any]) -> str:
    return content_hash(json.dumps(data, sort_keys=True, ensure_ascii=True).encode())
