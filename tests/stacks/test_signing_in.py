"""A project in use, edited by people and without accounts, whose plan then says that its people sign in."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import REPOSITORY
from tests.engine.evolving import done
from tests.stacks.edits import EDITS, above
from tests.stacks.evolution import commit, git, updated
from tests.stacks.express import EXAMPLES, borrow, check, run, write_project
from tests.stacks.signing_in import sign_in
from tests.stacks.test_task_tracker import coverage

ASK = """
const { PGlite } = await import(process.argv[1]);
const database = new PGlite(process.argv[2]);
const results = await database.exec(process.argv[3]);
console.log(JSON.stringify(results.at(-1).rows));
await database.close();
"""
MORE = """
insert into people (id, name, email) values ('00000000-0000-4000-8000-00000000000b', 'Bob', 'bob@example.com');
insert into projects (id, key, name, lead_id)
  values ('00000000-0000-4000-8000-00000000000c', 'APP', 'Led by Bob', '00000000-0000-4000-8000-00000000000b');
insert into tasks (id, project_id, title) select '00000000-0000-4000-8000-00000000000d', id, 'Hers' from projects
  where key = 'WEB';
insert into comments (id, task_id, author_id, body) values ('00000000-0000-4000-8000-00000000000e',
  '00000000-0000-4000-8000-00000000000d', '00000000-0000-4000-8000-00000000000b', 'Fine');
select id from people where name = 'Amy';
"""
OWNED = """
select project.name, owner.name as owner, count(task.id)::int as tasks, min(reporter.name) as reporter
  from projects project join people owner on owner.id = project.owner_id
  left join tasks task on task.project_id = project.id left join people reporter on reporter.id = task.reporter_id
  group by 1, 2 order by 1;
"""


@pytest.mark.stack
def test_an_edited_project_in_use_gets_accounts_by_its_plan_alone(accounts: Path, tmp_path: Path) -> None:
    modules = accounts / "node_modules"
    folder, data = tmp_path / "project", tmp_path / "data"
    shutil.copytree(EXAMPLES / "task-tracker", folder)
    done(REPOSITORY, folder, "generate")
    git("init", "--quiet", cwd=folder)
    edits = EDITS["task-tracker"]
    for edit in edits:
        edit.make(folder)
    done(REPOSITORY, folder, "generate")
    done(REPOSITORY, folder, "migrations", "seal")
    commit(folder, "In use")
    borrow(folder, modules)
    in_use(folder, data, "migrate.js", "seed.js")
    (amy,) = ask(modules, data, MORE)

    sign_in(folder, amy["id"])
    _, merged, conflicts = updated(REPOSITORY, folder, "generate")
    assert conflicts == () and merged >= 2
    assert not [line for edit in edits for line in edit.missing(folder)]
    assert done(REPOSITORY, folder, "generate").startswith("Nothing has changed")
    listed = [line.split()[1] for line in done(REPOSITORY, folder, "migrations").splitlines()]
    assert listed == ["sealed", "open"]

    check(folder, modules)
    in_use(folder, data, "migrate.js")
    assert ask(modules, data, OWNED) == [
        {"name": "Led by Bob", "owner": "Bob", "tasks": 0, "reporter": None},
        {"name": "Web site", "owner": "Amy", "tasks": 2, "reporter": "Amy"},
    ]
    printed = run(folder / "server", [str(modules / ".bin" / "vitest"), "run", "--coverage"])
    branches, lines = coverage(printed)
    assert lines >= 90 and branches >= 85
    assert "strangers.test.ts" in printed and "about.test.ts" in printed


def test_its_pages_are_guarded(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / "task-tracker", tmp_path / "project")
    folder = tmp_path / "project"
    sign_in(folder, "00000000-0000-4000-8000-00000000000b")
    above("plan.yaml", "identity:\n", "rooms:\n  with: [web]\n").make(folder)
    write_project(folder)
    source = folder / "web" / "src"
    assert (source / "components" / "AuthGuard.tsx").exists()
    # Whatever the plan offers is behind it.
    guarded = (source / "routes.tsx").read_text().partition("element: <AuthGuard />")[2]
    assert "entries.flatMap(routesOf)" in guarded
    catalogue = (source / "catalogue.ts").read_text()
    assert all(f"'/{path}'" in catalogue for path in ("people", "projects", "parts", "tasks", "comments"))


def in_use(folder: Path, data: Path, *scripts: str) -> None:
    """Build the project and run some of its scripts on the embedded database."""
    run(folder, [str(folder / "node_modules" / ".bin" / "tsc"), "--build"])
    for script in scripts:
        run(folder, ["node", f"server/dist/{script}"], DATA_FOLDER=str(data), NODE_ENV="development")


def ask(modules: Path, data: Path, statements: str) -> list[dict[str, Any]]:
    """The rows that the last of some statements gives, on the embedded database."""
    pglite = modules / "@electric-sql" / "pglite" / "dist" / "index.js"
    command = ["node", "--input-type=module", "--eval", ASK, str(pglite), str(data / "database"), statements]
    found: list[dict[str, Any]] = json.loads(run(modules.parent, command))
    return found
