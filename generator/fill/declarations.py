"""What the modules that a body may use declare: signatures and types out of generated files, no code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import join, normpath

from tree_sitter import Node

from generator.fill.syntax import nodes_of, text_of, tree_of
from generator.frozen import dataclass

OPEN_MEMBERS = frozenset({"now", "actor", "scope", "newId", "newToken"})
"""Members of the context that a body may use: the others lead to the database, the settings and the log."""
# Types of the kernel that say what to write; of the others the name is enough.
_EXPLAINED = frozenset({"ReadOptions", "Lock", "RowOf", "Context", "ErrorParams", "MemberError"})
_KERNEL = re.compile(r"server/src/\w+\.ts")
_CLOSED = frozenset({"contract/src/fields.ts", "contract/src/errors.ts"})
_KYSELY = {
    "sql": "declare const sql: (text: TemplateStringsArray, ...values: unknown[]) => Condition; "
    "// values become parameters; also sql.join(parts, separator) and sql.ref(column)"
}
_COLUMNS = re.compile(r"columnsOf<(\w+)>")
_SHOWN = re.compile(r"toJson: \([^)]*\): (\w+) =>")


@dataclass(frozen=True)
class Import:
    """A name that a file imports; `is_type` if only as a type."""

    module: str
    name: str
    is_type: bool


def imports_of(source: bytes) -> tuple[Import, ...]:
    """Return what a file imports by name, in order."""
    found = []
    for node in tree_of(source).children:
        if node.type != "import_statement":
            continue
        module = text_of(node.child_by_field_name("source")).strip("'\"")
        whole = any(child.type == "type" for child in node.children)
        for each in nodes_of(node):
            if each.type == "import_specifier":
                kept = whole or any(child.type == "type" for child in each.children)
                found.append(Import(module, text_of(each.child_by_field_name("name")), kept))
    return tuple(found)


class Declarations:
    """The declarations of a generated project, by file and name."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._known: dict[str, dict[str, list[Node]]] = {}

    def of(self, path: str, imports: tuple[Import, ...]) -> tuple[tuple[str, str], ...]:
        """Return what names that a file imports are declared as, with the types that these speak of.

        Args:
            path: of the file.
            imports: the names.

        Returns:
            Modules and their declarations, in the order in which they are needed.
        """
        found: dict[tuple[str, str], str] = {}
        for each in imports:
            self._add(self.place(path, each.module), each.name, found)
        modules = dict.fromkeys(module for module, _ in found)
        return tuple(
            (module, "\n".join(text for (other, _), text in found.items() if other == module and text))
            for module in modules
        )

    def place(self, path: str, module: str) -> str:
        """The file of a module as another file names it; a package stays what it is called."""
        if module.startswith("@app/contract/"):
            return f"contract/src/{module.removeprefix('@app/contract/')}.ts"
        if module.startswith("."):
            return normpath(join(path, "..", module)).removesuffix(".js") + ".ts"
        return module

    def _add(self, place: str, name: str, found: dict[tuple[str, str], str]) -> None:
        if (place, name) in found or place in _CLOSED:
            return
        if place == "kysely":
            if name in _KYSELY:
                found[place, name] = _KYSELY[name]
            return
        nodes = self._declared(place).get(name, [])
        if not nodes or (place.endswith(".slots.ts") and not nodes):
            return
        found[place, name] = ""
        kernel = _KERNEL.fullmatch(place) is not None
        text = "\n".join(_written(node, name, with_comment=kernel) for node in nodes)
        found[place, name] = text
        imported = {each.name: each.module for each in imports_of(self._files[place])}
        for other in _names_in(text):
            if kernel and other not in _EXPLAINED:
                continue
            if other in imported:
                self._add(self.place(place, imported[other]), other, found)
            elif other in self._declared(place):
                self._add(place, other, found)

    def _declared(self, place: str) -> dict[str, list[Node]]:
        if place not in self._known:
            names: dict[str, list[Node]] = {}
            for node in tree_of(self._files.get(place, b"")).children:
                inner = node.child_by_field_name("declaration") or node
                for name in _declares(inner):
                    names.setdefault(name, []).append(inner)
            self._known[place] = names
        return self._known[place]


def _declares(node: Node) -> Iterator[str]:
    if node.type in ("lexical_declaration", "variable_declaration"):
        for child in node.named_children:
            if child.type == "variable_declarator":
                yield text_of(child.child_by_field_name("name"))
    elif (name := node.child_by_field_name("name")) is not None:
        yield text_of(name)


def _written(node: Node, name: str, *, with_comment: bool) -> str:
    """A declaration without the code in it."""
    whole = node.parent if node.parent is not None and node.parent.type == "export_statement" else node
    before = whole.prev_sibling
    comment = f"{text_of(before)}\n" if with_comment and before and before.type == "comment" else ""
    text = text_of(node)
    if node.type in ("function_declaration", "function_signature"):
        body = node.child_by_field_name("body")
        return comment + text[: len(text) - len(text_of(body))].strip().rstrip(";") + ";"
    if node.type == "class_declaration":
        return comment + _class(node)
    if node.type == "interface_declaration" and name == "Context":
        return comment + _context(node)
    if node.type == "lexical_declaration":
        return comment + _constant(text, name)
    return comment + text


def _class(node: Node) -> str:
    body = node.child_by_field_name("body")
    head = text_of(node)[: -len(text_of(body))].strip()
    members = []
    for member in body.named_children if body else ():
        if member.type == "comment":
            continue
        inner = member.child_by_field_name("body") if member.type == "method_definition" else None
        text = text_of(member)
        members.append(f"  {text[: len(text) - len(text_of(inner))].strip().rstrip(';')};")
    return "\n".join([f"{head} {{", *members, "}"])


def _context(node: Node) -> str:
    body = node.child_by_field_name("body")
    members = [
        f"  {text_of(member).rstrip(';')};"
        for member in (body.named_children if body else ())
        if text_of(member.child_by_field_name("name")) in OPEN_MEMBERS
    ]
    return "\n".join(["interface Context {", *members, "}"])


def _constant(text: str, name: str) -> str:
    if "defineModel(" in text and (columns := _COLUMNS.search(text)):
        return f"const {name}: Model<{columns[1]}>;"
    if "defineView(" in text and (shown := _SHOWN.search(text)):
        return f"const {name}: View<unknown, {shown[1]}>;"
    return text


def _names_in(text: str) -> list[str]:
    names = (
        text_of(node)
        for node in nodes_of(tree_of(text.encode()))
        if node.type in ("type_identifier", "identifier")
    )
    return list(dict.fromkeys(names))
