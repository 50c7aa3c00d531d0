"""Real processes, killed, stopped, out of space or not alone: everything or nothing, and they say which."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from generator import pipeline
from generator.folder.lock import LOCK_FILE
from generator.folder.turn import AtWork, taking_turn
from generator.recording import ANSWERS_FILE, RELEASE
from generator.releases import Release, home
from tests.engine import processes
from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import git, tree

HEAD = "specwright: 1\nproject: crowd\nstack: express-react\n\nentities:\n"
ENTITIES = 40
NOTHING, EVERYTHING = "nothing of it was written", "everything of it was written"


def plan(fields: str, entities: int = ENTITIES) -> str:
    entity = "  Item{}:\n    resource: true\n    fields:\n      name: text required\n{}"
    return HEAD + "".join(entity.format(number, fields) for number in range(entities))


OLD, NEW = plan(""), plan("      due_on: date\n      note: text\n")
EDITED = "server/src/models/item3.model.ts"
FORMER = "v0.2.1"


@pytest.fixture
def crowd(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A generated project with an edited file, and a changed plan that is not generated yet."""
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    folder = processes.generated(tmp_path / "crowd", OLD)
    with (folder / EDITED).open("a") as file:
        file.write("// mine\n")
    (folder / "plan.yaml").write_text(NEW)
    return folder


class FormerRelease:
    """Stands for the home of former releases: there is one, and its blueprints are in a folder."""

    def __init__(self, templates: Path) -> None:
        self._templates, self.releases = templates, (Release(FORMER, "0" * 40),)

    def release(self, name: str) -> Release:
        assert name == FORMER
        return self.releases[0]

    @contextmanager
    def unpacked(self, *releases: Release, only: str = "") -> Iterator[list[Path]]:
        yield [self._templates for _ in releases]


@pytest.fixture
def behind(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed project of a former release, with edits: a newer one conflicts with one, not the other."""
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    folder = processes.generated(tmp_path / "behind", plan("", 8))
    for path in (folder / ANSWERS_FILE, folder / LOCK_FILE):
        text = path.read_text()
        assert RELEASE in text
        path.write_text(text.replace(RELEASE, FORMER))
    text = (folder / EDITED).read_text()
    (folder / EDITED).write_text(text.replace("  name: string;\n", "  name: Name;\n"))
    with (folder / EDITED.replace("3", "4")).open("a") as file:
        file.write("// mine\n")
    git("init", "--quiet", cwd=folder)
    git("add", "--all", cwd=folder)
    git("commit", "--quiet", "--message", "Generated and edited", cwd=folder)
    newer = Path(shutil.copytree(templates, tmp_path / "newer"))
    (template,) = newer.rglob("*.model.ts.jinja")
    template.write_text(template.read_text().replace("}}: string;", "}}: Text;"))
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(newer))
    monkeypatch.setattr(home, "Home", lambda: FormerRelease(templates))
    return folder


def copied(folder: Path, name: str) -> Path:
    return Path(shutil.copytree(folder, folder.parent / name))


def outcomes(crowd: Path) -> tuple[object, object, float]:
    """The project before and after its changed plan is generated, and how long that takes."""
    after = copied(crowd, "after")
    code, output, took = processes.run(after, "generate")
    assert code == 0, output
    assert "1 merged" in output
    return tree(crowd), tree(after), took


def test_killed_at_a_hundred_moments_it_is_everything_or_nothing(crowd: Path) -> None:
    old, new, took = outcomes(crowd)
    chance = random.Random(20)
    seen: Counter[str] = Counter()
    for number in range(100):
        folder = copied(crowd, str(number))
        running = processes.started("generate", "-C", str(folder))
        running.stop(signal.SIGKILL, chance.uniform(0.0, 1.05 * took))
        running.ended()
        command = chance.choice(["check", "status", "explain"])
        code, said, _ = processes.run(folder, command)
        assert code == 0, said
        now = tree(folder)
        assert now in (old, new), f"{number}: {set(now) ^ set(new)}"  # type: ignore[arg-type]
        if NOTHING in said:
            assert now == old
        if EVERYTHING in said:
            assert now == new
        seen[NOTHING if NOTHING in said else EVERYTHING if EVERYTHING in said else "not begun, or over"] += 1
        assert "broken off" not in processes.run(folder, command)[1]
        shutil.rmtree(folder)
    assert seen.total() == 100 and len(seen) > 1, seen


def killed(
    project: Path, command: str, moments: Iterable[float], old: object, new: object
) -> Iterator[tuple[Path, object]]:
    """Copies of a project in which a command was killed after so many seconds, and what then stands in them.

    That is everything or nothing, and the next command does not say the other.
    """
    for number, moment in enumerate(moments):
        folder = copied(project, str(number))
        running = processes.started(command, "-C", str(folder))
        running.stop(signal.SIGKILL, moment)
        running.ended()
        said = processes.run(folder, "status")[1]
        now = tree(folder)
        assert now in (old, new) and now == {NOTHING: old, EVERYTHING: new}.get(said_of(said), now)
        yield folder, now
        shutil.rmtree(folder)


def test_killed_while_conflicts_are_written_it_is_everything_or_nothing(crowd: Path) -> None:
    """Files with conflicts and the note that takes them back come together; either way a person can go on."""
    (crowd / "plan.yaml").write_text(NEW.replace("name: text", "headline: text"))
    text = (crowd / EDITED).read_text()
    assert "  name: string;\n" in text
    (crowd / EDITED).write_text(text.replace("  name: string;\n", "  name: Name;\n"))
    after = copied(crowd, "after")
    code, said, took = processes.run(after, "generate")
    assert code == 3 and f"Conflicts:\n  {EDITED}" in said
    old, new = tree(crowd), tree(after)
    chance = random.Random(22)
    moments = [chance.uniform(0.3, 1.05) * took for _ in range(40)]
    seen: Counter[str] = Counter()
    for folder, now in killed(crowd, "generate", moments, old, new):
        seen["old" if now == old else "new"] += 1
        if now == new:
            assert processes.run(folder, "generate")[0] == 3 and tree(folder) == new
            assert processes.run(folder, "generate", "--abort")[0] == 0
            assert tree(folder) == old
    assert len(seen) == 2, seen


def test_killed_while_it_updates_it_is_everything_or_nothing_and_git_knows_of_the_conflicts(
    behind: Path,
) -> None:
    after = copied(behind, "after")
    code, said, took = processes.run(after, "update")
    assert code == 3 and f"Conflicts:\n  {EDITED}" in said and "1 merged" in said, said
    old, new = tree(behind), tree(after)
    unmerged = git("ls-files", "-u", cwd=after)
    assert unmerged.count(EDITED) == 3
    chance = random.Random(24)
    moments = [chance.uniform(0.2, 1.05) * took for _ in range(60)]
    seen: Counter[str] = Counter()
    for folder, now in killed(behind, "update", moments, old, new):
        seen["old" if now == old else "new"] += 1
        if now == new:
            assert git("ls-files", "-u", cwd=folder) == unmerged
            assert processes.run(folder, "generate", "--abort")[0] == 0
        assert tree(folder) == old and not git("ls-files", "-u", cwd=folder)
    assert len(seen) == 2, seen


@pytest.mark.parametrize("since", ["", "edited", "taken back", "held"])
def test_git_hears_of_conflicts_from_the_next_command_if_the_run_did_not_get_to_it(
    behind: Path, monkeypatch: pytest.MonkeyPatch, since: str
) -> None:
    before = tree(behind)
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "tell_git", lambda folder: os.kill(os.getpid(), signal.SIGKILL))
        assert processes.run(behind, "update")[0] == -signal.SIGKILL
    assert not git("ls-files", "-u", cwd=behind)
    if since == "edited":
        with (behind / EDITED).open("a") as file:
            file.write("// mended\n")
    if since == "taken back":
        assert processes.run(behind, "generate", "--abort")[0] == 0
        assert tree(behind) == before and not git("ls-files", "-u", cwd=behind)
    if since == "held":
        (behind / ".git/index.lock").touch()
        assert "git knows" not in processes.run(behind, "status")[1]
        (behind / ".git/index.lock").unlink()
    said = processes.run(behind, "status")[1]
    told = since in ("", "held")
    assert (f"git knows of its conflicts now:\n  {EDITED}\n" in said) is told
    assert git("ls-files", "-u", cwd=behind).count(EDITED) == (3 if told else 0)
    assert "git knows" not in processes.run(behind, "status")[1]


@pytest.mark.parametrize("way", ["missing", "too old"])
def test_an_update_without_a_git_that_can_merge_changes_nothing(
    behind: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    old, programs = tree(behind), tmp_path / "programs"
    programs.mkdir()
    if way == "too old":
        (programs / "git").write_text(
            "#!/bin/sh\necho 'error: unknown option' >&2\necho 'usage: git' >&2\nexit 129\n"
        )
        (programs / "git").chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(programs))
        code, said, _ = processes.run(behind, "update")
    assert code == 1 and "nothing was written" in said and "Traceback" not in said, said
    assert "Install git 2.24 or newer" in said
    assert ("git is too old" if way == "too old" else "git cannot be started") in said
    assert tree(behind) == old
    assert processes.run(behind, "update")[0] == 3


def said_of(said: str) -> str:
    return next((each for each in (NOTHING, EVERYTHING) if each in said), "")


def test_killed_in_an_empty_folder_nothing_stays_behind(crowd: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    for number in range(10):
        folder = tmp_path / f"empty{number}"
        folder.mkdir()
        (folder / "plan.yaml").write_text(NEW)
        running = processes.started("generate", "-C", str(folder))
        running.stop(signal.SIGKILL, chance.uniform(0.0, 0.8))
        running.ended()
        assert processes.run(folder, "check")[0] == 0
        assert {*tree(folder)} == {"plan.yaml"} or (folder / ".specwright/lock.json").exists()
        assert processes.run(folder, "generate")[0] == 0
        assert tree(folder)[EDITED][0].decode().count("due") > 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_it_is_nothing_unless_it_is_too_late(crowd: Path, number: signal.Signals, code: int) -> None:
    old, new, took = outcomes(crowd)
    chance = random.Random(int(number))
    for trial in range(12):
        folder = copied(crowd, str(trial))
        running = processes.started("generate", "-C", str(folder))
        running.stop(number, chance.uniform(0.05, 1.0) * took)
        left, said, _ = running.ended()
        if left in (code, -number):
            late = "Stopped; everything was written." in said
            assert late or left < 0 or "Stopped; nothing was written." in said
            # Before Python has begun and after it has ended nobody can say anything.
            assert tree(folder) == (new if late else old) or (left < 0 and tree(folder) == new)
        else:
            assert left == 0 and tree(folder) == new
        assert "Traceback" not in said


def test_two_at_once_one_works_and_the_other_says_so(crowd: Path) -> None:
    with taking_turn(crowd):
        before = tree(crowd)
        code, said, _ = processes.run(crowd, "generate")
        assert code == 1 and "Another run of Specwright is at work" in said and "nothing was written" in said
        assert tree(crowd) == before
        assert processes.run(crowd, "check")[0] == 0
        with pytest.raises(AtWork), taking_turn(crowd):
            pass
    _, new, _ = outcomes(crowd)
    for number in range(5):
        folder = copied(crowd, str(number))
        both = [processes.started("generate", "-C", str(folder)) for _ in range(2)]
        codes = sorted(running.ended()[0] for running in both)
        assert codes in ([0, 0], [0, 1]) and tree(folder) == new


def test_the_turn_of_a_run_that_died_is_free(crowd: Path) -> None:
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom generator.folder.turn import taking_turn\n"
        "with taking_turn(Path(sys.argv[1])):\n    print('mine', flush=True)\n    time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    command = [sys.executable, "-c", script, str(crowd)]
    holder = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None and holder.stdout.readline() == "mine\n"
    assert processes.run(crowd, "generate")[0] == 1
    holder.kill()
    holder.communicate()
    assert processes.run(crowd, "generate")[0] == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", place]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("may not mount here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_on_a_full_disk_it_is_everything_or_nothing(crowd: Path, small_disk: Path) -> None:
    old, new, _ = outcomes(crowd)
    codes = set()
    for spare in (0, 4, 16, 64, 128, 256, 384, 448, 512, 1024, 2048):
        folder = small_disk / str(spare)
        shutil.copytree(crowd, folder)
        used = shutil.disk_usage(small_disk).used // 1024
        resize = ["mount", "-o", f"remount,size={used + spare}k", small_disk]
        subprocess.run(resize, check=True)
        code, said, _ = processes.run(folder, "generate")
        codes.add(code)
        subprocess.run(["mount", "-o", "remount,size=64m", small_disk], check=True)
        assert "Traceback" not in said
        if code == 1:
            assert "No space left on device" in said
            if "nothing was written" in said:
                assert tree(folder) == old
            said = processes.run(folder, "check")[1]
            assert tree(folder) == (new if EVERYTHING in said else old)
        else:
            assert code == 0 and tree(folder) == new
        shutil.rmtree(folder)
    assert codes == {0, 1}


@pytest.mark.parametrize("closed", [".", "server/src/models", "server/migrations", ".specwright"])
def test_a_folder_that_takes_no_file_stops_the_run_before_it_begins(crowd: Path, closed: str) -> None:
    old = tree(crowd)
    (crowd / closed).chmod(0o555)

    nobody = None
    if os.geteuid() == 0:
        nobody = 65534
        subprocess.run(["chown", "-R", f"{nobody}:{nobody}", crowd], check=True)
        for folder in [*crowd.parents][:-1]:
            folder.chmod(folder.stat().st_mode | 0o055)
    code, said, _ = processes.run(crowd, "generate", user=nobody)
    (crowd / closed).chmod(0o755)
    assert code == 1 and "Permission denied; nothing was written." in said, said
    assert closed in said or closed == "."
    assert tree(crowd) == old
