"""Texts that break out of what they are put into, and every place of a plan that takes free text.

A text is either refused where it stands, or it arrives in everything generated as exactly itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Plan = dict[str, Any]
MARK = "specwright-was-run"
"""The file that appears if a text is ever run."""

_TOUCH = f"require('node:fs').writeFileSync('{MARK}', '')"
TEXTS: dict[str, str] = {
    "double quote": f'" + {_TOUCH} + "',
    "single quote": f"' + {_TOUCH} + '",
    "backtick": f"` + {_TOUCH} + `",
    "template literal": f"${{{_TOUCH}}}",
    "expression of templates": "{{ 7 * 7 }} {{ ''.__class__ }}",
    "statement of templates": "{% raw %} {% include 'x' %} {%- set x = 1 -%}",
    "comment of templates": "a {# gone #} b",
    "end of a comment": f"*/ {_TOUCH}; /* // <!-- -->",
    "comment of SQL": "'; drop table thing_ones; -- /* */",
    "quoting of SQL": "$$ $x$ E'\\x41' U&'\\0041' ::text :name ? %(name)s",
    "script": f"</script><script>{_TOUCH}</script><img src=x onerror=alert(1)><!--",
    "markdown": "[x](javascript:alert(1)) ![i](x) **b** | pipe | `code` _u_ ~~s~~ <b> &amp; # h",
    "table of markdown": "a | b \\| c",
    "one backslash": "ends with \\",
    "backslashes": "\\n \\\\ \\u0041 \\x41 \\' \\\" \\`",
    "lines": "first\nsecond\n\n  third: x\n- item\n# heading\n---\n",
    "lines of settings": f"x\nNODE_OPTIONS=--require ./{MARK}.js\nPATH=.",
    "lines of code": f"x\n*/\n{_TOUCH};\n//",
    "markers of slots": "x\n// slot: desk.body\n// end slot: desk.body\n# slot: a\n# end slot: a",
    "markers of merges": "<<<<<<< ours\n=======\n>>>>>>> theirs",
    "front matter": "---\na: b\n---",
    "end of a python text": f"\"\"\" + __import__('os').system('touch {MARK}') + \"\"\" ''' f{{x}}",
    "directives": "# type: ignore  # noqa  # fmt: off // biome-ignore lint: x // @ts-nocheck @ts-ignore",
    "directive at the start": "@ts-ignore",
    "lint directive": "biome-ignore lint: x",
    "coverage directive": "v8 ignore next 99",
    "source map": "//# sourceMappingURL=data:application/json;base64,e30=",
    "tags of comments": "@param {x} y @internal {@link z} @deprecated",
    "parent folder": "../../../../etc/passwd",
    "absolute path": "/etc/passwd",
    "path of windows": "C:\\CON\\aux.txt:stream",
    "prototype": "__proto__",
    "constructor": "constructor",
    "percent": "%s %d %(x)s %% %n %00 %0a",
    "shell": f"$(touch {MARK}) `touch {MARK}` ; touch {MARK} & | > {MARK} $HOME ~ *",
    "expression of actions": "${{ github.token }} ${{ secrets.TOKEN }} ::set-output name=x::y",
    "toml": f'"\n[tool.x]\ny = "{MARK}"',
    "list": "- a",
    "key": "a: b",
    "only a colon": ": b",
    "comment": "# c",
    "comment behind": "a #b",
    "tag": "!tag d",
    "anchor": "&anchor e",
    "alias": "*alias f",
    "block": "| g",
    "fold": "> h",
    "directive": "%YAML 1.1",
    "at": "@ j",
    "question": "? k",
    "flow list": "[a, b",
    "flow map": "{a: b",
    "no value": "~",
    "null": "null",
    "yes": "yes",
    "true": "true",
    "number": "1.10",
    "exponent": "1e3",
    "octal": "0o17",
    "date": "2026-12-01",
    "expression": "= now()",
    "two equal signs": "== a",
    "blanks": "  a  b  ",
    "tab": "a\tb",
    "emoji": "👩‍👩‍👧 🏴󠁧󠁢󠁳󠁣󠁴󠁿 naïve é".replace("\u200d", ""),
    "right to left": "שלום עולם مرحبا",
    "wide": "漢字 ｆｕｌｌ ＇ ＂",
    "long word": "w" * 3000,
    "long text": "many words " * 200,
    "comma": "a, b; c, (d) [e] <f>",
    "hex entity": "&#x3C;script&#x3E; &lt; &quot;",
    "pattern": ".*+?^${}()|[]\\/",
}


def literal(text: str) -> str:
    """A text in an expression."""
    return "'" + text.replace("'", "''") + "'"


def plain(text: str) -> str:
    """A text as a value: a sign more where it would be an expression."""
    return f"={text}" if text.startswith(("= ", "==")) else text


def base(stack: str) -> Plan:
    """A plan to put texts into."""
    return {"specwright": 1, "project": "hostile", "stack": stack, "entities": {}}


WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def word(number: int) -> str:
    """A word for a number, as names of the language have no digits of their own: 12 is `onetwo`."""
    return "".join(("zero", *WORDS[:9])[int(digit)] for digit in str(number))


def thing(plan: Plan, number: int) -> Plan:
    """The entity with a number; its field `note` has a text without anything else."""
    name = f"Thing{word(number).capitalize()}"
    made = {"resource": True, "fields": {"note": {"type": "text", "required": True}}}
    entity: Plan = plan["entities"].setdefault(name, made)
    return entity


def thing_name(number: int) -> str:
    """The name of the entity with a number."""
    return f"Thing{word(number).capitalize()}"


def service(plan: Plan, number: int) -> Plan:
    """The service with a number and its one operation, over the entity with that number."""
    thing(plan, number)
    name = f"desk{word(number).capitalize()}"
    made = {
        "operations": {
            "look": {
                "http": f"POST /look-{word(number)}",
                "input": {"amount": "integer required"},
                "output": {"said": "text required"},
                "steps": [{"return": {"said": "'nothing'"}}],
            }
        }
    }
    declared: Plan = plan.setdefault("services", {}).setdefault(name, made)
    return declared


def look(plan: Plan, number: int) -> Plan:
    """The operation of the service with a number."""
    operation: Plan = service(plan, number)["operations"]["look"]
    return operation


def slot(plan: Plan, number: int) -> Plan:
    """A slot in the service with a number."""
    operations = service(plan, number)["operations"]
    criterion(plan, number)
    made = {
        "http": f"POST /body-{word(number)}",
        "output": {"said": "text required"},
        "slot": {
            "intent": "Say something",
            "proven_by": [f"AC-{number + 1}"],
            "fallback": {"return": {"said": "'nothing'"}},
        },
    }
    operation: Plan = operations.setdefault("body", made)
    return operation


def error(plan: Plan, number: int) -> Plan:
    """The error with a number, raised by the operation with that number."""
    code = f"ERROR_{word(number).upper()}"
    steps = look(plan, number)["steps"]
    if not any("require" in step for step in steps):
        steps.insert(0, {"require": "input.amount > 0", "error": code, "with": {"said": "'x'"}})
    made = {"status": 409, "text": "Refused", "params": {"said": "text required"}}
    declared: Plan = plan.setdefault("errors", {}).setdefault(code, made)
    return declared


def fixture(plan: Plan, number: int) -> Plan:
    """The fixture with a number: a row of the entity with that number."""
    thing(plan, number)
    made = {"entity": thing_name(number), "seed": True, "set": {"note": "x"}}
    found: Plan = plan.setdefault("fixtures", {}).setdefault(f"row_{word(number)}", made)
    return found


def criterion(plan: Plan, number: int) -> Plan:
    """The criterion with a number: creates a row of the entity with that number."""
    thing(plan, number)
    made = {
        "title": "A row is made",
        "when": {"http": f"thing{word(number).capitalize()}.create", "send": {"note": "x"}},
        "then": {"status": 201},
    }
    found: Plan = plan.setdefault("acceptance", {}).setdefault(f"AC-{number + 1}", made)
    return found


Put = Callable[[Plan, int, str], None]


def _default(plan: Plan, number: int, text: str) -> None:
    thing(plan, number)["fields"]["given"] = {"type": "text", "default": plain(text)}
    criterion(plan, number)["then"].setdefault("body", {})["given"] = plain(text)


def _body(plan: Plan, number: int, text: str) -> None:
    found = criterion(plan, number)
    sent = plain(text)
    found["when"]["send"]["note"] = sent
    found["then"].setdefault("body", {})["note"] = sent


def _json(plan: Plan, number: int, text: str) -> None:
    sent = plain(text)
    thing(plan, number)["fields"]["details"] = "jsonb"
    found = criterion(plan, number)
    found["when"]["send"]["details"] = {text[:40]: [sent, {"a": sent}]}
    found["then"].setdefault("body", {})["details"] = {text[:40]: [sent, {"a": sent}]}


def _row(plan: Plan, number: int, text: str) -> None:
    fixture(plan, number)["set"]["note"] = plain(text)
    found = criterion(plan, number)
    found["given"] = [f"row_{word(number)}"]
    found["then"].setdefault("holds", []).append(f"row_{word(number)}.note = {literal(text)}")


def _check(plan: Plan, number: int, text: str) -> None:
    rule = f"note != {literal(text)} or length(note) = length({literal(text)})"
    thing(plan, number)["checks"] = {"not_so": rule}


def _derived(plan: Plan, number: int, text: str) -> None:
    thing(plan, number)["fields"]["said"] = {"type": "text", "derived": f"concat('<', {literal(text)}, '>')"}
    found = criterion(plan, number)["then"].setdefault("body", {})
    found["said"] = f"<{text}>"


def _index(plan: Plan, number: int, text: str) -> None:
    thing(plan, number)["indexes"] = {"some": {"fields": ["note"], "where": f"note = {literal(text)}"}}
    thing(plan, number)["unique"] = {"other": {"fields": ["id", "note"], "where": f"note = {literal(text)}"}}


def _returned(plan: Plan, number: int, text: str) -> None:
    look(plan, number)["steps"][-1]["return"] = {"said": literal(text)}


def _loaded(plan: Plan, number: int, text: str) -> None:
    steps = look(plan, number)["steps"]
    load = {"load": thing_name(number), "as": "found", "many": True, "where": f"note = {literal(text)}"}
    create = {"create": thing_name(number), "as": "made", "set": {"note": literal(text)}}
    update = {
        "update": thing_name(number),
        "where": f"note = {literal(text)}",
        "set": {"note": literal(text)},
    }
    emit = {"emit": "seen", "with": {"said": literal(text)}}
    steps[-1:-1] = [load, create, update, emit]


def _with(plan: Plan, number: int, text: str) -> None:
    error(plan, number)
    next(step for step in look(plan, number)["steps"] if "require" in step)["with"] = {"said": literal(text)}


def _guard(plan: Plan, number: int, text: str) -> None:
    entity = thing(plan, number)
    entity["fields"]["state"] = "enum(fresh, done) required = fresh"
    finish = {
        "from": "fresh",
        "to": "done",
        "guard": f"note != {literal(text)}",
        "set": {"note": literal(text)},
    }
    entity["states"] = {"field": "state", "initial": "fresh", "transitions": {"finish": finish}}


def _named(plan: Plan, number: int, key: str, value: Any) -> None:
    name = f"Kind{word(number).capitalize()}"
    plan.setdefault("types", {}).setdefault(name, {"base": "text"})[key] = value
    thing(plan, number)["fields"]["typed"] = {"type": name}


def _setting(plan: Plan, number: int) -> Plan:
    name = f"SETTING_{word(number).upper()}"
    entry: Plan = plan.setdefault("config", {}).setdefault(name, {"type": "text", "default": "x"})
    return entry


def _schema(plan: Plan, number: int) -> Plan:
    made = {"of": thing_name(number), "pick": ["id"]}
    thing(plan, number)
    name = f"Card{word(number).capitalize()}"
    schema: Plan = plan.setdefault("schemas", {}).setdefault(name, made)
    return schema


def _set(target: Plan, key: str, text: Any) -> None:
    target[key] = text


PLACES: dict[str, Put] = {
    "title of an entity": lambda plan, number, text: _set(thing(plan, number), "title", text),
    "title of a field": lambda plan, number, text: _set(thing(plan, number)["fields"]["note"], "title", text),
    "default of a field": _default,
    "literal in a check": _check,
    "literal in an index": _index,
    "literal in a derived field": _derived,
    "literal in a guard": _guard,
    "title of a type": lambda plan, number, text: _named(plan, number, "title", text),
    "pattern of a type": lambda plan, number, text: _named(plan, number, "pattern", text),
    "title of a setting": lambda plan, number, text: _set(_setting(plan, number), "title", text),
    "default of a setting": lambda plan, number, text: _set(_setting(plan, number), "default", plain(text)),
    "text of an error": lambda plan, number, text: _set(error(plan, number), "text", text),
    "parameter of an error": _with,
    "title of a schema": lambda plan, number, text: _set(_schema(plan, number), "title", text),
    "literal in a schema": lambda plan, number, text: _set(
        _schema(plan, number), "add", {"said": {"type": "text", "derived": literal(text)}}
    ),
    "title of a service": lambda plan, number, text: _set(service(plan, number), "title", text),
    "title of an operation": lambda plan, number, text: _set(look(plan, number), "title", text),
    "title of an input": lambda plan, number, text: _set(
        look(plan, number)["input"], "said", {"type": "text", "title": text}
    ),
    "default of an input": lambda plan, number, text: _set(
        look(plan, number)["input"], "other", {"type": "text", "default": plain(text)}
    ),
    "literal returned": _returned,
    "literals in steps": _loaded,
    "intent of a slot": lambda plan, number, text: _set(slot(plan, number)["slot"], "intent", text),
    "literal in a fallback": lambda plan, number, text: _set(
        slot(plan, number)["slot"], "fallback", {"return": {"said": literal(text)}}
    ),
    "literal in a wrong body": lambda plan, number, text: _set(
        slot(plan, number)["slot"], "wrong", {"other": {"return": {"said": literal(text)}}}
    ),
    "value of a fixture": _row,
    "title of a criterion": lambda plan, number, text: _set(criterion(plan, number), "title", text),
    "story of a criterion": lambda plan, number, text: _set(criterion(plan, number), "story", text),
    "value that is sent": _body,
    "key and value of JSON": _json,
    "path that is absent": lambda plan, number, text: _set(criterion(plan, number)["then"], "absent", [text]),
    "literal that holds": lambda plan, number, text: _set(
        criterion(plan, number)["then"], "holds", [f"{literal(text)} = {literal(text)}"]
    ),
}
"""Every place of a plan that takes free text and can be had many times, by what it is."""

ONCE: tuple[str, ...] = ("title", "spec")
"""Keys of the head that take free text."""

NAMED: dict[str, Callable[[Plan, str], None]] = {
    "project": lambda plan, text: _set(plan, "project", text),
    "feature": lambda plan, text: _set(plan, "feature", text),
    "feature that is needed": lambda plan, text: _set(plan, "needs", [text]),
    "stack": lambda plan, text: _set(plan, "stack", text),
    "room": lambda plan, text: _set(plan, "rooms", {"without": [text]}),
    "dropped": lambda plan, text: _set(plan, "dropped", [text]),
    "entity": lambda plan, text: _set(plan["entities"], text, {"fields": {"a": "text"}}),
    "field": lambda plan, text: _set(thing(plan, 0)["fields"], text, "text"),
    "table": lambda plan, text: _set(thing(plan, 0), "table", text),
    "column": lambda plan, text: _set(thing(plan, 0)["fields"], "a", {"type": "text", "column": text}),
    "type": lambda plan, text: _set(thing(plan, 0)["fields"], "a", {"type": text}),
    "member of an enum": lambda plan, text: _set(thing(plan, 0)["fields"], "a", {"type": f"enum({text})"}),
    "format": lambda plan, text: _set(thing(plan, 0)["fields"], "a", {"type": "text", "format": text}),
    "constraint": lambda plan, text: _set(thing(plan, 0), "checks", {text: "note = 'a'"}),
    "index": lambda plan, text: _set(thing(plan, 0), "indexes", {text: ["note"]}),
    "path of a resource": lambda plan, text: _set(thing(plan, 0), "resource", {"path": text}),
    "error": lambda plan, text: _set(plan, "errors", {text: {"status": 409, "text": "x"}}),
    "setting": lambda plan, text: _set(plan, "config", {text: {"type": "text", "default": "x"}}),
    "service": lambda plan, text: _set(plan, "services", {text: {"operations": {"a": {}}}}),
    "operation": lambda plan, text: _set(service(plan, 0)["operations"], text, dict(look(plan, 0))),
    "route": lambda plan, text: _set(look(plan, 0), "http", f"POST {text}"),
    "schema": lambda plan, text: _set(plan, "schemas", {text: {"fields": {"a": "text"}}}),
    "fixture": lambda plan, text: _set(plan, "fixtures", {text: {"entity": "Thing"}}),
    "criterion": lambda plan, text: _set(plan, "acceptance", {text: {}}),
    "event": lambda plan, text: look(plan, 0)["steps"].insert(0, {"emit": text, "with": {}}),
    "binding": lambda plan, text: look(plan, 0)["steps"].insert(
        0, {"create": thing_name(0), "as": text, "set": {"note": "'a'"}}
    ),
    "goal": lambda plan, text: _set(
        plan, "quality", {"performance": [{"operation": text, "p95": text, "rate": 1}]}
    ),
}
"""Every place that takes a name: the texts above are refused there."""
