"""What leads from one state of the database to another: typed operations, and what they may lose.

Things are the same by what they are in the plan, never by similarity: tables by their entity, columns by
their field, or by what the plan says they were. Rules over rows hold no data, so one that means the same
under another name is renamed, and one that means something else is dropped and made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from generator.expressions.pieces import identifier
from generator.frozen import dataclass
from generator.model.conversions import conversion
from generator.model.schema import Schema, Table, mentions, renamed
from generator.model.schema_changes import (
    AddCheck,
    AddColumn,
    AddExclusion,
    AddForeignKey,
    AddKey,
    AddUnique,
    AlterColumn,
    Change,
    Column,
    Compute,
    CreateIndex,
    CreateTable,
    DropColumn,
    DropRule,
    DropTable,
    FillColumns,
    RenameColumn,
    RenamePart,
    RenameTable,
    Rule,
)

Renames = Mapping[str, Sequence[str]]
"""What entities (`Task`) and fields (`Task.title`, with today's name of the entity) were called."""
Fill = Callable[[str, str], str | None]
"""What rows that exist get in a column of a table, as SQL; None where the plan does not say."""
PASSING = "_moving"
"""The end of a name that something has while two exchange theirs."""
_DROP_ORDER = (AddExclusion, AddForeignKey, AddCheck, CreateIndex, AddUnique, AddKey)
_BOUND = re.compile(r"^(.+) (>=|<=) '?(-?[0-9.]+)'?$")
_GREATEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1}
_VALUES = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True)
class Loss:
    """Data that a difference loses, or rows that may stand in its way.

    `table` and `name` are of the state before where a table or column goes, else of the state after;
    `name` is a column or a rule, "" for the table itself.
    """

    kind: Literal["table", "column", "type", "impossible", "required", "rule"]
    table: str
    name: str
    about: str
    element: str = ""
    """What is gone, in the plan: `Task`, `Task.title`."""


@dataclass(frozen=True)
class Difference:
    """The operations between two states, in no special order, and what they may lose."""

    changes: tuple[Change, ...]
    losses: tuple[Loss, ...] = ()


def diff(before: Schema, after: Schema, renames: Renames, fill: Fill) -> Difference:
    """Find the operations that lead from one state to another.

    Args:
        before: the state that is there.
        after: the state that is wanted.
        renames: what the plan says that things were called.
        fill: what rows that exist get in new columns and in columns that become required.

    Returns:
        Operations; by them `generator.model.schema.apply` makes `after` of `before`, but for the order in
        which columns stand.
    """
    return _Comparison(before, after, renames, fill).difference()


class _Comparison:
    def __init__(self, before: Schema, after: Schema, renames: Renames, fill: Fill) -> None:
        self.before, self.after, self.renames, self.fill = before, after, renames, fill
        self.pairs = dict(self._paired_tables())
        """Tables after, by their names before."""
        self.columns = {
            old: dict(self._paired_columns(before.tables[old], after.tables[new]))
            for old, new in self.pairs.items()
        }
        """For each table before, its columns after by their names before."""
        self.retyped = {
            new: {
                theirs
                for mine, theirs in self.columns[old].items()
                if before.tables[old].column(mine).type != after.tables[new].column(theirs).type
            }
            for old, new in self.pairs.items()
        }
        self.losses: list[Loss] = []

    def difference(self) -> Difference:
        changes = [*self._tables()]
        for old, new in self.pairs.items():
            changes += self._of_table(self.before.tables[old], self.after.tables[new])
        return Difference(tuple(_renamed_in_turn(changes)), tuple(self.losses))

    def _paired_tables(self) -> Iterator[tuple[str, str]]:
        known = {table.element or table.name: table.name for table in self.before.tables.values()}
        taken: set[str] = set()
        later: list[Table] = []
        for table in self.after.tables.values():
            old = known.get(table.element or table.name)
            if old is None:
                later.append(table)
            else:
                taken.add(old)
                yield old, table.name
        for table in later:
            for element in self._former(table.element):
                old = known.get(element)
                if old is not None and old not in taken:
                    taken.add(old)
                    yield old, table.name
                    break

    def _former(self, element: str) -> Iterator[str]:
        """What an entity, or a relation of one, was called before, the last name first."""
        entity, dot, part = element.partition(".")
        entities = [entity, *reversed(self.renames.get(entity, ()))]
        parts = [part, *reversed(self.renames.get(element, ()))] if dot else [""]
        for name in entities:
            yield from (f"{name}{dot}{each}" for each in parts if f"{name}{dot}{each}" != element)

    def _paired_columns(self, before: Table, after: Table) -> Iterator[tuple[str, str]]:
        known = {column.element or column.name: column.name for column in before.columns}
        later: list[Column] = []
        for column in after.columns:
            old = known.pop(column.element or column.name, None)
            if old is None:
                later.append(column)
            else:
                yield old, column.name
        for column in later:
            field, dot, part = column.element.partition(".")
            for former in reversed(self.renames.get(f"{after.element}.{field}", ())):
                old = known.pop(f"{former}{dot}{part}", None)
                if old is not None:
                    yield old, column.name
                    break

    def _tables(self) -> Iterator[Change]:
        for table in self.before.tables.values():
            if table.name in self.pairs:
                continue
            if table.computed:
                yield Compute(table.name, (), table.computed)
            yield DropTable(table.name)
            self.losses.append(
                Loss("table", table.name, "", f"the table {table.name} would go with its rows", table.element)
            )
        for old, temporary, new in _in_turn(self.pairs, self.before.tables.keys() & self.pairs.keys()):
            element = self.after.tables[new].element if not temporary else self.before.tables[old].element
            yield RenameTable(old, temporary or new, element)
        for old, new in self.pairs.items():
            if old == new and self.before.tables[old].element != self.after.tables[new].element:
                yield RenameTable(old, old, self.after.tables[new].element)
        kept = set(self.pairs.values())
        for table in self.after.tables.values():
            if table.name not in kept:
                yield from created(table)

    def _of_table(self, before: Table, after: Table) -> Iterator[Change]:
        names = self.columns[before.name]
        if before.name != after.name or before.computed != after.computed:
            yield from self._computed(before, after)
        for column in before.columns:
            if column.name not in names:
                yield DropColumn(before.name, column.name)
                place = f"{before.name}.{column.name}"
                element = f"{after.element}.{column.element.partition('.')[0]}"
                self.losses.append(
                    Loss("column", before.name, column.name, f"{place} would go with its values", element)
                )
        for old, temporary, new in _in_turn(names, names.keys()):
            element = after.column(new).element if not temporary else before.column(old).element
            yield RenameColumn(after.name, old, temporary or new, element)
        former = {new: before.column(old) for old, new in names.items()}
        for column in after.columns:
            if column.name in former and former[column.name].name == column.name:
                known = former[column.name].element
                if known != column.element:
                    yield RenameColumn(after.name, column.name, column.name, column.element)
        for column in after.columns:
            if column.name in former:
                yield from self._altered(after, former[column.name], column)
                if column.numbered and former[column.name].numbered:
                    yield from _renamed_sequence(
                        before.name, former[column.name].name, after.name, column.name
                    )
            else:
                yield from self._added(after, column)
        yield from self._rules(before, after)

    def _computed(self, before: Table, after: Table) -> Iterator[Change]:
        if before.name == after.name:
            yield Compute(after.name, after.computed, before.computed)
        else:
            if before.computed:
                yield Compute(before.name, (), before.computed)
            if after.computed:
                yield Compute(after.name, after.computed)
        for column in self.columns[before.name].values():
            # Values that follow from others follow in rows that exist; what was copied stays.
            starts = f"new.{identifier(column)} := "
            computed = [text for text in after.computed if text.startswith(starts)]
            value = self.fill(after.name, column) if computed and computed[0] not in before.computed else None
            if value is not None:
                yield FillColumns(after.name, column, value, False)

    def _added(self, table: Table, column: Column) -> Iterator[Change]:
        value = self.fill(table.name, column.name)
        if value is None:
            yield AddColumn(table.name, column)
            if column.required and column.default is None and not column.numbered:
                self.losses.append(
                    Loss("required", table.name, column.name, "rows that exist would have none")
                )
            return
        yield AddColumn(table.name, replace(column, required=False))
        yield FillColumns(table.name, column.name, value, column.required)

    def _altered(self, table: Table, before: Column, after: Column) -> Iterator[Change]:
        using = None
        if before.type != after.type:
            found = conversion(before.type, after.type, identifier(after.name))
            about = f"{table.name}.{after.name} would become {after.type}, and is {before.type}"
            if found is None:
                self.losses.append(Loss("impossible", table.name, after.name, about))
            elif not found.safe:
                self.losses.append(Loss("type", table.name, after.name, about))
            using = found.using if found is not None else None
        now = replace(before, name=after.name)
        now = replace(now, element="")
        then = replace(after, required=before.required and after.required, element="")
        if now != then:
            yield AlterColumn(table.name, now, then, using)
        if after.required and not before.required:
            value = self.fill(table.name, after.name) or after.default or ""
            if not value:
                self.losses.append(Loss("required", table.name, after.name, "rows that exist may have none"))
            yield FillColumns(table.name, after.name, value, True, unset=True)

    def _rules(self, before: Table, after: Table) -> Iterator[Change]:
        translated = [(rule, renamed(rule, self.pairs, self.columns)) for rule in before.rules]
        wanted = list(after.rules)
        left: list[tuple[Rule, Rule]] = []
        for old, now in translated:
            same = next((rule for rule in wanted if rule == now and rule.name == _name_after(old, now)), None)
            if same is None or self._remade(same):
                left.append((old, now))
            else:
                wanted.remove(same)
                if old.name != same.name:
                    yield _renamed_part(after.name, old, same)
        gone: list[tuple[Rule, Rule]] = []
        for old, now in left:
            like = next(
                (rule for rule in wanted if _means(rule) == _means(now) and not self._remade(rule)), None
            )
            if like is None:
                gone.append((old, now))
            else:
                wanted.remove(like)
                yield _renamed_part(after.name, old, like)
        for kind in _DROP_ORDER:
            yield from (DropRule(before.name, old.name, old) for old, _ in gone if isinstance(old, kind))
        for rule in wanted:
            yield rule
            self._may_refuse(after, rule, [now for _, now in gone])

    def _remade(self, rule: Rule) -> bool:
        """Whether a rule is about a column with another type, and is made anew over it."""
        if isinstance(rule, AddForeignKey):
            theirs = self.retyped.get(rule.references, set()) & {rule.key, rule.scope_key}
            return bool(theirs) or mentions(rule, rule.table, self.retyped.get(rule.table, ()))
        if isinstance(rule, AddKey | AddUnique):
            return self._leads_to_new_type(rule)
        return mentions(rule, rule.table, self.retyped.get(rule.table, ()))

    def _leads_to_new_type(self, rule: AddKey | AddUnique) -> bool:
        return bool(self.retyped.get(rule.table, set()) & {*rule.columns})

    def _may_refuse(self, table: Table, rule: Rule, gone: Iterable[Rule]) -> None:
        """Note a rule that rows which exist need not follow."""
        columns = {column.name for column in table.columns}
        old_columns = {
            *self.columns[next(old for old, new in self.pairs.items() if new == table.name)].values()
        }
        added = columns - old_columns
        if isinstance(rule, CreateIndex) and not rule.unique:
            return
        # A reference is about what refers: a new one is empty, whatever stands in its table or its tenant.
        if isinstance(rule, AddForeignKey) and rule.column in added:
            return
        # Among rows that all get a new value it is the value that counts, not what was there.
        if mentions(rule, table.name, added) and not mentions(rule, table.name, old_columns):
            return
        if any(_is_wider(rule, other) for other in gone) or self._follows_from_type(table, rule):
            return
        if isinstance(rule, AddUnique):
            # The key is among its columns.
            return
        if isinstance(rule, AddForeignKey) and any(
            isinstance(other, AddForeignKey) and replace(other, on_delete=rule.on_delete) == rule
            for other in gone
        ):
            return
        self.losses.append(
            Loss("rule", table.name, rule.name, f"rows of {table.name} that exist may not follow {rule.name}")
        )

    def _follows_from_type(self, table: Table, rule: Rule) -> bool:
        """Whether every value of the type that a column had is within the bounds that it gets."""
        bounds = _bounds(rule.rule) if isinstance(rule, AddCheck) else None
        former = {new: old for old, new in self.pairs.items()}[table.name]
        for (column, sign), bound in (bounds or {}).items():
            old = next(
                (mine for mine, theirs in self.columns[former].items() if identifier(theirs) == column), None
            )
            most = _GREATEST.get(self.before.tables[former].column(old).type) if old is not None else None
            if most is None or (bound > -most - 1 if sign == ">=" else bound < most):
                return False
        return bool(bounds)


def created(table: Table) -> Iterator[Change]:
    """The operations that make a table which is not there."""
    key = next(rule.columns for rule in table.rules if isinstance(rule, AddKey))
    checks = tuple((rule.name, rule.rule) for rule in table.rules if isinstance(rule, AddCheck))
    yield CreateTable(table.name, table.columns, key, checks, table.element)
    yield from (rule for rule in table.rules if not isinstance(rule, AddKey | AddCheck))
    if table.computed:
        yield Compute(table.name, table.computed)


def _in_turn(names: Mapping[str, str], taken: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Renames in an order in which no name is taken twice, by a third name where two are exchanged.

    Yields:
        The name before, a name for a while ("" where it needs none), and the name after.
    """
    waiting = {old: new for old, new in names.items() if old != new}
    occupied = set(taken)
    while waiting:
        free = next((old for old, new in waiting.items() if new not in occupied), None)
        if free is None:
            old, new = next(iter(waiting.items()))
            temporary = f"{old}{PASSING}"
            yield old, temporary, new
            waiting = {temporary if each == old else each: target for each, target in waiting.items()}
            occupied = occupied - {old} | {temporary}
            continue
        new = waiting.pop(free)
        occupied = occupied - {free} | {new}
        yield free, "", new


def _renamed_in_turn(changes: Iterable[Change]) -> Iterator[Change]:
    """Renames of parts in an order in which none takes a name that another still has, in whichever table."""
    parts = {change.name: change for change in changes if isinstance(change, RenamePart)}
    yield from (change for change in changes if not isinstance(change, RenamePart))
    first: dict[str, RenamePart] = {}
    for old, temporary, new in _in_turn({name: part.to for name, part in parts.items()}, parts):
        part = first.pop(old, None) or parts[old]
        yield replace(part, name=old, to=temporary or new)
        if temporary:
            first[temporary] = part


def _name_after(old: Rule, now: Rule) -> str:
    """The name that a rule has in the database until it is renamed, or takes by what it is about."""
    return now.name if isinstance(now, AddKey | AddUnique | AddForeignKey) else old.name


def _means(rule: Rule) -> Rule:
    """A rule without its name."""
    return replace(rule, name="") if isinstance(rule, AddCheck | CreateIndex | AddExclusion) else rule


def _renamed_part(table: str, old: Rule, new: Rule) -> RenamePart:
    return RenamePart(table, old.name, new.name, "index" if isinstance(new, CreateIndex) else "constraint")


def _renamed_sequence(table: str, column: str, new_table: str, new_column: str) -> Iterator[Change]:
    old, new = sequence_name(table, column), sequence_name(new_table, new_column)
    if old != new:
        yield RenamePart(new_table, old, new, "sequence")


def sequence_name(table: str, column: str) -> str:
    """What PostgreSQL calls the sequence of a numbered column: the longer part is cut (makeObjectName)."""
    while len(table) + len(column) > 63 - len("__seq"):
        if len(table) > len(column):
            table = table[:-1]
        else:
            column = column[:-1]
    return f"{table}_{column}_seq"


def _is_wider(rule: Rule, old: Rule) -> bool:
    """Whether every row that follows the old rule follows the new one."""
    if isinstance(rule, AddCheck) and isinstance(old, AddCheck):
        if rule.rule == old.rule:
            return True
        return _has_more_values(rule.rule, old.rule) or _has_wider_bounds(rule.rule, old.rule)
    return _means(rule) == _means(old)


def _has_more_values(new: str, old: str) -> bool:
    pattern = re.compile(r"(\S+) IN \((.*)\)", re.DOTALL)
    first, second = pattern.fullmatch(new), pattern.fullmatch(old)
    if first is None or second is None or first[1] != second[1]:
        return False
    return {*_VALUES.findall(second[2])} <= {*_VALUES.findall(first[2])}


def _has_wider_bounds(new: str, old: str) -> bool:
    first, second = (_bounds(text) for text in (new, old))
    if first is None or second is None:
        return False
    for (what, sign), bound in first.items():
        other = second.get((what, sign))
        if other is None or (other < bound if sign == ">=" else other > bound):
            return False
    return True


def _bounds(text: str) -> dict[tuple[str, str], float] | None:
    found = {}
    for part in text.split(" AND "):
        match = _BOUND.match(part)
        if match is None:
            return None
        found[match[1], match[2]] = float(match[3])
    return found
