"""Small wrongs put into generated Python: each is one that a plausible mistake would make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NOTE = ("tests/controllers/test_note.py",)
NOTEBOOK = ("tests/controllers/test_notebook.py",)
STORE = ("tests/test_store.py",)


@dataclass(frozen=True)
class Mutation:
    """One change of a file: what stands at a place of some form, and the tests that must notice."""

    name: str
    path: str
    found: str
    instead: str
    tests: tuple[str, ...]


MUTATIONS = (
    # Controllers and what they declare.
    Mutation("a filter on another column", "app/controllers/note.py", r"equal\(NoteRow.importance", "equal(NoteRow.version", NOTE),
    Mutation("a bound flipped", "app/controllers/note.py", r"before\(NoteRow", "since(NoteRow", NOTE),
    Mutation("a column not searched", "app/controllers/note.py", r"        NoteRow.body,\n", "", NOTE),
    Mutation("a sort on another column", "app/controllers/note.py", r'"title": NoteRow.title', '"title": NoteRow.status', NOTE),
    Mutation("an order left out", "app/controllers/note.py", r"        descending\(NoteRow.pinned\),\n", "", NOTE),
    Mutation("nothing deleted", "app/controllers/note.py", r"    remove\(context, NoteRow, id\)", "    find(context, NoteRow, id)", NOTE),
    Mutation("a row of another id told", "app/controllers/note.py", r"/\{row.id\}", "/{body.notebook_id}", NOTE),
    # Shapes.
    Mutation("a text's length dropped", "app/schemas/note.py", r"fields.Text\(max_length=200\)", "fields.Text()", NOTE),
    Mutation("a number's bound moved", "app/schemas/note.py", r"minimum=1, maximum=5", "minimum=1, maximum=6", NOTE),
    Mutation("null taken", "app/schemas/note.py", r"(Create\(Shape\)[^@]*?pinned: bool)", r"\1 | None", NOTE),
    Mutation("a member not shown", "app/schemas/note.py", r"    budget: BudgetAmount \| None\n", "", NOTE),
    # Models.
    Mutation("a computed member flipped", "app/models/notebook.py", r"<> 'done'", "= 'done'", NOTEBOOK),
    Mutation("another error told", "app/models/note.py", r"TITLE_TAKEN", "CONFLICT", NOTE),
    Mutation("a soft deletion made final", "app/models/note.py", r"\(SoftDeleted, ", "(", NOTE),
    Mutation("versions not counted", "app/models/note.py", r", Versioned, Base", ", Base", NOTE),
    Mutation("a check left out", "app/models/note.py", r"        sa.CheckConstraint\(\"not pinned.*\n", "", ("tests/test_migrations.py",)),
    # What all generated services share.
    Mutation("a where dropped when one row is read", "app/store.py", r"model.id == key, living\(model\)\)\)", "model.id == key))", STORE),
    Mutation("a where dropped when a row is locked", "app/store.py", r"model.id == key, where\)", "model.id == key)", STORE),
    Mutation("a where dropped in lists", "app/listing.py", r"\[living\(listing.model\), ", "[", STORE),
    Mutation("a where dropped among links", "app/store.py", r"own == key, other.not_in\(others\)", "own == key", STORE),
    Mutation("references to deleted rows taken", "app/store.py", r", target.deleted_at.is_\(None\)\)", ")", STORE),
    Mutation("an old version taken", "app/store.py", r'!= row.version:', "> row.version:", STORE),
    Mutation("what is left out set", "app/store.py", r"exclude_unset=True", "exclude_unset=False", STORE),
    Mutation("a moment not kept", "app/store.py", r"(def change[\s\S]*?)        row.updated_at = context.now\n", r"\1        pass\n", STORE),
    Mutation("a bound moved", "app/listing.py", r"column >= value", "column > value", STORE),
    Mutation("a search not escaped", "app/listing.py", r"autoescape=True", "autoescape=False", STORE),
    Mutation("pages all the first", "app/listing.py", r"\n        .offset\(.*\)", "", STORE),
    Mutation("a failure taken for another", "app/violations.py", r'"23514": "VALIDATION_FAILED"', '"23514": "CONFLICT"', STORE),
    Mutation("what passes taken for a mistake", "app/violations.py", r"57\)\.\.\.", "58)...", STORE),
)  # fmt: skip


def mutated(project: Path) -> Iterator[tuple[Mutation, str]]:
    """Every mutation with the text of its file as it then is.

    Args:
        project: the folder of a generated notes project.

    Yields:
        Mutations.

    Raises:
        AssertionError: what a mutation changes is not there any more, so it would prove nothing.
    """
    for mutation in MUTATIONS:
        text = (project / mutation.path).read_text(encoding="utf-8")
        changed = re.sub(mutation.found, mutation.instead, text, count=1)
        assert changed != text, f"{mutation.name}: not found in {mutation.path}"
        yield mutation, changed
