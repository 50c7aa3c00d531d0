"""Real processes, killed, stopped, out of space or not alone: everything or nothing, and they say which."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.folder.turn import AtWork, taking_turn
from tests.engine import processes
from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import tree

HEAD = "specwright: 1\nproject: crowd\nstack: express-react\n\nentities:\n"
ENTITIES = 40
NOTHING, EVERYTHING = "nothing of it was written", "everything of it was written"


def plan(fields: str) -> str:
    entity = "  Item{}:\n    resource: true\n    fields:\n      name: text required\n{}"
    return HEAD + "".join(entity.format(number, fields) for number in range(ENTITIES))


OLD, NEW = plan(""), plan("      due_on: date\n      note: text\n")
EDITED = "server/src/models/item3.model.ts"


@pytest.fixture
def crowd(tmp_path: Path, templates: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A generated project with an edited file, and a changed plan that is not generated yet."""
    monkeypatch.setenv("SPECWRIGHT_TEMPLATES", str(templates))
    folder = tmp_path / "crowd"
    folder.mkdir()
    (folder / "plan.yaml").write_text(OLD)
    assert processes.run(folder, "generate")[0] == 0
    with (folder / EDITED).open("a") as file:
        file.write("// mine\n")
    (folder / "plan.yaml").write_text(NEW)
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
    seen: Counter[str] = Counter()
    for number in range(40):
        folder = copied(crowd, str(number))
        running = processes.started("generate", "-C", str(folder))
        running.stop(signal.SIGKILL, chance.uniform(0.3, 1.05) * took)
        running.ended()
        said = processes.run(folder, "status")[1]
        now = tree(folder)
        assert now in (old, new) and now == {NOTHING: old, EVERYTHING: new}.get(said_of(said), now)
        seen["old" if now == old else "new"] += 1
        if now == new:
            assert processes.run(folder, "generate")[0] == 3 and tree(folder) == new
            assert processes.run(folder, "generate", "--abort")[0] == 0
            assert tree(folder) == old
        shutil.rmtree(folder)
    assert len(seen) == 2, seen


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
