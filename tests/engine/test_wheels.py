"""Real wheels: what the newest Specwright, installed alone and offline, does with older projects."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

from generator.recording import ANSWERS_FILE, SOURCE_URL
from generator.releases.home import BUNDLE
from tests.engine.copier_projects import COPIER, copier_environment, git, git_environment, publish, run, tree
from tests.engine.evolving import STACK, Evolution
from tests.engine.plans import PLAN

OLD, NEW = "7.0.0", "7.1.0"
README = "README.md"


@dataclass(frozen=True)
class Installed:
    """A virtual environment that a wheel was installed in."""

    folder: Path

    @property
    def package(self) -> Path:
        return next(self.folder.glob("lib/python*/site-packages")) / "generator"

    def specwright(self, *arguments: str, project: Path) -> str:
        command = [*alone(), str(self.folder / "bin/specwright"), *arguments]
        environment = git_environment(GIT_ALLOW_PROTOCOL="file")
        for name in ("PYTHONPATH", "SPECWRIGHT_TEMPLATES"):
            environment.pop(name, None)
        return run(*command, cwd=project, environment=environment)


def alone() -> list[str]:
    """What starts a command where no network is, as far as that is allowed here."""
    command = ["unshare", "--map-root-user", "--net"]
    try:
        allowed = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    except OSError:
        allowed = False
    return command if allowed else []


def installed(checkout: Path, folder: Path) -> Installed:
    """Build the wheel of a checkout and install it, and nothing else, in a new environment."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    run(*build, cwd=checkout, environment=environment)
    (wheel,) = folder.glob("*.whl")
    place = folder / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", str(place), cwd=folder)
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin/python"), "install", "--quiet"]
    options = ["--disable-pip-version-check", "--no-deps", "--no-index"]
    run(*pip, *options, str(wheel), cwd=folder, environment=environment)
    packages = next(place.glob("lib/python*/site-packages"))
    # What Specwright depends on, from where these tests have it: nothing is fetched.
    paths = {sysconfig.get_paths()[name] for name in ("purelib", "platlib")}
    (packages / "dependencies.pth").write_text("".join(f"{path}\n" for path in sorted(paths)))
    return Installed(place)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installed, Installed]:
    """Two releases in a row of the real blueprints, each built and installed alone."""
    folder = tmp_path_factory.mktemp("wheels")
    evolution = Evolution(folder / "repository", small=False)
    old = evolution.release(OLD)
    base = f"{STACK}/{{{{ when.base }}}}"
    readme = evolution.folder / base / "README.md.jinja"
    readme.write_text(f"{readme.read_text()}\n## Where to begin\n\nRead the plan.\n")
    manifest = evolution.folder / base / "blueprint.yml"
    manifest.write_text(
        manifest.read_text().replace("changes:\n", 'changes:\n  "99": The README says where to begin\n')
    )
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join('version: "99"\n' if each[:8] == "version:" else each for each in lines))
    new = evolution.release(NEW)
    places = [folder / "old", folder / "new"]
    for place in places:
        place.mkdir()
    return installed(old, places[0]), installed(new, places[1])


@pytest.fixture(scope="module")
def generated(releases: tuple[Installed, Installed], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that the older release generated and a person edited, committed."""
    project = tmp_path_factory.mktemp("generated") / "project"
    project.mkdir()
    (project / "plan.yaml").write_text(PLAN)
    releases[0].specwright("generate", project=project)
    readme = project / README
    readme.write_text(readme.read_text().replace("# Lists", "# My lists", 1))
    slots = next(path for path in tree(project) if path.endswith("board.slots.ts"))
    (project / slots).write_text((project / slots).read_text().replace("\n", "\n// mine\n", 1))
    publish(project, "mine")
    return project


def test_an_older_project_is_updated_where_it_was_cloned_to(
    releases: tuple[Installed, Installed], generated: Path, tmp_path: Path
) -> None:
    new = releases[1]
    git("clone", "--quiet", generated.as_uri(), "elsewhere", cwd=tmp_path)
    project = tmp_path / "elsewhere"
    assert new.specwright("generate", project=project).startswith("Nothing has changed")
    said = new.specwright("update", project=project)
    assert said.index("99") < said.index("The README says where to begin") < said.index("Written: ")
    text = (project / README).read_text()
    assert text.startswith("# My lists\n") and text.endswith("\n## Where to begin\n\nRead the plan.\n")
    assert f"_commit: v{NEW}\n_src_path: {SOURCE_URL}\n" in (project / ANSWERS_FILE).read_text()
    changed = git("diff", "--name-only", cwd=project).split()
    assert changed == [ANSWERS_FILE, ".specwright/lock.json", README]
    assert new.specwright("update", project=project).startswith("Nothing has changed")


def test_copier_alone_updates_from_the_bundle_in_the_wheel(
    releases: tuple[Installed, Installed], generated: Path, tmp_path: Path
) -> None:
    new = releases[1]
    project = tmp_path / "project"
    shutil.copytree(generated, project)
    bundle = new.package / BUNDLE
    environment = copier_environment(bundle, tmp_path / "cache")
    # Git takes a bundle by its path, as docs/releases.md says, not by an address.
    environment["GIT_CONFIG_KEY_0"] = f"url.{bundle}.insteadOf"
    run(*alone(), *COPIER, "update", "--defaults", cwd=project, environment=environment)
    text = (project / README).read_text()
    assert text.startswith("# My lists\n") and text.endswith("\n## Where to begin\n\nRead the plan.\n")
    assert f"_commit: v{NEW}\n" in (project / ANSWERS_FILE).read_text()
    # Specwright takes account of what copier did.
    new.specwright("generate", project=project)
    assert new.specwright("generate", project=project).startswith("Nothing has changed")
    assert (project / README).read_text() == text


def test_a_wheel_carries_the_releases_and_no_other_state(releases: tuple[Installed, Installed]) -> None:
    old, new = releases
    assert (old.package / BUNDLE).is_file() and (new.package / "_bundled/copier.yml").is_file()
    heads = run("git", "bundle", "list-heads", str(new.package / BUNDLE), cwd=new.folder)
    assert [line.split()[1] for line in heads.splitlines()] == [
        f"refs/tags/v{OLD}",
        f"refs/tags/v{NEW}",
        "refs/heads/main",
        "HEAD",
    ]
