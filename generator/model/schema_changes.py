"""The database's history as typed operations, the way Alembic's autogenerate sees it: compare, then render.

`generator.model.schema` applies operations, `generator.model.schema_difference` finds them, and
`generator.model.schema_sql` writes them. An operation is plain data (names without quotes and PostgreSQL
text), so that a history can be recorded and replayed after the resolver has changed. Constraint names follow
one rule: ``idx_``, ``uq_``, ``ck_``, ``ex_`` or ``fk_``, the table, then the name in the plan, or that of the
column.
"""

from __future__ import annotations

from generator.frozen import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table: its PostgreSQL type, whether it may be null, and its default as SQL.

    The database counts the rows in a `numbered` column, unless a row brings its number.
    """

    name: str
    type: str
    required: bool
    default: str | None = None
    numbered: bool = False
    element: str = ""
    """What it is in the plan: a field of the entity, or a part of one (`price.currency`)."""


@dataclass(frozen=True)
class CreateTable:
    """A new table with its primary key and its checks (name and rule)."""

    table: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    checks: tuple[tuple[str, str], ...] = ()
    element: str = ""
    """What it is in the plan: an entity, or a relation of many (`Task.labels`)."""


@dataclass(frozen=True)
class AddColumn:
    """One more column of a table that exists."""

    table: str
    column: Column


@dataclass(frozen=True)
class AddCheck:
    """One more rule over the rows of a table that exists."""

    table: str
    name: str
    rule: str


@dataclass(frozen=True)
class ReplaceCheck:
    """Another rule in the place of one of that name."""

    table: str
    name: str
    rule: str
    before: str


@dataclass(frozen=True)
class AddForeignKey:
    """A reference from a column to the key of another table."""

    table: str
    column: str
    references: str
    on_delete: str
    key: str = "id"
    scope: str | None = None
    """The column of the tenant, which both tables have: a row refers to one of its own tenant."""
    scope_key: str = ""
    """The same column in the table that is referred to."""

    @property
    def name(self) -> str:
        """The constraint's name."""
        return f"fk_{self.table}_{self.column}"


@dataclass(frozen=True)
class AddUnique:
    """Columns that are unique together because the key is among them: what a reference may lead to."""

    table: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The constraint's name."""
        return f"uq_{self.table}_{'_'.join(self.columns)}"


@dataclass(frozen=True)
class CreateIndex:
    """An index; ``columns`` may end in `` desc``."""

    table: str
    name: str
    columns: tuple[str, ...]
    unique: bool = False
    where: str | None = None
    method: str = "btree"


@dataclass(frozen=True)
class Compute:
    """What the database puts into a row before it writes it, and what it did `before` this change.

    Statements are PL/pgSQL; none means that it puts nothing there any more.
    """

    table: str
    statements: tuple[str, ...]
    before: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the function and of its trigger."""
        return f"compute_{self.table}"


@dataclass(frozen=True)
class FillColumns:
    """What rows that exist get in a column, as SQL over the row ("": nothing); then it may be required."""

    table: str
    column: str
    value: str
    required: bool
    unset: bool = False
    """Whether only rows get it that have no value yet."""


@dataclass(frozen=True)
class AddExclusion:
    """Rows that are equal in some columns may not overlap in a range."""

    table: str
    name: str
    equal: tuple[str, ...]
    range: str
    where: str | None = None


@dataclass(frozen=True)
class AddKey:
    """Another primary key of a table that exists."""

    table: str
    columns: tuple[str, ...]

    @property
    def name(self) -> str:
        """The constraint's name."""
        return f"pk_{self.table}"


Rule = AddCheck | AddKey | AddUnique | AddForeignKey | AddExclusion | CreateIndex
"""What holds for the rows of a table, or helps to find them; each has a name in the database."""


@dataclass(frozen=True)
class DropRule:
    """A rule that goes, by its name; `rule` says what it was."""

    table: str
    name: str
    rule: Rule


@dataclass(frozen=True)
class DropTable:
    """A table that goes with its rows."""

    table: str


@dataclass(frozen=True)
class DropColumn:
    """A column that goes with its values."""

    table: str
    column: str


@dataclass(frozen=True)
class RenameTable:
    """Another name for a table; what is named after it is renamed by `RenamePart`."""

    table: str
    to: str
    element: str = ""
    """What it is in the plan from now on."""


@dataclass(frozen=True)
class RenameColumn:
    """Another name for a column."""

    table: str
    column: str
    to: str
    element: str = ""
    """What it is in the plan from now on."""


@dataclass(frozen=True)
class RenamePart:
    """Another name for what belongs to a table: a constraint, an index or a sequence (`kind`)."""

    table: str
    name: str
    to: str
    kind: str = "constraint"


@dataclass(frozen=True)
class AlterColumn:
    """Another type or default of a column, or that it may be unset from now on.

    That a column is required is said by `FillColumns`, when no row is without a value. `using` is the
    conversion of its values as SQL, None where PostgreSQL converts them itself.
    """

    table: str
    before: Column
    after: Column
    using: str | None = None


Change = (
    CreateTable | AddColumn | Compute | FillColumns | ReplaceCheck | Rule | DropRule
    | DropTable | DropColumn | RenameTable | RenameColumn | RenamePart | AlterColumn
)  # fmt: skip
