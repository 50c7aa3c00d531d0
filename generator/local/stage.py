"""Templates rendered without copier, where that is known to give the same: single files, by what they read.

The context of a render is made as copier makes it, from the questions of copier.yml. What a template can read
is found in its source, so a file is rendered only when something changed that it can read. Jinja gives a
template no other way to its context. What copier alone offers is refused.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import SandboxedEnvironment

from generator.blueprints import room_of_template
from generator.frozen import dataclass
from generator.local import NotLocal
from generator.rendered import RenderedFile, label_of

_CALLS = frozenset({"include", "import", "from", "extends"})
ALL = "*"
"""Stands for whatever a template reads that is not known before it is rendered."""
_MODEL = "<the model>"
_COPIERS = ("_copier", "_folder_name", "_external_data")
_OF_EVERY_MAPPING = frozenset(dir(dict))
_LOOP = re.compile(r"\{%-?\s*yield\s.*?%\}|\{%-?\s*endyield\s*-?%\}")
_LOOPED = re.compile(r"\{%-?\s*yield\s+(\w+)\s")
_STRICT = {"undefined": "jinja2.StrictUndefined"}
_OPTIONS = {"trim_blocks", "lstrip_blocks", "keep_trailing_newline"}


@dataclass(frozen=True)
class Site:
    """One file as the templates place it: `element` is what it is for, `values` what its path was yielded."""

    template: str
    path: str
    element: str
    values: Mapping[str, Any]
    executable: bool


class _Yield(Extension):
    """The tag `yield`, of which copier makes a loop over a folder or a file."""

    tags = {"yield"}  # noqa: RUF012

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        name = parser.parse_assign_target(name_only=True).name
        parser.stream.expect("name:from")
        values = parser.parse_expression()
        body = parser.parse_statements(("name:endyield",), drop_needle=True)
        call = self.call_method("_given", [nodes.Const(name), values])
        return nodes.CallBlock(call, [], [], body, lineno=line)

    def _given(self, name: str, values: Any, caller: Any) -> str:
        state: dict[str, Any] = self.environment.globals["yielding"]  # type: ignore[assignment]
        if state["within"] == name:
            return str(caller())
        state["found"] = (name, list(values))
        return ""


class Templates:
    """The templates of one stack, read and compiled once for several renders."""

    def __init__(self, folder: Path, stack: str) -> None:
        from ruamel.yaml import YAML

        settings = YAML(typ="safe").load((folder / "copier.yml").read_bytes())
        self.suffix: str = settings["_templates_suffix"]
        self.questions = {name: entry for name, entry in settings.items() if name[:1] != "_"}
        options = dict(settings["_envops"])
        if {key: options.pop(key, None) for key in _STRICT} != _STRICT or not {*options} <= _OPTIONS:
            raise NotLocal("copier.yml asks for an environment of another kind")
        self.root = f"blueprints/{stack}"
        self.folder = folder / self.root
        self.environment = SandboxedEnvironment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            extensions=[_Yield],
            # Each template is rendered twice: looking for what is constant in it takes longer.
            optimized=False,
            **options,
        )
        # Of the many filters that copier adds, the one that templates need; with another they are not local.
        self.environment.filters["to_json"] = json.dumps
        self.state: dict[str, Any] = {"within": "", "found": None}
        self.environment.globals["yielding"] = self.state
        plain = self.environment.getattr

        def member(value: Any, name: str) -> Any:
            if type(value) is dict and name in value and name not in _OF_EVERY_MAPPING:
                return value[name]
            return plain(value, name)

        self.environment.getattr = member  # type: ignore[assignment, method-assign]
        self._reads: dict[str, frozenset[str]] = {}
        self._parts: dict[str, Any] = {}

    def needs(self, templates: frozenset[str]) -> frozenset[str]:
        """The questions whose answers templates and their paths can read, and those that these read."""
        texts = [(self.folder / name).read_text("utf-8") for name in templates]
        parts = {
            part for name in templates for part in name.removesuffix(self.suffix).split("/") if "{" in part
        }
        waiting = frozenset().union(*(self._names(text) for text in (*texts, *parts)))
        found: set[str] = set()
        while waiting := (waiting & {*self.questions}) - found:
            found |= waiting
            waiting = frozenset().union(*(self._names(self._default(name)) for name in waiting))
        return frozenset(found)

    def context(self, answers: Mapping[str, Any], wanted: frozenset[str]) -> dict[str, Any]:
        """What templates read, computed from answers by the questions of copier.yml that are wanted."""
        known: dict[str, Any] = {_MODEL: answers}
        plain = self.environment.filters["to_json"]

        def hand_over(value: Any) -> str:
            sign = f"<value {len(known)}>"
            known[sign] = value
            return sign

        given = {"stack": answers["stack"], "model_json": _MODEL, "project_name": answers["project"]["name"]}
        context: dict[str, Any] = {}
        self.environment.filters["to_json"] = hand_over
        try:
            for name, question in self.questions.items():
                if name not in wanted:
                    continue
                if name in given:
                    context[name] = given[name]
                elif question["type"] == "json" and question.get("when") is False:
                    written = self._compiled(self._default(name)).render(context).strip()
                    context[name] = known[written] if written in known else json.loads(written)
                else:
                    raise NotLocal(f"the question {name} is of another kind")
        finally:
            self.environment.filters["to_json"] = plain
        return context

    def _default(self, question: str) -> str:
        return str(self.questions[question]["default"])

    def _compiled(self, text: str) -> Any:
        found = self._parts.get(text)
        if found is None:
            found = self._parts[text] = self.environment.from_string(text)
        return found

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every template of the stack below its folder."""
        found = self.folder.rglob(f"*{self.suffix}")
        return tuple(sorted(path.relative_to(self.folder).as_posix() for path in found if path.is_file()))

    def text_reads(self, template: str) -> frozenset[str]:
        """The names of the context that the text of a file can read."""
        return self._names((self.folder / template).read_text("utf-8"))

    def reads(self, template: str) -> frozenset[str]:
        """The names that a file and its path can read; what the path loops over is left out."""
        parts = [_LOOP.sub("", part) for part in template.removesuffix(self.suffix).split("/") if "{" in part]
        return self.text_reads(template).union(*(self._names(part) for part in parts))

    @staticmethod
    def loops(template: str) -> frozenset[str]:
        """The names that the path of a template is yielded for."""
        return frozenset(_LOOPED.findall(template))

    def _names(self, source: str) -> frozenset[str]:
        """Every name in a source that is no attribute, and in the templates it calls: it reads no other."""
        found = self._reads.get(source)
        if found is None:
            found = self._reads[source] = frozenset(self._named(source))
        return found

    def _named(self, source: str) -> Iterator[str]:
        tokens = [(kind, text) for _, kind, text in self.environment.lex(source) if kind != "whitespace"]
        for (before, sign), (kind, text), (_, after) in zip(tokens, tokens[1:], tokens[2:], strict=False):
            if kind != "name" or sign == ".":
                continue
            if text in _CALLS and before == "block_begin":
                if after[:1] in {"'", '"'}:
                    loader = self.environment.loader
                    assert loader is not None
                    yield from self._names(loader.get_source(self.environment, after[1:-1])[0])
                else:
                    yield ALL
            yield text

    def sites(self, context: dict[str, Any], wanted: frozenset[str]) -> list[Site]:
        """Where files of some templates are placed.

        Args:
            context: of `context`.
            wanted: the templates.
        """
        folders = {
            "/".join(name.split("/")[:depth]) for name in wanted for depth in range(name.count("/") + 1)
        }
        return list(self._walk("", "", "", context, {}, wanted, folders))

    def _walk(
        self,
        template: str,
        destination: str,
        element: str,
        context: dict[str, Any],
        values: dict[str, Any],
        wanted: frozenset[str],
        folders: set[str],
    ) -> Iterator[Site]:
        for entry in self._entries(template):
            source = f"{template}{entry.name}"
            is_folder = entry.is_dir()
            if source not in (folders if is_folder else wanted):
                continue
            name = entry.name if is_folder else entry.name.removesuffix(self.suffix)
            for part, label, more in self._expand(name, context):
                path = destination if part == "." else f"{destination}{part}"
                place = f"{element}/{label}".strip("/")
                scope, given = ({**context, **more}, {**values, **more}) if more else (context, values)
                if is_folder:
                    below = f"{path}/" if part != "." else path
                    yield from self._walk(f"{source}/", below, place, scope, given, wanted, folders)
                else:
                    executable = bool(entry.stat().st_mode & 0o100)
                    yield Site(source, path, place, given, executable)

    def _entries(self, template: str) -> list[os.DirEntry[str]]:
        with os.scandir(self.folder / template) as found:
            return sorted(found, key=lambda entry: entry.name)

    def _expand(self, name: str, context: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
        if "{" not in name:
            yield name, "", {}
            return
        template = self._compiled(name)
        self.state.update(within="", found=None)
        part = template.render(context)
        if self.state["found"] is None:
            if part:
                yield part, "", {}
            return
        yielded, values = self.state["found"]
        for value in values:
            self.state.update(within=yielded, found=None)
            part = template.render({**context, yielded: value})
            if part:
                yield part, f"{yielded}:{label_of(value)}", {yielded: value}

    def render(self, site: Site, context: Mapping[str, Any]) -> RenderedFile:
        """Render one file.

        Raises:
            NotLocal: it reads what copier alone has.
        """
        read = self.reads(site.template)
        if ALL in read or any(name.startswith(_COPIERS) or name == "model_json" for name in read):
            raise NotLocal(f"{site.template} reads what copier alone has")
        template = self.environment.get_template(f"{self.root}/{site.template}")
        content = template.render({**context, **site.values}).encode()
        room = room_of_template(site.template)
        return RenderedFile(site.path, content, site.executable, room, site.template, site.element)
