"""What happened, for people and as JSON: text and plain data; printing is the command line's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from generator.blueprints import Room
from generator.merging.merge import KEPT, WRITTEN, Action, Change
from generator.outcome import Outcome
from generator.problems import Problem
from generator.releases.rooms import RoomChange

if TYPE_CHECKING:
    from generator.branches import Branch
    from generator.doctor import Tool

_DONE = {
    Action.CREATE: "created",
    Action.UPDATE: "updated",
    Action.MERGE: "merged",
    Action.MOVE: "moved",
    Action.DELETE: "deleted",
}
_SIGNS = {
    Action.CREATE: "+",
    Action.UPDATE: "~",
    Action.MERGE: "&",
    Action.MOVE: ">",
    Action.DELETE: "-",
    Action.CONFLICT: "!",
}


def derived_files(changes: Iterable[Change]) -> frozenset[str]:
    """Return the files that nobody needs to read, as the generated .gitattributes marks them."""
    changes = list(changes)
    attributes = next((change.after for change in changes if change.path == ".gitattributes"), None) or b""
    patterns = [
        _pattern(line.split()[0])
        for line in attributes.decode(errors="replace").splitlines()
        if "linguist-generated" in line.split()[1:] or "linguist-generated=true" in line.split()[1:]
    ]
    return frozenset(
        change.path for change in changes if any(pattern.fullmatch(change.path) for pattern in patterns)
    )


def summary(outcome: Outcome, rooms: Sequence[Room], *, dry_run: bool = False) -> list[str]:
    """Return what a run did, as lines: what to read and what is derived, what was kept, what is next."""
    if not outcome.writes and not outcome.ticked:
        kept = _kept_lines(outcome.changes)
        return ["Nothing has changed; nothing was written.", *kept]
    done = _counts(outcome.changes)
    lines = [*_room_lines(outcome.changes, rooms), ""]
    lines.append(
        f"{'Would be written' if dry_run else 'Written'}: {done}; {_count(outcome.changes)} unchanged"
    )
    lines += _conflict_lines(outcome, dry_run=dry_run)
    lines += _kept_lines(outcome.changes)
    if outcome.overtaken:
        lines.append("Edited by you while this ran, and kept; run it again to hear what they miss:")
        lines += [f"  {path}" for path in outcome.overtaken]
    waiting = [slot for slot in outcome.slots if slot.placeholder and slot.state == "fallback"]
    stale = [slot for slot in outcome.slots if slot.state in {"stale", "orphaned"}]
    if waiting:
        lines.append("Waiting for a body:")
        lines += [f"  {slot.id} in {slot.file}" for slot in waiting]
    lines += [f"Slot {slot.id} is {slot.state}: look at its body in {slot.file}" for slot in stale]
    if outcome.unguarded:
        lines.append(f"Act for the service itself, and see every row: {', '.join(outcome.unguarded)}")
    if outcome.ticked:
        lines.append(f"{'Would tick' if dry_run else 'Ticked'} in tasks.yaml: {', '.join(outcome.ticked)}")
    following = next((room.next for room in rooms if room.next), "")
    if following and not dry_run and not _count(outcome.changes, Action.CONFLICT):
        lines.append(f"Next: {following}")
    return lines


def branch_lines(outcome: Outcome, name: str, made: Branch | None, *, dry_run: bool = False) -> list[str]:
    """Return what a run on a branch did, as lines: what is in the commit, what is not, and what is next."""
    conflicts = [change for change in outcome.changes if change.action is Action.CONFLICT]
    if conflicts:
        from generator.disagreements import conflict_lines

        return [
            f"There would be conflicts, so no branch {name} is made:" if dry_run else
            f"There are conflicts, so no branch {name} was made:",
            *(line for change in conflicts for line in conflict_lines(change, outcome)),
            "Next: specwright generate brings them into your files, to be settled there",
        ]  # fmt: skip
    counts = _counts(outcome.changes)
    if dry_run:
        return [f"Would be committed on branch {name}: {counts}", *_kept_lines(outcome.changes)]
    if made is None:
        return [f"Nothing has changed since the last commit; no branch {name} was made."]
    lines = [f"Committed on branch {name} ({made.commit[:9]}): {counts}", *_kept_lines(outcome.changes)]
    if made.left_out:
        lines.append(f"Not in it, because no commit has them: changes of {_few(made.left_out)}")
    return [*lines, f"Next: git diff HEAD {name}, then git merge {name}"]


def differences(changes: Iterable[Change]) -> Iterator[str]:
    """Return unified diffs, line by line, of every file that a run writes or removes."""
    for change in changes:
        if change.action in WRITTEN:
            yield from difference(change.path, change.before, change.after)


def difference(path: str, before: bytes | None, after: bytes | None) -> Iterator[str]:
    """Return the unified diff of one file, line by line; None where there is no file."""
    from difflib import unified_diff

    old_lines, new_lines = _lines(before), _lines(after)
    if old_lines is None or new_lines is None:
        yield f"Binary file {path} differs"
        return
    old = "/dev/null" if before is None else f"a/{path}"
    new = "/dev/null" if after is None else f"b/{path}"
    yield from unified_diff(old_lines, new_lines, old, new, lineterm="")


def file_list(changes: Iterable[Change]) -> list[str]:
    """Return one line for each file that is written, removed or kept from being so."""
    return [
        f"{_SIGNS.get(change.action, '!')} {change.path}{f'  ({change.note})' if change.note else ''}"
        for change in changes
        if (change.action in WRITTEN or change.pending) and not change.moved_to
    ]


def outcome_data(outcome: Outcome, *, dry_run: bool = False) -> dict[str, Any]:
    """Return a run as plain data; with `dry_run` also the diff of every file."""
    derived = derived_files(outcome.changes)
    files = []
    for change in outcome.changes:
        entry: dict[str, Any] = {
            "path": change.path,
            "action": str(change.action),
            "room": change.room,
            "derived": change.path in derived,
        }
        if change.entry:
            entry |= {"template": change.entry.template, "element": change.entry.element}
        if change.moved_from:
            entry["from"] = change.moved_from
        if change.moved_to:
            entry["to"] = change.moved_to
        if change.note:
            entry |= {"note": change.note, "pending": change.pending}
        if change.action is Action.CONFLICT:
            # A run without conflicts starts sooner without it.
            from generator.disagreements import conflict_data

            entry["conflicts"] = conflict_data(change)
            entry["brought"] = [*outcome.brought.get(change.room, ())]
        if dry_run and change.action in WRITTEN:
            entry["diff"] = "\n".join(differences([change]))
        files.append(entry)
    slots = [vars(slot) for slot in outcome.slots]
    return {
        "ok": True,
        "changed": bool(outcome.writes),
        "files": files,
        "slots": slots,
        "ticked": list(outcome.ticked),
        "overtaken": list(outcome.overtaken),
    }


def problem_data(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as plain data."""
    return [
        {
            "file": problem.location.file if problem.location else None,
            "line": problem.location.line if problem.location else None,
            "column": problem.location.column if problem.location else None,
            "severity": problem.severity,
            "message": problem.message,
            "hint": problem.hint,
        }
        for problem in problems
    ]


def room_change_lines(before: str, after: str, rooms: Sequence[RoomChange]) -> list[str]:
    """Return what a release changes in each room, as lines.

    Args:
        before: the release that it comes after, "" to leave that out.
        after: the release.
        rooms: of `generator.releases.rooms.room_changes`.
    """
    lines = [f"{before} to {after}" if before and before != after else after]
    for room in rooms:
        if not room.after:
            lines.append(f"  {room.room:<11}is gone")
            continue
        said = [room.title] if not room.before else room.changes
        versions = f"{room.before} to {room.after}" if room.before else "new"
        lines += [
            f"  {'' if number else room.room:<11}{'' if number else versions:<9}{text}"
            for number, text in enumerate(said or [""])
        ]
    return [line.rstrip() for line in lines] if rooms else [f"{lines[0]}: no room says that it has changed"]


def room_change_data(rooms: Iterable[RoomChange]) -> list[dict[str, Any]]:
    """Return what changes in each room as plain data; a version is null where the room is not."""
    return [
        {
            "id": room.room,
            "title": room.title,
            "from": room.before or None,
            "to": room.after or None,
            "changes": list(room.changes),
        }
        for room in rooms
    ]


def tool_lines(tools: Iterable[Tool]) -> list[str]:
    """Return one line for each command: found or missing, what is needed and what for."""
    return [
        f"{'ok     ' if tool.good else 'missing' if not tool.found else 'too old'}  {tool.name:<7} "
        f"{tool.found or '-':<10} needs {tool.needed} or newer: {tool.why}"
        for tool in tools
    ]


def room_lines(room: Room) -> list[str]:
    """Return what a room is, what it needs and brings, as lines."""
    lines = [f"{room.stack} {room.id}, version {room.version}: {room.title}"]
    if room.requires:
        lines.append(f"  requires     {', '.join(room.requires)}")
    lines += [f"  contributes  {kind}: {_short(value)}" for kind, value in room.contributes.items()]
    if room.slots:
        lines.append(f"  slots        {', '.join(room.slots)}")
    if room.tools:
        lines.append(f"  needs        {', '.join(f'{name} {least}' for name, least in room.tools.items())}")
    lines += [f"  changed in {version}: {text}" for version, text in room.changes.items()]
    return lines


def room_data(room: Room) -> dict[str, Any]:
    """Return a room as plain data."""
    return {
        "id": room.id,
        "stack": room.stack,
        "title": room.title,
        "version": room.version,
        "changes": dict(room.changes),
        "requires": list(room.requires),
        "contributes": dict(room.contributes),
        "slots": list(room.slots),
        "tools": dict(room.tools),
    }


def _room_lines(changes: Sequence[Change], rooms: Sequence[Room]) -> list[str]:
    derived = derived_files(changes)
    lines = []
    for room in rooms:
        present = [change for change in changes if change.room == room.id and change.after is not None]
        if not present:
            continue
        read = [change.path for change in present if change.path not in derived]
        parts = [f"{len(read)} to read"] if read else []
        parts += [f"{len(present) - len(read)} derived"] if len(read) < len(present) else []
        lines.append(
            f"{room.id:<11}{', '.join(parts):<24}{_places(read or [change.path for change in present])}"
        )
    return lines


def _conflict_lines(outcome: Outcome, *, dry_run: bool) -> list[str]:
    conflicts = [change for change in outcome.changes if change.action is Action.CONFLICT]
    if not conflicts:
        return []
    from generator.disagreements import conflict_lines

    lines = [line for change in conflicts for line in conflict_lines(change, outcome)]
    if dry_run:
        return ["Would be conflicts:", *lines]
    way = "edit what stands between <<<<<<< and >>>>>>>, then specwright generate (--abort goes back)"
    return ["Conflicts:", *lines, f"Next: {way}"]


def _kept_lines(changes: Sequence[Change]) -> list[str]:
    kept = [change for change in changes if change.action in KEPT]
    resting = [change.path for change in kept if change.is_resting or not change.note]
    telling = [change for change in kept if change.path not in resting]
    telling += [change for change in changes if change.action is Action.MOVE and change.pending]
    again = [change.path for change in changes if change.action is Action.CREATE and change.note]
    lines = (
        ["Kept as they are:", *(f"  {change.path}: {change.note}" for change in telling)] if telling else []
    )
    if any(change.action is Action.COLLISION for change in kept):
        lines.append("To have what is generated: specwright restore FILE. To keep yours: specwright own FILE")
    if again:
        lines.append(f"Written again, because they are sealed: {_few(again)}")
    return [*lines, f"Edited by you, and nothing new for them: {_few(resting)}"] if resting else lines


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _places(paths: Iterable[str]) -> str:
    folders = dict.fromkeys(path.rpartition("/")[0] for path in paths)
    return _few([folder or "./" for folder in folders])


def _counts(changes: Sequence[Change]) -> str:
    told = [change for change in changes if not change.moved_to]
    counts = {word: _count(told, action) for action, word in _DONE.items()}
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or (
        "no file of the project changed"
    )


def _count(changes: Iterable[Change], action: Action = Action.UNCHANGED) -> int:
    return sum(change.action is action for change in changes)


def _lines(content: bytes | None) -> list[str] | None:
    if content is None:
        return []
    try:
        return None if b"\0" in content else content.decode().splitlines()
    except UnicodeDecodeError:
        return None


def _short(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(map(str, value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _pattern(glob: str) -> re.Pattern[str]:
    """A gitattributes pattern: without a slash it matches in every folder."""
    anchored = "/" in glob.rstrip("/")
    text = "".join(
        {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
        for part in re.split(r"(\*\*/|\*\*|\*|\?)", glob.removeprefix("/"))
    )
    return re.compile(text if anchored else f"(?:.*/)?{text}")
