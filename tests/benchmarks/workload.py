"""The workload that the speed of the engine is measured with: n entities, eight files for each."""

from __future__ import annotations

import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ROOM = "{{ when.model }}"
EACH = "{% yield entity from each.models %}src{% endyield %}"
KINDS = ("model", "service", "routes", "schema", "store", "events", "form", "test")

_TEMPLATE = """\
// The {kind} of {{{{ entity.name }}}}.
import {{ context }} from '../context.js';

export interface {{{{ entity.name }}}}{Kind} {{
{{% for field in entity.fields %}}
  {{{{ field.name }}}}{{{{ '' if field.required else '?' }}}}: {{{{ field.kind }}}};
{{% endfor %}}
}}

export function read{{{{ entity.name }}}}{Kind}(row: Record<string, unknown>): {{{{ entity.name }}}}{Kind} {{
  const {{{{ entity.names.camel }}}} = {{
{{% for field in entity.fields %}}
    {{{{ field.name }}}}: context.read(row, '{{{{ entity.table }}}}', '{{{{ field.name }}}}'),
{{% endfor %}}
  }};
  return {{{{ entity.names.camel }}}} as {{{{ entity.name }}}}{Kind};
}}

export const columns = [
{{% for field in entity.fields %}}
{{% if field.required %}}
  '{{{{ field.name }}}}',
{{% endif %}}
{{% endfor %}}
];
"""
_ENTITY = """
  {name}:
    fields:
      title: varchar(200) required
      note: text
      amount: integer required = 0
      price: decimal(10, 2)
      state: enum(open, done) required = open
      due_on: date
"""


def write_templates(folder: Path) -> Path:
    """Write a templates folder: the real copier.yml and macros, one stack with eight templates an entity."""
    stack = folder / "blueprints" / "express-react"
    room = stack / ROOM / EACH
    shutil.copytree(REPOSITORY / "blueprints" / "_macros", folder / "blueprints" / "_macros")
    shutil.copy(REPOSITORY / "copier.yml", folder / "copier.yml")
    for kind in KINDS:
        target = room / kind / f"{{{{ entity.file }}}}.{kind}.ts.jinja"
        target.parent.mkdir(parents=True)
        target.write_text(_TEMPLATE.format(kind=kind, Kind=kind.capitalize()))
    (stack / ROOM / "blueprint.yml").write_text("id: model\ntitle: Eight files an entity\n")
    answers = '{% include "blueprints/_macros/answers.yml.jinja" %}\n'
    (stack / "{{ _copier_conf.answers_file }}.jinja").write_text(answers)
    return folder


def plan_text(entities: int, changed: int | None = None) -> str:
    """A plan with so many entities; the one of number `changed` has a field more."""
    parts = ["specwright: 1\nproject: crowd\nstack: express-react\n\nentities:\n"]
    for number in range(entities):
        more = "      urgent: boolean required = false\n" if number == changed else ""
        parts.append(_ENTITY.format(name=name_of(number)).lstrip("\n") + more + "\n")
    return "".join(parts)


def name_of(number: int) -> str:
    """Names as people write them: words, no digits (a digit would be a word of its own)."""
    letters = ""
    for _ in range(4):
        number, rest = divmod(number, 16)
        letters = "abcdefghklmnoprs"[rest] + "aeiouaeiouaeioua"[rest] + letters
    return letters.capitalize()
