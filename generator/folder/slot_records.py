"""The state of slots: `.specwright/slots.yml`, committed, sorted, one entry for each slot."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from generator.frozen import dataclass
from generator.slots import MarkedSlot, content_hash, contracts, former_contracts

SLOTS_FILE = ".specwright/slots.yml"
_HEADER = "# Written by Specwright: what each slot holds. The bodies themselves live in the code.\n"


@dataclass(frozen=True)
class SlotRecord:
    """What is known of one slot.

    `contract` is the hash of the contract its body was written for; `fallback` the hash of the body it is
    generated with; `body` the hash of what it held when last seen; `by` says who wrote that: fallback or
    person.
    """

    id: str
    file: str
    contract: str
    fallback: str
    body: str
    by: str

    def state(self, contract: str | None) -> str:
        """Return fallback, filled, stale (written for another contract) or orphaned (its slot is gone)."""
        if self.by == "fallback":
            return "fallback"
        if contract is None:
            return "orphaned"
        return "filled" if self.contract == contract else "stale"


def is_filled(slot: MarkedSlot, record: SlotRecord | None, fallback: str | None) -> bool:
    """Say whether somebody wrote the body of a slot.

    Args:
        slot: the slot as it stands in the project.
        record: what was recorded of it; without one, a body other than the present fallback counts as
        written. fallback: hash of the body it would be generated with now, None when it is generated no more.
    """
    body = content_hash(slot.body)
    return body != fallback and (record is None or body != record.fallback)


def recorded(
    slot: MarkedSlot, file: str, fallback: str, contract: str, before: SlotRecord | None
) -> SlotRecord:
    """Return the record of a slot as it stands in the project after a run.

    A body that has not changed since it was recorded keeps the contract it was written for, so it shows as
    stale when the contract moves on; a body that has changed was written for the present contract.

    Args:
        slot: the slot as it stands in the project.
        file: path of the file it stands in.
        fallback: hash of the body it would be generated with now.
        contract: hash of its present contract.
        before: what was recorded of it.
    """
    body = content_hash(slot.body)
    if not is_filled(slot, before, fallback):
        return SlotRecord(slot.id, file, contract, body, body, "fallback")
    record = SlotRecord(slot.id, file, contract, fallback, body, "person")
    if before and before.body == body and before.by != "fallback":
        return replace(record, contract=before.contract, by=before.by)
    return record


def with_heirs(records: Mapping[str, SlotRecord], heirs: Mapping[str, str]) -> dict[str, SlotRecord]:
    """Return the records by present id: what was renamed keeps what is known of it.

    Args:
        records: by the id under which they were written.
        heirs: the present id of each slot that had another one.
    """
    own = {name: record for name, record in records.items() if name not in heirs}
    renamed = {
        heirs[name]: replace(record, id=heirs[name]) for name, record in records.items() if name in heirs
    }
    return {**renamed, **own}


def with_present_contracts(
    records: Mapping[str, SlotRecord], answers: Mapping[str, Any]
) -> dict[str, SlotRecord]:
    """Return records whose contracts are hashed as this release does it, where they say the same as before.

    Args:
        records: as they were read.
        answers: of the present plan.
    """
    former, present = former_contracts(answers), contracts(answers)
    return {
        name: replace(record, contract=present[name]) if former.get(name) == record.contract else record
        for name, record in records.items()
    }


def read_records(text: str) -> dict[str, SlotRecord]:
    """Read a slots file, by id; entries that cannot be read are left out: the next run writes them anew."""
    quick = _read_as_written(text)
    if quick is not None:
        return quick
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        data = YAML(typ="safe").load(text)
    except YAMLError:
        return {}
    records = {}
    for name, entry in data.items() if isinstance(data, dict) else ():
        keys = ("file", "contract", "fallback", "body", "by")
        if isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in keys):
            records[str(name)] = SlotRecord(str(name), *(entry[key] for key in keys))
    return records


def write_records(records: Mapping[str, SlotRecord]) -> bytes:
    """Write a slots file; the same records give the same bytes."""
    lines = [_HEADER]
    for name in sorted(records):
        record = records[name]
        lines.append(f"{json.dumps(name)}:\n")
        for key in ("file", "contract", "fallback", "body", "by"):
            lines.append(f"  {key}: {json.dumps(getattr(record, key))}\n")
    if len(lines) == 1:
        lines.append("{}\n")
    return "".join(lines).encode()


def _read_as_written(text: str) -> dict[str, SlotRecord] | None:
    """The records of a file as `write_records` left it; a YAML reader takes long to load."""
    records: dict[str, SlotRecord] = {}
    try:
        for entry in re.split(r"^(?=\")", text.removeprefix(_HEADER), flags=re.MULTILINE):
            name, *values = entry.splitlines() or [""]
            if name in {"", "{}"}:
                continue
            pairs = dict(value.strip().split(": ", 1) for value in values)
            fields = {key: json.loads(value) for key, value in pairs.items()}
            record = SlotRecord(json.loads(name.removesuffix(":")), **fields)
            records[record.id] = record
    except (ValueError, TypeError):
        return None
    return records if write_records(records) == text.encode() else None
