"""`specwright dev`: whenever the plan is saved it is checked and generated, and the service runs on."""

from __future__ import annotations

import gc
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from generator.failures import explain_failure
from generator.folder.recovery import resumed
from generator.folder.seal import CACHE
from generator.folder.turn import taking_turn
from generator.merging.merge import WRITTEN
from generator.narrowing import Narrowing
from generator.outcome import Outcome
from generator.releases.home import Home
from generator.report import file_list
from generator.service import Service, ServicePlan, service_plan
from generator.skipping import untouched, updated_locally
from generator.updating import in_full
from generator.watching import Watch

PLANS = ("plan.yaml", "tasks.yaml", "specs/*/plan.yaml", "specs/*/tasks.yaml")
PAUSE = 0.1
"""Seconds between two looks."""
_SHOWN = 12
"""Changed files that are named; of more, the number."""

Say = Callable[[str], None]


class Development:
    """One `specwright dev`: a project, its service, and what is watched."""

    def __init__(self, folder: Path, templates: Path, environment: Mapping[str, str], say: Say) -> None:
        self.folder, self.templates, self.environment, self.say = folder, templates, environment, say
        self.service: Service | None = None
        self._code = Watch(folder, ())

    def run(self) -> None:
        """Go on until somebody stops it; then end what was started."""
        plans = Watch(self.folder, PLANS)
        self.say("Watching the plan; Ctrl-C ends it.")
        try:
            self._follow()
            while True:
                time.sleep(PAUSE)
                if plans.changed():
                    self._follow()
                elif self._code.changed():
                    self.say("Code has changed.")
                    self._restart()
                elif self.service and (code := self.service.ended()) is not None:
                    self.say(f"The service ended with code {code}; it starts again when something changes.")
        finally:
            if self.service:
                self.service.stop()

    def _follow(self) -> None:
        """The plan was saved: generate, and run what came out, unless there is something to mend first."""
        began = time.monotonic()
        try:
            outcome = self._generate()
        except Exception as error:
            self._tell(explain_failure(error, ["dev"]).lines)
            if self.service:
                self.say("The service runs on as it was.")
            return
        finally:
            gc.collect()
        changed = [change for change in outcome.changes if change.action in WRITTEN]
        if outcome.writes:
            seconds = time.monotonic() - began
            self._tell(file_list(outcome.changes)[:_SHOWN])
            more = f", {len(changed) - _SHOWN} more of them" if len(changed) > _SHOWN else ""
            self.say(f"Generated in {seconds:.2f} s: {len(changed)} files changed{more}.")
        if self.service is None:
            self._set_up(outcome)
        elif changed:
            self._restart(outcome)

    def _generate(self) -> Outcome:
        with taking_turn(self.folder):
            self._tell(resumed(self.folder))
            # The rooms of the stack, which say how it is run, come from a run in full.
            known = self.service is not None
            outcome = untouched(self.folder, self.templates) if known else None
            if outcome is None and known:
                outcome = updated_locally(self.folder, self.templates)
            if outcome is None:
                outcome = in_full(self.folder, self.templates, Home(), Narrowing())
        self._tell(map(str, outcome.warnings))
        return outcome

    def _set_up(self, outcome: Outcome) -> None:
        plan = service_plan(outcome.rooms)
        if plan is None:
            self.say("The blueprints of this stack do not say how it is run; the plan is watched alone.")
            return
        self.service = Service(self.folder, plan, self.environment)
        self._restart(outcome)

    def _restart(self, outcome: Outcome | None = None) -> None:
        if self.service is None:
            return
        began = time.monotonic()
        self.service.stop()
        if outcome and self._needs_a_new_database(outcome, self.service.plan):
            self._put_data_aside(self.service.plan)
        self._code = Watch(self.folder, self.service.plan.watch)
        try:
            self.service.start()
        except OSError as error:
            self.say(f"{error.filename}: {error.strerror}. Run `specwright doctor`.")
            return
        code = self.service.wait()
        if code is None:
            self.say(f"Ready at {self.service.url} after {time.monotonic() - began:.2f} s.")
        else:
            self.service.ended()
            self.say(f"The service ended with code {code}; it starts again when something changes.")

    def _needs_a_new_database(self, outcome: Outcome, plan: ServicePlan) -> bool:
        """A migration that may have been applied is another one now; a new one is applied by the service."""
        if self.service is None or not self.service.has_own_database or not plan.migrations:
            return False
        return any(
            change.action in WRITTEN and change.before is not None and change.path.startswith(plan.migrations)
            for change in outcome.changes
        )

    def _put_data_aside(self, plan: ServicePlan) -> None:
        data, aside = self.folder / plan.data, self.folder / CACHE / "database"
        if not data.exists():
            return
        shutil.rmtree(aside, ignore_errors=True)
        with suppress(OSError):
            data.rename(aside)
        self.say(
            "A migration has changed: the development database is made anew; "
            f"the old one is in {CACHE}/database."
        )

    def _tell(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.say(line)
