"""A schema with a column of every kind, random rows for it, and random well-typed expressions over it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from generator.expressions.types import Binding, EntityType, Member, Scope, Shape, Type

STATUS = Type("enum", members=("todo", "doing", "done"))
EUR = Type("money", currency="EUR")
KINDS: dict[str, tuple[Type, str]] = {
    "small": (Type("int", bits=16), "smallint"),
    "whole": (Type("int", bits=32), "integer"),
    "large": (Type("int", bits=53), "bigint"),
    "price": (Type("decimal", precision=12, scale=2), "numeric(12, 2)"),
    "fine": (Type("decimal", precision=30, scale=10), "numeric(30, 10)"),
    "flag": (Type("bool"), "boolean"),
    "title": (Type("text"), "text"),
    "note": (Type("text"), "text"),
    "zone": (Type("text"), "text"),
    "status": (STATUS, "text"),
    "token": (Type("uuid"), "uuid"),
    "begins": (Type("instant"), "timestamptz(3)"),
    "ends": (Type("instant"), "timestamptz(3)"),
    "born": (Type("date"), "date"),
    "due": (Type("date"), "date"),
    "clock": (Type("time"), "time(0)"),
    "span": (Type("interval"), "interval(3)"),
    "fee": (EUR, "bigint"),
    "cost": (Type("money"), "bigint"),
    "labels": (Type("list", of=Type("text")), "text[]"),
    "counts": (Type("list", of=Type("int", bits=32)), "integer[]"),
    "rates": (Type("list", of=Type("decimal", precision=12, scale=2)), "numeric(12, 2)[]"),
    "days": (Type("list", of=Type("date")), "date[]"),
    "moments": (Type("list", of=Type("instant")), "timestamptz(3)[]"),
}
LISTS = {"text": "labels", "int": "counts", "decimal": "rates", "date": "days", "instant": "moments"}
"""A column of each kind of array, by what it holds."""
ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Apia",
    "America/St_Johns",
    "Africa/Casablanca",
)


def _members(money_columns: bool) -> dict[str, Member]:
    members = {"id": Member("id", Type("uuid"), "id", "id")}
    for base, (type_, _) in KINDS.items():
        for name, optional in ((base, False), (f"maybe_{base}", True)):
            column = f"{name}_minor" if type_.kind == "money" and money_columns else name
            beside = f"{name}_currency" if base == "cost" else None
            members[name] = Member(name, type_.with_optional(optional), column, name, currency_column=beside)
    return members


SAMPLE = EntityType(
    "Sample",
    "samples",
    ("id",),
    _members(True)
    | {
        "parent": Member("parent", Type("row", True, entity="Sample"), "parent_id", relation="Sample"),
        "parent_id": Member("parent_id", Type("uuid", True), "parent_id", "parent_id"),
        "twice": Member("twice", Type("int"), derived="whole + whole"),
        "items": Member("items", Type("int"), derived="count Item(sample_id = this.id)"),
    },
)
ITEM = EntityType(
    "Item",
    "items",
    ("id",),
    {
        "id": Member("id", Type("uuid"), "id"),
        "sample": Member("sample", Type("row", entity="Sample"), "sample_id", relation="Sample"),
        "sample_id": Member("sample_id", Type("uuid"), "sample_id"),
        "quantity": Member("quantity", Type("int", True, bits=32), "quantity"),
        "big": Member("big", Type("int"), "big"),
        "weight": Member("weight", Type("decimal", precision=10, scale=3), "weight"),
        "label": Member("label", Type("text"), "label"),
        "at": Member("at", Type("instant"), "at"),
        "lasts": Member("lasts", Type("interval"), "lasts"),
        "paid": Member("paid", EUR, "paid_minor"),
    },
    soft_delete=True,
)
ROW_SCOPE = Scope(entities={"Sample": SAMPLE, "Item": ITEM}, row="Sample", this="Sample")
MIXED_SCOPE = Scope(
    entities={"Sample": SAMPLE, "Item": ITEM},
    row="Sample",
    this="Sample",
    roots={"input": Binding(Type("shape", shape="Input"), "input")},
    shapes={"Input": Shape("Input", _members(False))},
    config={"LIMIT": Type("int"), "WAIT": Type("interval")},
)


def create_tables() -> list[str]:
    """The tables as SQL."""
    columns = ["id uuid primary key", "parent_id uuid"]
    for base, (type_, sql) in KINDS.items():
        for name in (base, f"maybe_{base}"):
            columns.append(f"{name}_minor bigint" if type_.kind == "money" else f"{name} {sql}")
            if base == "cost":
                columns.append(f"{name}_currency text")
    return [
        f"create table samples ({', '.join(columns)})",
        "create table items (id uuid primary key, sample_id uuid, quantity integer, big bigint,"
        " weight numeric(10, 3),"
        " label text, at timestamptz(3), lasts interval(3), paid_minor bigint, deleted_at timestamptz)",
    ]


# ---- values, as TypeScript has them (instants as {"$date": ms})

CHARACTERS = st.sampled_from("aAbzZßÉ ı\t\n'\\`$\"%_\ue000\ufffd\U0001f600\U00010000")
TEXTS = st.text(CHARACTERS, max_size=5)
UUIDS = st.sampled_from([f"00000000-0000-4000-8000-00000000000{digit}" for digit in range(4)])
CHANGES = (
    "2026-03-08T07:00",
    "2026-11-01T06:00",
    "2026-03-29T01:00",
    "2026-10-25T01:00",
    "2026-04-04T15:00",
    "2026-10-03T15:30",
    "2011-12-30T10:00",
    "1975-02-23T07:00",
)
LIMIT = 2**53 - 1


def _milliseconds(text: str) -> int:
    moment = datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)
    return (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // datetime.timedelta(milliseconds=1)


def _whole(bits: int) -> st.SearchStrategy[int]:
    low, high = (-LIMIT, LIMIT) if bits == 53 else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return st.sampled_from([0, 1, -1, 2, 7, low, high]) | st.integers(-100, 100) | st.integers(low, high)


def _decimal(precision: int, scale: int) -> st.SearchStrategy[str]:
    units = st.sampled_from([0, 1, -1, 10**scale, 5, 25, -5]) | st.integers(
        -(10**precision) + 1, 10**precision - 1
    )

    def text(number: int) -> str:
        digits = str(abs(number)).rjust(scale + 1, "0")
        return ("-" if number < 0 else "") + digits[:-scale] + "." + digits[-scale:]

    return units.map(text)


INSTANTS = (
    st.builds(
        lambda at, hours, more: _milliseconds(at) + hours * 1_800_000 + more,
        st.sampled_from(CHANGES),
        st.integers(-60, 60),
        st.sampled_from([0, 0, 1, -1]),
    )
    | st.integers(_milliseconds("1971-01-01"), _milliseconds("2037-01-01"))
    | st.sampled_from([_milliseconds("0001-01-01"), _milliseconds("9999-12-31") + 86_399_999])
).map(lambda ms: {"$date": ms})
DATES = (
    st.builds(
        lambda at, days: str(datetime.date.fromisoformat(at[:10]) + datetime.timedelta(days=days)),
        st.sampled_from(CHANGES),
        st.integers(-2, 2),
    )
    | st.dates(datetime.date(1971, 1, 1), datetime.date(2037, 1, 1)).map(str)
    | st.sampled_from(["0001-01-01", "9999-12-31", "2024-02-29", "2026-01-31", "1900-03-01"])
)
TIMES = st.sampled_from(["00:00:00", "01:30:00", "02:00:00", "02:30:00", "03:00:00", "23:59:59", "12:34:56"])
SPANS = st.sampled_from(
    [0, 1, -1, 1000, 86_400_000, -86_400_000, 7 * 86_400_000, 365_243 * 86_400_000]
) | st.integers(-(10**12), 10**12)
AMOUNTS = st.sampled_from([0, 1, -1, 99, 1235, LIMIT, -LIMIT]) | st.integers(-(10**6), 10**6)
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "small": _whole(16),
    "whole": _whole(32),
    "large": _whole(53),
    "price": _decimal(12, 2),
    "fine": _decimal(30, 10),
    "flag": st.booleans(),
    "title": TEXTS,
    "note": TEXTS,
    "zone": st.sampled_from((*ZONES, "Mars/Olympus")),
    "status": st.sampled_from(STATUS.members),
    "token": UUIDS,
    "begins": INSTANTS,
    "ends": INSTANTS,
    "born": DATES,
    "due": DATES,
    "clock": TIMES,
    "span": SPANS,
    "fee": AMOUNTS.map(lambda amount: {"amount": amount, "currency": "EUR"}),
    "cost": st.builds(lambda a, c: {"amount": a, "currency": c}, AMOUNTS, st.sampled_from(["EUR", "USD"])),
    "labels": st.lists(TEXTS, max_size=3),
    "counts": st.lists(_whole(32), max_size=3),
    "rates": st.lists(_decimal(12, 2), max_size=3),
    "days": st.lists(DATES, max_size=3),
    "moments": st.lists(INSTANTS, max_size=3),
}


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, Any]:
    """One value per member of the sample, as a shape has them."""
    made: dict[str, Any] = {"id": draw(UUIDS), "parent_id": draw(st.none() | UUIDS)}
    for base in KINDS:
        made[base] = draw(VALUES[base])
        made[f"maybe_{base}"] = draw(st.none() | VALUES[base])
    return made


ITEMS = st.fixed_dictionaries(
    {
        "sample_id": UUIDS,
        "quantity": st.none() | _whole(32),
        "big": _whole(53),
        "weight": _decimal(10, 3),
        "label": TEXTS,
        "at": INSTANTS,
        "lasts": SPANS,
        "paid_minor": AMOUNTS,
        "deleted_at": st.none() | INSTANTS,
    }
)


def as_row(shape: dict[str, Any]) -> dict[str, Any]:
    """A shape as a row: money in its columns."""
    row: dict[str, Any] = {}
    for name, value in shape.items():
        if name.removeprefix("maybe_") not in ("fee", "cost"):
            row[name] = value
            continue
        row[f"{name}_minor"] = None if value is None else value["amount"]
        if name.endswith("cost"):
            row[f"{name}_currency"] = None if value is None else value["currency"]
    return row


# ---- expressions

ORDERED = ("int", "decimal", "text", "instant", "date", "time", "interval", "eur")
OF_KIND = {
    "int": ("small", "whole", "large"),
    "decimal": ("price", "fine"),
    "bool": ("flag",),
    "text": ("title", "note"),
    "enum": ("status",),
    "uuid": ("token", "id"),
    "instant": ("begins", "ends"),
    "date": ("born", "due"),
    "time": ("clock",),
    "interval": ("span",),
    "eur": ("fee",),
    "money": ("cost",),
}


@dataclass
class Maker:
    """Draws expressions; `mixed` also reads `input`, the clock and configuration."""

    draw: Callable[[st.SearchStrategy[Any]], Any]
    mixed: bool
    known: frozenset[str] = frozenset()
    inside: bool = False
    depth: int = field(default=0)

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def deeper(self, **changes: Any) -> Maker:
        return Maker(
            self.draw,
            self.mixed,
            changes.get("known", self.known),
            changes.get("inside", self.inside),
            self.depth + 1,
        )

    def name(self, base: str) -> str:
        """A member, bare or qualified."""
        prefixes = ["this."] if self.inside else ["", "this."]
        if self.mixed:
            prefixes += ["input.", "input."]
        return str(self.pick(*prefixes)) + base

    def any_name(self, base: str) -> str:
        """A member that may be unset."""
        return self.name(base if base == "id" or self.pick(0, 0, 1) else f"maybe_{base}")

    def leaf(self, kind: str) -> str:
        base = self.pick(*OF_KIND[kind])
        usable = [known for known in sorted(self.known) if _kind_of(known) == kind]
        if usable and self.pick(0, 1):
            return str(self.pick(*usable))
        if self.pick(0, 0, 1):
            made = self.literal(kind)
            if made is not None:
                return made
        return self.name(base)

    def literal(self, kind: str) -> str | None:
        if kind == "int":
            return str(self.pick(0, 1, 2, 3, 7, 100, 32768, 2147483648, LIMIT))
        if kind == "decimal":
            return str(self.pick("0.5", "1.00", "0.005", "2.50", "123456789.123456789"))
        if kind == "bool":
            return str(self.pick("true", "false"))
        if kind == "text":
            return "'" + self.draw(TEXTS).replace("'", "''") + "'"
        if kind == "interval":
            return str(self.pick("1d", "15m", "1h30m", "1ms", "30d"))
        if kind == "eur":
            return str(self.pick("money(1235, 'EUR')", "money(0, 'EUR')"))
        literals = {"date": "'2026-03-29'", "uuid": None, "enum": None, "time": None, "instant": None}
        return literals.get(kind) if self.depth == 0 and kind != "date" else None

    def of(self, kind: str) -> str:
        """An expression of a kind, never unset."""
        if self.depth >= 4 or self.pick(0, 0, 1):
            return self.leaf(kind)
        deep = self.deeper()
        makers: list[Callable[[], str]] = [lambda: deep.choice(kind), lambda: deep.coalesced(kind)]
        if kind in ORDERED:
            makers.append(lambda: f"{self.pick('least', 'greatest')}({deep.of(kind)}, {deep.of(kind)})")
        special = getattr(deep, f"make_{kind}", None)
        if special is not None:
            makers += [special] * 3
        return str(self.pick(*makers)())

    def choice(self, kind: str) -> str:
        if self.pick(0, 1):
            maybe = self.name(f"maybe_{self.pick(*[base for base in OF_KIND[kind] if base != 'id'])}")
            set_ = self.deeper(known=self.known | {maybe})
            return f"(if {maybe} is set then {set_.of(kind)} else {self.of(kind)})"
        return f"(if {self.of('bool')} then {self.of(kind)} else {self.of(kind)})"

    def coalesced(self, kind: str) -> str:
        maybe = self.name(f"maybe_{self.pick(*[base for base in OF_KIND[kind] if base != 'id'])}")
        return f"coalesce({maybe}, {self.of(kind)})"

    def make_int(self) -> str:
        simple = [
            lambda: f"({self.of('int')} {self.pick('+', '-', '*')} {self.of('int')})",
            lambda: f"{self.pick('div', 'mod')}({self.of('int')}, {self.of('int')})",
            lambda: f"length({self.of('text')})",
            lambda: f"{self.pick('weekday', 'year', 'month', 'day')}({self.of('date')})",
            lambda: f"{self.pick('hours', 'minutes', 'days')}({self.of('interval')})",
            lambda: f"minor({self.of(self.pick('eur', 'money'))})",
            lambda: f"abs({self.of('int')})",
            lambda: f"-({self.of('int')})",
            lambda: f"{self.name(self.pick(*LISTS.values()))}.count",
            lambda: self.aggregate("int"),
            lambda: f"{'this.' if self.inside else ''}{self.pick('twice', 'items')}",
        ]
        if self.mixed:
            simple.append(lambda: "config.LIMIT")
        return str(self.pick(*simple)())

    def make_decimal(self) -> str:
        number = lambda: self.of(self.pick("decimal", "decimal", "int"))  # noqa: E731
        return str(
            self.pick(
                lambda: f"({self.of('decimal')} {self.pick('+', '-', '*')} {number()})",
                lambda: f"({number()} {self.pick('+', '-', '*')} {self.of('decimal')})",
                lambda: f"round({number()} / {number()}, {self.pick(0, 2, 6)})",
                lambda: f"round({self.of('decimal')}, {self.pick(0, 1, 3)})",
                lambda: f"abs({self.of('decimal')})",
                lambda: f"-({self.of('decimal')})",
                lambda: self.aggregate("decimal"),
            )()
        )

    def make_bool(self) -> str:
        return str(
            self.pick(
                self.compared,
                self.compared,
                self.joined,
                self.joined,
                self.narrowed,
                self.narrowed,
                lambda: f"not {self.of('bool')}" if self.pick(0, 1) else f"not ({self.of('bool')})",
                self.contained,
                self.held,
                self.texts,
                lambda: self.aggregate("bool"),
                self.present,
            )()
        )

    def compared(self) -> str:
        kind = self.pick(*OF_KIND)
        if self.pick(0, 1) and kind not in ("bool",):
            one, two = (self.any_name(self.pick(*OF_KIND[kind])) for _ in "12")
            return f"({one} {self.pick('=', '!=')} {two})"
        operators = ("=", "!=", "<", "<=", ">", ">=") if kind in (*ORDERED, "money") else ("=", "!=")
        other = "int" if kind == "decimal" and self.pick(0, 0, 1) else kind
        return f"({self.of(kind)} {self.pick(*operators)} {self.of(other)})"

    def joined(self) -> str:
        word = self.pick(" and ", " or ")
        return "(" + word.join(self.of("bool") for _ in range(self.pick(2, 2, 3))) + ")"

    def narrowed(self) -> str:
        kind = self.pick(*OF_KIND)
        maybe = self.name(f"maybe_{self.pick(*[base for base in OF_KIND[kind] if base != 'id'])}")
        inner = self.deeper(known=self.known | {maybe})
        if self.pick(0, 1):
            return f"({maybe} is set and {inner.of('bool')})"
        return f"({maybe} is not set or {inner.of('bool')})"

    def present(self) -> str:
        which = self.pick("title", "price", "fee", "begins", "flag")
        return f"({self.name('maybe_' + which)} is {self.pick('set', 'not set')})"

    def contained(self) -> str:
        kind = self.pick("int", "decimal", "text", "enum", "uuid", "date", "instant", "eur")
        if kind == "enum":
            return f"({self.any_name('status')} {self.pick('in', 'not in')} [todo, done])"
        value = self.pick(lambda: self.of(kind), lambda: self.any_name(self.pick(*OF_KIND[kind])))()
        item = self.any_name(self.pick(*OF_KIND[kind])) if self.pick(0, 1) else self.of(kind)
        return f"({value} {self.pick('in', 'not in')} [{item}, {self.of(kind)}])"

    def held(self) -> str:
        """A value in an array, which may be unset and then is narrowed."""
        kind = self.pick(*LISTS)
        value = self.of(kind)
        if self.pick(0, 1):
            return f"has({self.name(LISTS[kind])}, {value})"
        maybe = self.name(f"maybe_{LISTS[kind]}")
        if self.pick(0, 1):
            return f"({maybe} is set and {value} {self.pick('in', 'not in')} {maybe})"
        value = self.any_name(self.pick(*OF_KIND[kind]))
        return f"({value} {self.pick('in', 'not in')} {self.name(LISTS[kind])})"

    def texts(self) -> str:
        pattern = self.pick("[a-zA-Z]*", "^\\w+$", "(a|b|\\s)+", ".{2,3}", "[^a]", "\\d?[ß-]*")
        return str(
            self.pick(
                lambda: f"starts_with({self.of('text')}, {self.of('text')})",
                lambda: f"contains({self.of('text')}, {self.of('text')})",
                lambda: f"matches({self.of('text')}, '{pattern}')",
            )()
        )

    def make_text(self) -> str:
        return str(
            self.pick(
                lambda: f"{self.pick('lower', 'upper', 'trim')}({self.of('text')})",
                lambda: f"concat({self.of('text')}, {self.of(self.pick('text', 'enum'))})",
                lambda: self.followed("title"),
            )()
        )

    def followed(self, base: str) -> str:
        start = "this.parent." if self.inside else "parent."
        return f"coalesce({start}{self.pick('', 'maybe_')}{base}, {self.leaf('text')})"

    def zone(self) -> str:
        return str((self.pick("zone", "zone", None) and self.name("zone")) or "'" + self.pick(*ZONES) + "'")

    def make_instant(self) -> str:
        simple = [
            lambda: f"({self.of('instant')} {self.pick('+', '-')} {self.of('interval')})",
            lambda: f"instant({self.of('date')}, {self.of('time')}, {self.zone()})",
        ]
        return str(self.pick(*simple, *([lambda: "now()"] if self.mixed else []))())

    def make_date(self) -> str:
        simple = [
            lambda: (
                f"({self.of('date')} {self.pick('+', '-')} "
                f"{self.pick('1d', '31d', '0d', self.leaf('interval'))})"
            ),
            lambda: f"date_of({self.of('instant')}, {self.zone()})",
            lambda: f"add_months({self.of('date')}, {self.pick('1', '-1', '11', self.of('int'))})",
        ]
        return str(self.pick(*simple, *([lambda: f"today({self.zone()})"] if self.mixed else []))())

    def make_time(self) -> str:
        return f"time_of({self.of('instant')}, {self.zone()})"

    def make_interval(self) -> str:
        return str(
            self.pick(
                lambda: f"({self.of('interval')} {self.pick('+', '-')} {self.of('interval')})",
                lambda: f"({self.of('instant')} - {self.of('instant')})",
                lambda: f"({self.of('date')} - {self.of('date')})",
                lambda: f"abs({self.of('interval')})",
                lambda: self.aggregate("interval"),
            )()
        )

    def make_eur(self) -> str:
        return str(
            self.pick(
                lambda: f"({self.of('eur')} {self.pick('+', '-')} {self.of('eur')})",
                lambda: f"({self.of('eur')} * {self.of('int')})",
                lambda: f"round({self.of('eur')} * {self.of('decimal')})",
                lambda: f"round({self.of('eur')} / {self.of(self.pick('int', 'decimal'))})",
                lambda: f"money({self.of('int')}, 'EUR')",
                lambda: self.aggregate("eur"),
            )()
        )

    def make_money(self) -> str:
        return str(
            self.pick(
                lambda: (
                    f"({self.of('money')} {self.pick('+', '-')} "
                    f"{self.of(self.pick('money', 'money', 'eur'))})"
                ),
                lambda: f"({self.of('money')} * {self.of('int')})",
                lambda: f"round({self.of('money')} * {self.of('decimal')})",
                lambda: f"greatest({self.of('money')}, {self.of('money')})",
            )()
        )

    def aggregate(self, kind: str) -> str:
        if self.inside:
            return self.leaf(kind)
        within = self.deeper(inside=True)
        test = self.pick(
            "",
            "sample_id = this.id",
            "sample_id = this.parent_id",
            "quantity is set and quantity > 1",
            f"label != {within.of('text')}",
            f"{within.of('bool')} and weight > 0.5",
            f"at < {within.of('instant')}",
            "sample.flag",
            "starts_with(sample.title, label)",
        )
        if kind == "bool":
            return f"exists Item({test})"
        if kind == "interval":
            return f"sum Item.lasts({test})"
        if kind == "eur":
            return str(
                self.pick(f"sum Item.paid({test})", f"coalesce(max Item.paid({test}), {within.leaf('eur')})")
            )
        if kind == "decimal":
            return str(self.pick(f"sum Item.weight({test})", f"coalesce(min Item.weight({test}), 0.5)"))
        return str(
            self.pick(
                f"count Item({test})",
                f"sum Item.{self.pick('quantity', 'big')}({test})",
                f"coalesce(max Item.quantity({test}), 1)",
            )
        )


def _kind_of(name: str) -> str | None:
    base = name.split(".")[-1].removeprefix("maybe_")
    return next((kind for kind, bases in OF_KIND.items() if base in bases), None)


@st.composite
def expressions(draw: st.DrawFn, mixed: bool) -> str:
    """A random expression of any kind."""
    maker = Maker(draw, mixed)
    kind = draw(st.sampled_from((*OF_KIND, "bool", "bool", "bool")))
    made = getattr(maker.deeper(), f"make_{kind}", None)
    return str(made()) if made is not None else maker.choice(kind)
