"""What a person makes of the plan of the task tracker, so that its people sign in: accounts, owners, members."""

from __future__ import annotations

from pathlib import Path

from tests.stacks.edits import Edit, above, below

FIRST = "the id of who owns what was there before anybody signed in"
OURS = "project.owner_id = actor.id or exists Part(project_id = this.project_id and person_id = actor.id)"
THEIRS = OURS.replace("project.", "task.project.").replace("this.project_id", "this.task.project_id")

SIGN_IN = (
    above(
        "plan.yaml",
        "config:\n",
        """\
identity:
  actor: Person
  from: auth
""",
    ),
    # People register, so nobody makes others up; each changes their own name alone.
    Edit(
        "plan.yaml",
        "  Person:\n    resource: true\n",
        """\
  Person:
    resource:
      operations: [list, get, update]
      policy:
        write: themselves
""",
    ),
    below(
        "plan.yaml",
        "  Project:\n    soft_delete: true",
        """\
    owner: owner
    visible: owner_id = actor.id or exists Part(project_id = this.id and person_id = actor.id)""",
    ),
    below(
        "plan.yaml",
        "      lead: ref Person",
        f"""\
      owner:
        type: ref Person
        required: true
        backfill: coalesce(lead_id, '{FIRST}')""",
    ),
    # Who leads a project adds people: nobody else sees the row that they would write.
    above(
        "plan.yaml",
        "  Label:\n    resource: true\n",
        """\
  Part:
    visible: person_id = actor.id or project.owner_id = actor.id
    resource:
      operations: [list, get, create, delete]
    fields:
      project: ref Project required cascade
      person: ref Person required cascade
    unique:
      once: [project_id, person_id]
""",
    ),
    Edit(
        "plan.yaml", "  Label:\n    resource: true\n", f"  Label:\n    visible: {OURS}\n    resource: true\n"
    ),
    below(
        "plan.yaml",
        "  Task:\n    lock: optimistic",
        f"""\
    owner: reporter
    visible: {OURS}""",
    ),
    below(
        "plan.yaml",
        "      assignee: ref Person",
        f"""\
      reporter:
        type: ref Person
        required: true
        backfill: coalesce(assignee_id, '{FIRST}')""",
    ),
    below(
        "plan.yaml",
        "  Comment:\n    timestamps: created",
        f"""\
    owner: author
    visible: {THEIRS}""",
    ),
    # A slot whose body writes says what it may raise.
    Edit("plan.yaml", "[NOT_FOUND, NOT_URGENT]", "[NOT_FOUND, NOT_URGENT, FORBIDDEN]"),
    above(
        "plan.yaml",
        "errors:\n",
        """\
policies:
  themselves:
    allow: this.id = actor.id
""",
    ),
)


def sign_in(project: Path, first: str) -> None:
    """Change the plan of the task tracker, so that its people sign in.

    Args:
        project: its folder.
        first: the id of who owns what was there before.
    """
    for edit in SIGN_IN:
        edit.make(project)
    file = project / "plan.yaml"
    text, before, criteria = file.read_text().partition("acceptance:\n")
    text = text.replace(FIRST, first)
    text = text.replace("      name: Web site\n", "      name: Web site\n      owner_id: = amy.id\n")
    text = text.replace(
        "      project_id: = site.id\n", "      project_id: = site.id\n      reporter_id: = amy.id\n"
    )
    # Somebody does what the criteria say: the only person among what is given, of two the one that is named.
    two = "      http: board.suggestPerson\n"
    criteria = criteria.replace(two, f"{two}      by: amy\n")
    criteria = criteria.replace("    given: [site,", "    given: [amy, site,")
    criteria = criteria.replace("    given:\n      - site\n", "    given:\n      - amy\n      - site\n")
    parts = criteria.split("\n  AC-")
    file.write_text(
        text + before + "\n  AC-".join(part if "given:" in part else given(part) for part in parts)
    )


def given(criterion: str) -> str:
    """A criterion in which nobody was."""
    return criterion.replace("    when:\n", "    given: [amy]\n    when:\n")
