"""What a person does to a generated project before it is updated: edits as they are made, by example."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Edit(NamedTuple):
    """A piece of a file and what a person makes of it; nothing becomes a file of their own."""

    path: str
    old: str
    new: str

    def make(self, project: Path) -> None:
        """Make the edit; what it is about must be there once."""
        file = project / self.path
        if not self.old:
            assert not file.exists(), self.path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.new)
            return
        text = file.read_text()
        assert text.count(self.old) == 1, f"{self.path} has {text.count(self.old)} times: {self.old}"
        file.write_text(text.replace(self.old, self.new))

    def missing(self, project: Path) -> list[str]:
        """The lines that the person wrote and that are not in the file."""
        text, before = (project / self.path).read_text(), self.old.splitlines()
        return [line for line in self.new.splitlines() if line not in before and line not in text]


class Move(NamedTuple):
    """A file that the person has put elsewhere."""

    path: str
    to: str

    def make(self, project: Path) -> None:
        """Move it."""
        (project / self.path).rename(project / self.to)

    def missing(self, project: Path) -> list[str]:
        """The place that the person gave it, unless it is there and nowhere else."""
        return [] if (project / self.to).exists() > (project / self.path).exists() else [self.to]


def own(path: str, text: str) -> Edit:
    """A file of the person's own."""
    return Edit(path, "", text)


def below(path: str, line: str, added: str) -> Edit:
    """Lines that are added below one."""
    return Edit(path, f"{line}\n", f"{line}\n{added}\n")


def above(path: str, line: str, added: str) -> Edit:
    """Lines that are added above one, of which the beginning is enough."""
    return Edit(path, line, f"{added}\n{line}")


HANDBOOK = below("README.md", "## Where things are", "\nRead the handbook of the team first.")
SAYS = "  context.logger.info({ team: context.config.TEAM }, 'Something new');"
CREATES = "  return createResource(context, resource, input);"
EXPRESS = (
    # A route of their own, with its test, its setting and its dependency.
    own(
        "server/src/controllers/about.controller.ts",
        """\
import { Router } from 'express';
import { Address4 } from 'ip-address';
import type { Runtime } from '../context.js';

/** Who runs this service, and whether the caller came over IPv4. */
export function aboutController(runtime: Runtime): Router {
  const router = Router();
  router.get('/about', (request, response) => {
    response.json({ team: runtime.config.TEAM, fourth: Address4.isValid(request.ip ?? '') });
  });
  return router;
}
""",
    ),
    own(
        "server/tests/integration/about.test.ts",
        """\
import { expect, it } from 'vitest';
import { harness } from '../harness.js';

const service = harness();

it('names the team', async () => {
  const answer = await service.request('GET', '/about');
  expect(answer.body).toEqual({ team: 'nobody', fourth: true });
});
""",
    ),
    below(
        "server/src/app.ts",
        "import type { Runtime } from './context.js';",
        "import { aboutController } from './controllers/about.controller.js';",
    ),
    below(
        "server/src/app.ts",
        "  app.use(healthController(runtime, isDraining));",
        "  app.use(aboutController(runtime));",
    ),
    above(
        "server/src/config.ts",
        "  SHUTDOWN_TIMEOUT:",
        "  /** Whom to call when it is down. */\n  TEAM: z.string().default('nobody'),",
    ),
    above(".env.example", "HOST=", "# Whom to call when it is down.\nTEAM=nobody\n"),
    below("server/package.json", '    "helmet": "8.3.0",', '    "ip-address": "10.7.6",'),
    # As npm writes it: the package is there already, for another one needs it.
    below("package-lock.json", '        "helmet": "8.3.0",', '        "ip-address": "10.7.6",'),
    # Settings of tools, and how it is built and run.
    above("package.json", '    "openapi":', '    "about": "curl --silent localhost:3000/about",'),
    below("biome.json", '        "noExplicitAny": "error",', '        "noConsole": "error",'),
    below(".github/workflows/ci.yml", "      - run: npm run build", "      - run: npm run openapi"),
    below("Dockerfile", "FROM node:24-bookworm-slim", 'LABEL org.opencontainers.image.vendor="Us"'),
    Edit(
        "server/src/server.ts",
        "  logger.info({ signal }, 'Shutting down');",
        "  logger.info({ signal, team: config.TEAM }, 'Shutting down');",
    ),
    # Moved, and released with other text in it.
    Move("docs/operations.md", "docs/running.md"),
    Edit("README.md", "  [how to run it](docs/operations.md).", "  [how to run it](docs/running.md)."),
    HANDBOOK,
)
TASK_TRACKER = (
    *EXPRESS,
    above("server/src/services/label.service.ts", CREATES, SAYS),
    # The body of a slot that waits for one.
    Edit(
        "server/src/services/board.slots.ts",
        "  // slot: board.suggestNext\n  throw new Failure('NOT_IMPLEMENTED');\n",
        """\
  // slot: board.suggestNext
  await load(context, people, byKey(people, input.personId));
  const free = sql`tasks.assignee_id is null and tasks.status = 'todo'`;
  const order = sql`due_on asc nulls last, priority desc, created_at`;
  const [task] = await findMany(context, tasks, free, { order, limit: 1 });
  if (task === undefined) {
    throw new Failure('NOT_FOUND');
  }
  return shape(context, taskView, task);
""",
    ),
)
CHINOOK = (*EXPRESS, above("server/src/services/album.service.ts", CREATES, SAYS))
AUTH = (
    *EXPRESS,
    # Their own words in a mail, and what they note of who changes an account.
    Edit(
        "server/src/mails.ts",
        "    ...letter(to, 'Confirm your address', 'Confirm that this is your address:', link),\n",
        "    ...letter(to, 'Confirm your address', 'Please say that this is your address:', link),\n",
    ),
    above("server/src/services/user.service.ts", "  return updateResource(context, resource, input);", SAYS),
)
FASTAPI = (
    own(
        "app/controllers/about.py",
        '''\
"""Who runs this service."""

from fastapi import APIRouter
from typing_extensions import TypedDict

from app.problems import failures
from app.settings import load_settings

router = APIRouter(prefix="/about", tags=["about"])


class About(TypedDict):
    """Whom to call."""

    team: str


@router.get("", responses=failures())
def about() -> About:
    """Name the team."""
    return {"team": load_settings().team}
''',
    ),
    own(
        "tests/test_about.py",
        '''\
"""Who runs this service."""

from tests.harness import Harness


def test_it_names_the_team(service: Harness) -> None:
    assert service.request("GET", "/about").json() == {"team": "nobody"}
''',
    ),
    below("app/service.py", "from app.context import clock", "from app.controllers import about"),
    below(
        "app/service.py",
        "    service.include_router(health.router)",
        "    service.include_router(about.router)",
    ),
    below("app/settings.py", "    migrate_on_start: bool = True", '    team: str = "nobody"'),
    above(".env.example", "# debug, info", "# Whom to call when it is down\nTEAM=nobody\n"),
    below("pyproject.toml", '  "structlog==26.1.0",', '  "typing-extensions>=4.12",'),
    # Right above a line that a release changes.
    Edit(
        "pyproject.toml",
        'addopts = "-q --strict-markers"\n',
        'addopts = "-q --strict-markers --strict-config"\n',
    ),
    below(
        "app/controllers/notebook.py",
        "    row = insert(context, NotebookRow, body)",
        "    row.name = row.name.strip()",
    ),
    HANDBOOK,
)
EDITS = {"task-tracker": TASK_TRACKER, "chinook": CHINOOK, "auth": AUTH, "notes-fastapi": FASTAPI}
"""By example, what a person has made of it."""

SINCE = {"auth": "0.4.0"}
"""The first release that can generate an example, where that is not the first one."""
LATER_TASKS = frozenset({"auth"})
"""Examples whose tasks name rooms that their first release does not have."""

NICKNAME = "      nickname: varchar(80)"
HINT = "      hint: varchar(80)"
GROWTH = {
    "task-tracker": (
        below("plan.yaml", "      name: varchar(100) required", NICKNAME),
        below("plan.yaml", "      color: Color required = '#888888'", HINT),
    ),
    "chinook": (
        below("plan.yaml", "      title: varchar(160) required", NICKNAME),
        below("plan.yaml", "      artist: ref Artist required", HINT),
    ),
    "auth": (
        below("plan.yaml", "      avatar_url: varchar(500)", NICKNAME),
        below("plan.yaml", NICKNAME, HINT),
    ),
    "notes-fastapi": (
        above("plan.yaml", "      owner_email:", NICKNAME),
        above("plan.yaml", "      nickname:", HINT),
    ),
}
"""By example, a field that joins the plan on the way, and one after the last update."""
