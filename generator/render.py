"""Rendering: the only module that imports copier. Answers in, files in memory out; nothing is written here.

Copier starts a git process for each file it writes and compiles every part of every path anew, which is most
of its cost. The worker below keeps copier's questions, context, environment and exclusions, and replaces the
walk over the tree alone; tests/engine/test_plain_copier.py holds its output byte-equal to plain copier's.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from copier._jinja_ext import YieldExtension, get_yield_context
from copier._main import Worker
from copier._settings import SettingsModel
from copier._template import Template
from copier._user_data import AnswersMap, Question
from copier.errors import CopierError
from jinja2 import Template as JinjaTemplate
from jinja2 import Undefined
from jinja2.sandbox import SandboxedEnvironment

from generator.blueprints import room_of_template
from generator.counting import AT
from generator.recording import ANSWERS_FILE, Origin, recorded_answers
from generator.rendered import RenderedFile, RenderError, label_of, naming, refuse_clashes, refuse_escape

_INSTALLED = Origin()


def render(
    templates: Path, answers: Mapping[str, Any], text: str = "", origin: Origin = _INSTALLED
) -> tuple[RenderedFile, ...]:
    """Render a project in memory.

    Args:
        templates: the folder that holds copier.yml and blueprints/.
        answers: plain data of `generator.answers.build_answers`.
        text: the answers as `generator.recording.model_json` writes them, if that has been done already.
        origin: what the answers file says of where this comes from.

    Returns:
        Every file, in order of path, the answers file included.

    Raises:
        RenderError: a template failed, two templates write one path, or a path leaves the project.
    """
    return _render(templates, recorded_answers(answers, text), answers, origin)


def render_recorded(
    templates: Path, recorded: Mapping[str, str], origin: Origin = _INSTALLED
) -> tuple[RenderedFile, ...]:
    """Render a project from the answers as an answers file records them; like `render` otherwise."""
    return _render(templates, recorded, None, origin)


def _render(
    templates: Path, recorded: Mapping[str, str], answers: Mapping[str, Any] | None, origin: Origin
) -> tuple[RenderedFile, ...]:
    with TemporaryDirectory(prefix="specwright-") as nowhere:
        worker = _Worker(
            src_path=origin.source,
            dst_path=Path(nowhere) / "project",
            data=dict(recorded),
            settings=SettingsModel(),
            defaults=True,
            quiet=True,
            skip_tasks=True,
        )
        # A cached property is read from here first: copier would clone the URL.
        worker.__dict__["template"] = _TemplateOnDisk(origin, templates)
        worker.rendered = {}
        if answers is not None:
            # The answers are JSON data (a test holds that): read back they would be the same.
            worker._handed_over[recorded["model_json"]] = dict(answers)
        AT.begin("Rendering")
        try:
            worker.run_copy()
        except (CopierError, ValueError) as error:
            raise RenderError(str(error)) from error
    refuse_clashes(worker.rendered)
    return tuple(worker.rendered[path] for path in sorted(worker.rendered))


class _TemplateOnDisk(Template):
    """The templates on disk, recorded as the release they belong to."""

    def __init__(self, origin: Origin, folder: Path) -> None:
        super().__init__(origin.source)
        release = origin.release
        self.__dict__.update(vcs=None, local_abspath=folder, commit=release, commit_hash=release)


_ANSWERS = "_copier_conf.answers_file"
_STAND_IN = "\0the answers\0"
_OF_EVERY_MAPPING = frozenset(dir(dict))


class _Worker(Worker):
    rendered: dict[str, RenderedFile]

    @property
    def answers_relpath(self) -> Path:
        # Copier renders this for every part of every path; here it cannot vary.
        return Path(ANSWERS_FILE)

    @cached_property
    def jinja_env(self) -> SandboxedEnvironment:  # type: ignore[override]
        environment: SandboxedEnvironment = Worker.jinja_env.func(self)  # type: ignore[attr-defined]
        plain = environment.getattr

        def member(value: Any, name: str) -> Any:
            # Most of what a template asks for is a key of a mapping; the sandbox takes four times as long.
            if type(value) is dict and name in value and name not in _OF_EVERY_MAPPING:
                return value[name]
            return plain(value, name)

        environment.getattr = member  # type: ignore[assignment, method-assign]
        return environment

    def _ask(self) -> None:
        # As copier does where nobody is asked, but each answer is computed once and not twice: a big model
        # passes through JSON for each of them.
        self.answers = AnswersMap(
            init=self.data, metadata=self.template.metadata, external=self._external_data()
        )
        plain = self.jinja_env.filters["to_json"]
        self.jinja_env.filters["to_json"] = self._hand_over
        for name, details in self.template.questions_data.items():
            question = Question(
                answers=self.answers,
                context=self._render_context(),
                jinja_env=self.jinja_env,  # type: ignore[arg-type]
                settings=self.settings,
                var_name=name,
                **details,
            )
            if not question.get_when():
                self.answers.hide(name)
            if name in self.answers.init:
                answer = question.parse_answer(self.answers.init[name])
                question.validate_answer(answer)
            elif question.type == "json":
                # What a computed answer writes as JSON is taken as it is, not read back.
                written = question.render_value(question.default)
                sign = written.strip()
                known = sign in self._handed_over
                answer = self._handed_over[sign] if known else question.parse_answer(written)
            else:
                answer = question.get_default()
            self.answers.user[name] = answer
        self.jinja_env.filters["to_json"] = plain

    def _hand_over(self, value: Any) -> str:
        """Stand for `to_json` while answers are computed: a sign that is no JSON, for the value itself."""
        if isinstance(value, Undefined):
            str(value)  # raises what writing it as JSON would
        sign = f"<handed over {len(self._handed_over)}>"
        self._handed_over[sign] = value
        return sign

    def _render_template(self) -> None:
        self._make_yield_strict()
        self._walk(str(self.template_copy_root), "", "", "", dict(self._render_context()))

    def _walk(
        self, folder: str, template: str, destination: str, element: str, context: dict[str, Any]
    ) -> None:
        suffix = self.template.templates_suffix
        for entry in self._entries(folder):
            source = f"{template}{entry.name}"
            is_folder = entry.is_dir()
            is_template = not is_folder and entry.name.endswith(suffix)
            name = entry.name.removesuffix(suffix) if is_template else entry.name
            for part, value, scope in self._expand(name, source, context):
                path = destination if part == "." else f"{destination}{part}"
                label = f"{element}/{value}".strip("/")
                if path and part != "." and self.match_exclude(path):  # type: ignore[arg-type]
                    continue
                if is_folder:
                    self._walk(entry.path, f"{source}/", f"{path}/" if part != "." else path, label, scope)
                    continue
                content = (
                    self._content(source, label, scope) if is_template else Path(entry.path).read_bytes()
                )
                executable = bool(entry.stat().st_mode & 0o100)
                self._keep(RenderedFile(path, content, executable, room_of_template(source), source, label))

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        # A folder below a yield is walked once for each element.
        entries = self._listed.get(folder)
        if entries is None:
            with os.scandir(folder) as found:
                entries = self._listed[folder] = sorted(found, key=lambda entry: entry.name)
        return entries

    def _expand(
        self, name: str, source: str, context: dict[str, Any]
    ) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Render one part of a path into (part, element, context), once or for each value it yields."""
        if "{" not in name:
            yield name, "", context
            return
        part, yield_name, values = self._part(name, source, context)
        if not yield_name:
            if part:
                yield part, "", context
            return
        for value in values:
            scope = {**context, yield_name: value}
            part, _, _ = self._part(name, source, scope, within=yield_name)
            if part:
                yield part, f"{yield_name}:{label_of(value)}", scope

    def _part(
        self, name: str, source: str, context: dict[str, Any], within: str = ""
    ) -> tuple[str, str | None, list[Any]]:
        template = self._compiled_parts.get(name)
        if template is None:
            with naming(source):
                template = self._compiled_parts[name] = _ready(self.jinja_env.from_string(name))
        yielding = get_yield_context(self.jinja_env)
        yielding.yield_name = yielding.yield_iterable = None
        self._within = within
        with naming(source):
            part = template.render(context)
            return part, yielding.yield_name, list(yielding.yield_iterable or ())

    def _content(self, source: str, label: str, context: dict[str, Any]) -> bytes:
        yielding = get_yield_context(self.jinja_env)
        yielding.yield_name = yielding.yield_iterable = None
        with naming(source, label):
            template = self._compiled_files.get(source)
            if template is None:
                root = self.template_copy_root.relative_to(self.template.local_abspath)
                template = _ready(self.jinja_env.get_template(f"{root.as_posix()}/{source}"))
                self._compiled_files[source] = template
            if _ANSWERS in source:
                # The one file that holds all answers: they go in as bytes, not through copies of a text.
                stand_in = template.render({**context, "model_json": _STAND_IN}).encode()
                text = context["model_json"].encode().replace(b"\n", b"\n  ")
                content = stand_in.replace(_STAND_IN.encode(), text)
            else:
                content = template.render(context).encode()
        if yielding.yield_name:
            raise RenderError(f"{source}: a file cannot yield, only a path can")
        return content

    def _keep(self, file: RenderedFile) -> None:
        refuse_escape(file)
        if other := self.rendered.get(file.path):
            raise RenderError(f"{file.template} and {other.template} both write {file.path}")
        self.rendered[file.path] = file
        AT.done += 1

    def _make_yield_strict(self) -> None:
        """Let an undefined in the body of a yield fail; copier silently gives no file."""
        extension = self.jinja_env.extensions[YieldExtension.identifier]
        plain = extension._yield_support  # type: ignore[attr-defined]

        def strict(yield_name: str, yield_iterable: Any, caller: Any) -> str:
            if self._within != yield_name:
                return str(plain(yield_name, yield_iterable, caller))
            yielding = get_yield_context(self.jinja_env)
            yielding.yield_name, yielding.yield_iterable = yield_name, yield_iterable
            return str(caller())

        extension._yield_support = strict  # type: ignore[attr-defined]
        self._within = ""

    @cached_property
    def _handed_over(self) -> dict[str, Any]:
        return {}

    @cached_property
    def _listed(self) -> dict[str, list[os.DirEntry[str]]]:
        return {}

    @cached_property
    def _compiled_parts(self) -> dict[str, JinjaTemplate]:
        return {}

    @cached_property
    def _compiled_files(self) -> dict[str, JinjaTemplate]:
        return {}


def _ready(template: JinjaTemplate) -> JinjaTemplate:
    """A template whose globals are one mapping: a chain of them is walked anew for each render."""
    template.globals = dict(template.globals)
    return template
