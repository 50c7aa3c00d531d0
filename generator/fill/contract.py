"""The contract of a slot: everything that whoever writes its body is given, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.fill.declarations import Declarations, Import, imports_of
from generator.fill.syntax import nodes_of, text_of, tree_of
from generator.frozen import dataclass
from generator.slots import contracts, find_slots, terms_of

# Modules of the kernel that any body may use, by whether it may write.
_READING = ("../context.js", "../expression.js", "../failure.js", "../model.js", "../read.js", "../view.js")
_WRITING = "../write.js"
_STANDARD_ERRORS = {"NOT_FOUND": (404, "There is no such thing")}


@dataclass(frozen=True)
class Contract:
    """What a body has to meet and may use.

    `hash` is that of the terms alone, by which a body shows as stale; `head` the function up to the slot,
    `imports` the names that the body may use; `declarations` what they are, by module; `errors` the catalogue
    entries that it may raise; `criteria` what proves it, as the plan says it; `fallback` the body that it is
    generated with, `placeholder` if that only holds the place; `awaits` slots whose bodies its criteria need;
    `proofs` the ids of its criteria; `settings` those of the plan that are no secret, with their types.
    """

    id: str
    file: str
    hash: str
    intent: str
    head: str
    function: str
    imports: tuple[Import, ...]
    declarations: tuple[tuple[str, str], ...]
    errors: tuple[tuple[str, int, str], ...]
    criteria: tuple[Mapping[str, Any], ...]
    fallback: str
    placeholder: bool
    awaits: tuple[str, ...]
    proofs: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The imported names that the body may use."""
        return frozenset(each.name for each in self.imports)

    def data(self) -> dict[str, Any]:
        """Return the contract as plain data."""
        return {
            "id": self.id,
            "hash": self.hash,
            "intent": self.intent,
            "signature": self.head,
            "imports": [
                {"module": each.module, "name": each.name, "type": each.is_type} for each in self.imports
            ],
            "settings": [{"name": name, "type": type_} for name, type_ in self.settings],
            "declarations": [{"module": module, "text": text} for module, text in self.declarations],
            "errors": [{"code": code, "status": status, "text": text} for code, status, text in self.errors],
            "criteria": [dict(each) for each in self.criteria],
            "fallback": self.fallback,
            "placeholder": self.placeholder,
        }


def contracts_of(answers: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Contract]:
    """Return the contract of every slot that is generated.

    Args:
        answers: as they are recorded.
        files: what they render to, by path. What people made of the files is no part of a contract.
    """
    hashes, terms = contracts(answers), terms_of(answers)
    if not terms:
        # A stack without slots tells its errors in another form.
        return {}
    catalogue = {str(error["code"]): error for error in answers.get("errors") or ()}
    awaited = {
        str(criterion["id"]): [str(slot).strip("'\"") for slot in criterion.get("awaits") or ()]
        for criterion in (answers.get("tests") or {}).get("criteria") or ()
    }
    declarations = Declarations(files)
    settings = tuple(
        (str(setting["name"]), str(setting["type"]))
        for setting in answers.get("config") or ()
        if not setting.get("secret")
    )
    found = {}
    for operation in _slotted(answers):
        identity = str(operation["slot"]["id"])
        place = next((path for path, content in files.items() if _holds(content, identity)), None)
        if place is None:
            continue
        content = files[place]
        slot = next(each for each in find_slots(content) if each.id == identity)
        imports = tuple(_allowed(operation, content))
        criteria = tuple(operation["slot"].get("criteria") or ())
        proofs = tuple(str(each["id"]) for each in criteria) or tuple(operation["slot"]["proven_by"])
        found[identity] = Contract(
            id=identity,
            file=place,
            hash=hashes[identity],
            intent=str(terms[identity].get("intent", "")),
            head=_head(content, slot.start),
            function=str(operation["function"]),
            imports=imports,
            declarations=declarations.of(place, imports),
            errors=tuple(_error(code, catalogue) for code in operation["slot"].get("errors") or ()),
            criteria=criteria,
            fallback=_outdented(slot.body.decode()),
            placeholder=operation["slot"].get("fallback") == "placeholder",
            awaits=tuple(
                dict.fromkeys(slot for proof in proofs for slot in awaited.get(proof, ()) if slot != identity)
            ),
            proofs=proofs,
            settings=settings,
        )
    return found


def _slotted(answers: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for owner in [*answers.get("entities", []), *answers.get("services", [])]:
        yield from (operation for operation in owner.get("operations") or () if operation.get("slot"))


def _holds(content: bytes, identity: str) -> bool:
    marker = f"slot: {identity}\n".encode()
    return marker in content and any(slot.id == identity for slot in find_slots(content))


def _allowed(operation: Mapping[str, Any], content: bytes) -> Iterator[Import]:
    """What of the imports of a file is for this one of its slots."""
    named = {
        (module, str(name).removeprefix("type "))
        for key in ("imports", "output_imports")
        for module, name in operation.get(key) or ()
    }
    named |= {(module, str(name).removeprefix("type ")) for module, name in operation["slot"]["imports"]}
    kernel = {*_READING, *([_WRITING] if operation.get("writes") else []), "kysely"}
    for each in imports_of(content):
        if (
            each.module in kernel
            or (each.module, each.name) in named
            or each.name == operation.get("input_name")
        ):
            yield each


def _head(content: bytes, start: int) -> str:
    """The function that holds a slot, up to its marker."""
    around = [
        node
        for node in nodes_of(tree_of(content))
        if node.type == "function_declaration" and node.start_byte < start < node.end_byte
    ]
    text = text_of(around[0])[: start - around[0].start_byte] if around else ""
    return "\n".join(text.rstrip().split("\n")[:-1]).rstrip()


def _error(code: str, catalogue: Mapping[str, Any]) -> tuple[str, int, str]:
    if code in catalogue:
        return code, int(catalogue[code]["status"]), str(catalogue[code]["text"])
    status, text = _STANDARD_ERRORS.get(code, (0, ""))
    return code, status, text


def _outdented(body: str) -> str:
    lines = body.rstrip("\n").split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    return "\n".join(line[min(indents, default=0) :] for line in lines)
