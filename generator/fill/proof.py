"""The proof of bodies: they stay inside, compile and lint, meet their criteria, and the criteria tell.

A scratch copy of the project is compiled and linted with the project's own tools; then the criteria
that prove a slot run there, apart from everything else. They have to pass with the body, and to fail with
every wrong variant of the plan and with one that only holds the place: else they prove nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from threading import Event
from typing import Any

from generator.fill.confinement import Limits, Ran, confined
from generator.fill.contract import Contract
from generator.fill.inside import leaving, spliced
from generator.fill.scratch import scratch_copy, secrets_of
from generator.fill.workshop import Seat, Workshop, body_in
from generator.frozen import dataclass
from generator.problems import PlanProblems, Problem
from generator.slots import find_slots

_HERE = Path(__file__).parent
_TEST = "server/tests/proof.test.ts"
_FAULT = re.compile(r"^(?:\x1b\[[\d;]*m)*([\w./-]+\.tsx?)[(:](\d+)[,:](\d+)\)?:?\s*(.*)$", re.MULTILINE)
_COLOUR = re.compile(r"\x1b\[[\d;]*[A-Za-z]")
_FOR_TOOLS = Limits(seconds=300)
"""What the compiler, the linter and the formatter may use; they run nothing of a body."""
_MOST_SAID = 1_500
"""Characters of one reason."""


class Stage(StrEnum):
    """How far a body came: `proved`, or what it did not pass."""

    INSIDE = "inside"
    COMPILE = "compile"
    LINT = "lint"
    CRITERIA = "criteria"
    UNPROVED = "unproved"
    PROVED = "proved"


@dataclass(frozen=True)
class Verdict:
    """What the proof says of a body.

    `body` is the body as it was proved, in the layout of the project's formatter; `reasons` why it was not
    accepted; `refuted` the wrong variants that the criteria refuse; `apart` how it was kept apart.
    """

    slot: str
    stage: Stage
    reasons: tuple[str, ...]
    body: str
    refuted: tuple[str, ...] = ()
    apart: str = ""

    @property
    def ok(self) -> bool:
        """Whether the body is proved."""
        return self.stage is Stage.PROVED


def prove(
    workshop: Workshop,
    bodies: Mapping[str, str],
    *,
    limits: Limits | None = None,
    laid_out: bool = False,
    namespaces: bool = True,
    stop: Event | None = None,
) -> tuple[Verdict, ...]:
    """Prove bodies of slots, together in one copy of the project; nothing is written in the project.

    Args:
        workshop: the project.
        bodies: by slot; those that stand in the project are proved where they stand.
        limits: for the run of the criteria.
        laid_out: lay the bodies out with the project's formatter first.
        namespaces: keep them apart by the kernel where that is allowed.
        stop: ends what runs once it is set.

    Returns:
        A verdict for each, in the order of `bodies`.

    Raises:
        PlanProblems: the packages are not installed, or the project does not compile without these bodies.
    """
    verdicts: dict[str, Verdict] = {}
    staying: dict[str, str] = {}
    for name, body in bodies.items():
        seat = workshop.seats[name]
        contract = _contract(seat)
        content = (workshop.folder / seat.status.file).read_bytes()
        generated = seat.body is not None and seat.status.state == "fallback" and body == seat.body.decode()
        reasons = () if generated else leaving(contract, content, body)
        if reasons:
            verdicts[name] = Verdict(name, Stage.INSIDE, reasons, body)
        else:
            staying[name] = body
    if staying:
        with scratch_copy(workshop.folder) as folder:
            bench = _Bench(workshop, folder, limits or Limits(), namespaces, stop)
            verdicts |= bench.verdicts(staying, laid_out=laid_out)
    return tuple(verdicts[name] for name in bodies)


class _Bench:
    """A scratch copy with the tools that run in it."""

    def __init__(
        self, workshop: Workshop, folder: Path, limits: Limits, namespaces: bool, stop: Event | None
    ) -> None:
        self.workshop, self.folder, self.limits = workshop, folder, limits
        self.namespaces, self.stop = namespaces, stop

    def verdicts(self, bodies: Mapping[str, str], *, laid_out: bool) -> dict[str, Verdict]:
        seats = {name: self.workshop.seats[name] for name in bodies}
        for name, seat in seats.items():
            place = self.folder / seat.status.file
            place.write_bytes(spliced(place.read_bytes(), name, bodies[name]))
        if laid_out:
            found = self._lay_out(seats)
            bodies = {name: found.get(name, body) for name, body in bodies.items()}
        made: dict[str, Verdict] = {}
        for stage, faults in ((Stage.COMPILE, self._compile(seats)), (Stage.LINT, self._lint(seats))):
            for name, reasons in faults.items():
                made.setdefault(name, Verdict(name, stage, reasons, bodies[name]))
        running = {name: seat for name, seat in seats.items() if name not in made}
        if running:
            made |= self._run(running, bodies)
        return made

    def _lay_out(self, seats: Mapping[str, Seat]) -> dict[str, str]:
        """Format the files; where a body would then leave its slot, its file stays as it is."""
        found = {}
        files = list(dict.fromkeys(seat.status.file for seat in seats.values()))
        before = {file: (self.folder / file).read_bytes() for file in files}
        self._tool(["biome", "format", "--write", "--colors=off", *files])
        for name, seat in seats.items():
            body = body_in((self.folder / seat.status.file).read_bytes(), name)
            if body is None or leaving(_contract(seat), before[seat.status.file], body.decode()):
                (self.folder / seat.status.file).write_bytes(before[seat.status.file])
            else:
                found[name] = body.decode()
        return found

    def _compile(self, seats: Mapping[str, Seat]) -> dict[str, tuple[str, ...]]:
        ran = self._tool(["tsc", "-b", "--pretty", "false"])
        return self._faults(ran, seats, "compile")

    def _lint(self, seats: Mapping[str, Seat]) -> dict[str, tuple[str, ...]]:
        files = dict.fromkeys(seat.status.file for seat in seats.values())
        ran = self._tool(["biome", "ci", "--error-on-warnings", "--colors=off", "--reporter=github", *files])
        faults = re.sub(
            r"^::\w+ title=([^,]*),file=([^,]*),line=(\d+),[^:]*::(.*)$",
            r"\2:\3:1: \1: \4",
            ran.output,
            flags=re.MULTILINE,
        )
        return self._faults(Ran(ran.code, faults, ran.stopped, ran.apart), seats, "pass the linter")

    def _faults(self, ran: Ran, seats: Mapping[str, Seat], what: str) -> dict[str, tuple[str, ...]]:
        """What a tool found, by the slot in which it is."""
        if ran.code == 0 and not ran.stopped:
            return {}
        if ran.stopped:
            return dict.fromkeys(seats, (f"the tools of the project were stopped: {ran.stopped}",))
        found: dict[str, list[str]] = {}
        elsewhere = []
        for fault in _FAULT.finditer(ran.output):
            path, line = fault[1].removeprefix(f"{self.folder}/").removeprefix("./"), int(fault[2])
            name, first = self._slot_at(path, line, seats)
            if name:
                found.setdefault(name, []).append(f"line {line - first + 1}: {_short(fault[4])}")
            else:
                elsewhere.append(f"{path}:{line}: {_short(fault[4])}")
        if found:
            return {name: tuple(reasons[:8]) for name, reasons in found.items()}
        message = (
            f"The project does not {what} by itself: {elsewhere[0] if elsewhere else _short(ran.output)}"
        )
        raise PlanProblems([Problem(None, message, "Mend that first: `npm run check` shows it")])

    def _slot_at(self, path: str, line: int, seats: Mapping[str, Seat]) -> tuple[str, int]:
        for name, seat in seats.items():
            if seat.status.file == path:
                content = (self.folder / path).read_bytes()
                slot = next(slot for slot in find_slots(content) if slot.id == name)
                first = content[: slot.start].count(b"\n") + 1
                if first - 1 <= line <= content[: slot.end].count(b"\n") + 1:
                    return name, first
        return "", 0

    def _run(self, seats: Mapping[str, Seat], bodies: Mapping[str, str]) -> dict[str, Verdict]:
        (self.folder / _TEST).write_text(_test_of([_contract(seat) for seat in seats.values()]))
        ran = self._tool(
            ["vitest", "run", "--maxWorkers=1", "--reporter=dot", "tests/proof.test.ts"],
            place="server",
            writable="tmp",
            limits=self.limits,
            NODE_OPTIONS=f"--require={_HERE / 'refusing.cjs'} --max-old-space-size=1024",
        )
        told: list[dict[str, Any]] = []
        with suppress(OSError, ValueError):
            told = json.loads((self.folder / "tmp" / "proof.json").read_text(encoding="utf-8"))
        found = {}
        for name, seat in seats.items():
            own = [entry for entry in told if isinstance(entry, dict) and entry.get("slot") == name]
            stage, reasons, refuted = judged(_contract(seat), own, ran)
            found[name] = Verdict(name, stage, reasons, bodies[name], refuted, ran.apart)
        return found

    def _tool(
        self,
        command: Sequence[str],
        place: str = ".",
        writable: str = ".",
        limits: Limits = _FOR_TOOLS,
        **more: str,
    ) -> Ran:
        node = shutil.which("node") or "node"
        environment = {
            "PATH": os.pathsep.join(
                [str(self.folder / "node_modules" / ".bin"), str(Path(node).parent), "/usr/bin", "/bin"]
            ),
            "HOME": str(self.folder / "tmp"),
            "TMPDIR": str(self.folder / "tmp"),
            "CI": "true",
            "NO_COLOR": "1",
            "NODE_ENV": "test",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            **more,
        }
        return confined(
            [str(self.folder / "node_modules" / ".bin" / command[0]), *command[1:]],
            self.folder / place,
            self.folder / writable,
            limits,
            environment,
            namespaces=self.namespaces,
            hidden=secrets_of(self.workshop.folder),
            stop=self.stop,
        )


def _contract(seat: Seat) -> Contract:
    if seat.contract is None:
        raise PlanProblems([Problem(None, f"The plan has no slot {seat.id} any more")])
    return seat.contract


def _test_of(contracts: Sequence[Contract]) -> str:
    """The test that runs the criteria of some slots."""
    text = (_HERE / "proof.test.ts").read_text(encoding="utf-8")
    imports, asked = [], []
    seat = next(line for line in text.splitlines() if line.startswith("vi.mock("))
    for number, contract in enumerate(contracts):
        module = _module(contract)
        imports.append(f"import {{ {contract.function} as body{number} }} from '{module}';\n")
        proofs = json.dumps(list(contract.proofs))
        asked.append(
            f"{{ slot: {json.dumps(contract.id)}, proofs: {proofs}, body: body{number} as Operation }}"
        )
    listed = f"const asked: readonly Asked[] = [{', '.join(asked)}];"
    seats = [seat.replace("FILE", module) for module in dict.fromkeys(map(_module, contracts))]
    made = text.replace(seat, "\n".join(seats)).replace("const asked: readonly Asked[] = [];", listed)
    return "".join(imports) + made


def _module(contract: Contract) -> str:
    return f"../{contract.file.removeprefix('server/').removesuffix('.ts')}.js"


def judged(
    contract: Contract, told: Sequence[Mapping[str, Any]], ran: Ran
) -> tuple[Stage, tuple[str, ...], tuple[str, ...]]:
    """Say what the run of its criteria means for a body.

    Args:
        contract: of its slot.
        told: what the run wrote down.
        ran: how it ended.

    Returns:
        How far the body came, why not further, and the wrong variants that were refused.
    """
    failed = [entry for entry in told if entry.get("criterion") and entry.get("said")]
    if failed:
        return (
            Stage.CRITERIA,
            tuple(f"{each['criterion']}: {_short(str(each['said']))}" for each in failed),
            (),
        )
    if not any(entry.get("done") for entry in told):
        at = next((str(entry["runs"]) for entry in reversed(told) if entry.get("runs")), "")
        reason = ran.stopped or f"the run of its criteria ended: {_short(ran.output[-_MOST_SAID:])}"
        return Stage.CRITERIA, (f"{at}: {reason}" if at else reason,), ()
    passed = {str(entry["criterion"]) for entry in told if entry.get("said") == ""}
    if not passed.issuperset(contract.proofs):
        return Stage.CRITERIA, ("none of its criteria ran",), ()
    if ran.code != 0:
        # As a promise that nobody waits for, and that fails: in the service it would end the process.
        why = _short(ran.output[max(ran.output.find("Unhandled"), 0) :])
        reason = f"its criteria pass, and then the run of them fails: {why}"
        return Stage.CRITERIA, (reason,), ()
    variants = {str(entry["variant"]): entry.get("refused") for entry in told if "variant" in entry}
    passing = [name for name, refused in variants.items() if not refused]
    refuted = tuple(name for name, refused in variants.items() if refused and name != "placeholder")
    if passing:
        return Stage.UNPROVED, tuple(_unrefuted(contract, passing)), refuted
    return Stage.PROVED, (), refuted


def _unrefuted(contract: Contract, passing: Sequence[str]) -> Iterator[str]:
    proofs = ", ".join(contract.proofs)
    for name in passing:
        if name == "placeholder":
            yield f"{proofs} would also pass with nothing in the slot: let a criterion call {contract.id}"
        else:
            yield f"{proofs} would also pass with the wrong variant `{name}`: add a criterion that tells it"


def _short(text: str) -> str:
    said = " ".join(_COLOUR.sub("", text).split())
    # A body may make its criteria say anything; a terminal must not act on it.
    said = "".join(sign if sign.isprintable() else f"<U+{ord(sign):04X}>" for sign in said)
    return said if len(said) <= _MOST_SAID else f"{said[:_MOST_SAID]} …"
