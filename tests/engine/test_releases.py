"""Releases: which commits are releases, and one unpacked as it was; what a release answers a later one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator.answering import PROTOCOL, Answered, NotAnswered, read_answered, write_answered
from generator.problems import Location, Problem
from generator.recording import RELEASE, recorded_answers
from generator.releases import Release, ReleaseError, named, number_of
from generator.releases.history import VERSION_FILE, unreleased
from generator.releases.home import BUNDLE, Home
from generator.releases.packing import bundle_of
from tests.engine.conftest import REPOSITORY
from tests.engine.copier_projects import git, tree
from tests.engine.test_command_line import specwright

EXAMPLE = REPOSITORY / "docs/examples/task-tracker"


class Repository:
    """A repository of a Specwright, commit by commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for place in ("generator", "blueprints/small"):
            (folder / place).mkdir(parents=True)
        (folder / "copier.yml").write_text("_templates_suffix: .jinja\n")
        git("init", "--quiet", "--initial-branch=main", cwd=folder)

    def commit(self, version: str = "", **files: str) -> str:
        if version:
            (self.folder / VERSION_FILE).write_text(f'"""Small."""\n\n__version__ = "{version}"\n')
        for name, text in files.items():
            (self.folder / "blueprints/small" / name).write_text(text)
        git("add", "--all", cwd=self.folder)
        git("commit", "--quiet", "--allow-empty", "--message", version or "Work", cwd=self.folder)
        return git("rev-parse", "HEAD", cwd=self.folder).strip()

    @property
    def home(self) -> Home:
        return Home(self.folder / "generator")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_a_release_is_the_commit_that_sets_another_final_version(repository: Repository) -> None:
    repository.commit("0.1.0", start="1")
    repository.commit(start="2")
    repository.commit("0.2.0.dev1")
    second = repository.commit("0.2.0", start="3")
    repository.commit(start="4")
    repository.commit("0.3.0rc1")
    tenth = repository.commit("0.10.0")
    assert repository.home.releases == (Release("v0.2.0", second), Release("v0.10.0", tenth))


def test_a_release_never_becomes_another_commit(repository: Repository) -> None:
    second = repository.commit("0.2.0")
    third = repository.commit("0.3.0")
    repository.commit("0.2.0")
    repository.commit("0.3.0")
    fourth = repository.commit("0.4")
    assert [(each.name, each.commit) for each in repository.home.releases] == [
        ("v0.2.0", second),
        ("v0.3.0", third),
        ("v0.4", fourth),
    ]


def test_a_release_made_on_a_branch_is_one_and_the_merge_is_none(repository: Repository) -> None:
    second = repository.commit("0.2.0")
    git("switch", "--quiet", "--create", "side", cwd=repository.folder)
    third = repository.commit("0.3.0")
    git("switch", "--quiet", "main", cwd=repository.folder)
    repository.commit(start="beside")
    git("merge", "--quiet", "--no-edit", "side", cwd=repository.folder)
    repository.commit(start="after")
    assert [each.commit for each in repository.home.releases] == [second, third]


def test_a_release_is_unpacked_as_it_was(repository: Repository) -> None:
    script = repository.folder / "blueprints/small/start.sh"
    script.write_bytes(b"#!/bin/sh\r\n\xff")
    script.chmod(0o755)
    (repository.folder / ".gitattributes").write_text("* text eol=lf export-subst\n*.yml export-ignore\n")
    repository.commit("0.2.0", note="$Format:%H$\n")
    script.unlink()
    repository.commit("0.3.0", note="later")
    (repository.folder / "blueprints/small/note").write_text("not committed")
    first = repository.home.releases[0]
    with repository.home.unpacked(first) as (folder,):
        assert (folder / "blueprints/small/start.sh").read_bytes().endswith(b"\xff")
        assert (folder / "blueprints/small/start.sh").stat().st_mode & 0o111
        assert (folder / "blueprints/small/note").read_text() == "$Format:%H$\n"
        assert (folder / "copier.yml").is_file() and not (folder / ".gitattributes").exists()
    assert not folder.exists()


def test_nothing_but_plain_files_is_unpacked(repository: Repository) -> None:
    (repository.folder / "blueprints/small/link").symlink_to("/etc/passwd")
    repository.commit("0.2.0")
    (release,) = repository.home.releases
    with pytest.raises(ReleaseError, match="no plain file"), repository.home.unpacked(release):
        pass


def test_a_history_that_is_cut_off_is_said(repository: Repository, tmp_path: Path) -> None:
    repository.commit("0.2.0")
    repository.commit("0.3.0")
    shallow = tmp_path / "shallow"
    git("clone", "--quiet", "--depth=1", repository.folder.as_uri(), str(shallow), cwd=tmp_path)
    with pytest.raises(ReleaseError, match=r"cut off.*git fetch --unshallow"):
        _ = Home(shallow / "generator").releases


def test_without_git_or_history_it_is_said(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.commit("0.2.0")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ReleaseError, match="git cannot be started"):
        _ = repository.home.releases
    shutil.rmtree(repository.folder / ".git")
    assert repository.home.releases == ()


def test_the_repository_that_a_hook_of_git_names_is_not_taken_for_ours(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = repository.commit("0.2.0")
    other = Repository(tmp_path / "other")
    other.commit("0.7.0")
    monkeypatch.setenv("GIT_DIR", str(other.folder / ".git"))
    assert [each.commit for each in repository.home.releases] == [commit]


def test_versions_are_compared_as_numbers() -> None:
    assert number_of("v0.10.0") > number_of("0.9.3")  # type: ignore[operator]
    assert number_of("1.0") == number_of("1.0.0") == (1,)
    assert [number_of(each) for each in ("1.0rc1", "1.0.dev2", "1.0+local", "", "v", "one")] == [None] * 6
    releases = [Release("v0.2.0", "a"), Release("v1.0", "b")]
    assert named(releases, "1.0.0") == releases[1] and named(releases, "0.3") is None


def test_a_release_says_what_it_makes_of_a_plan(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    shutil.copytree(EXAMPLE, folder)
    done = specwright("answers", "--json", cwd=folder)
    assert done.returncode == 0 and done.stdout.isascii(), done.stderr
    data = json.loads(done.stdout)
    assert {*data} >= {"protocol", "release", "ok", "recorded", "problems", "ticks"}
    answered = read_answered(done.stdout)
    assert (data["protocol"], answered.release, data["ok"]) == (1, RELEASE, True)
    assert dict(answered.recorded) == recorded_answers(answered.answers)
    assert [*answered.ticks] == ["tasks.yaml"] and len(answered.ticks["tasks.yaml"]) > 1
    first = answered.ticks["tasks.yaml"][0]
    narrowed = read_answered(specwright("answers", "--json", "--task", first, cwd=folder).stdout)
    assert narrowed.ticks == {"tasks.yaml": (first,)}
    assert not (folder / ".copier-answers.yml").exists() and not (folder / ".specwright").exists()


def test_a_release_says_what_is_wrong_with_a_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text("specwright: 1\nproject: a\nstack: express-react\nentites: {}\n")
    done = specwright("answers", "--json", cwd=tmp_path)
    answered = read_answered(done.stdout)
    assert done.returncode == 1 and not answered.recorded
    (problem,) = [each for each in answered.problems if "entites" in each.message]
    assert problem.location == Location("plan.yaml", 4, 1) and problem.hint == "Did you mean `entities`?"


def test_what_is_answered_is_read_as_it_was_written() -> None:
    problems = (
        Problem(None, "é \u2028 '"),
        Problem(Location("a.yaml", 2, 3), "b", "Do c", "warning"),
    )
    answered = Answered(
        "v9.0.0", {"stack": "small", "model_json": '{\n"a": "\u202e"\n}'}, problems, {"t": ("T1",)}
    )
    assert read_answered(write_answered(answered)) == answered


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"protocol": "x"}', '{"protocol": 1, "ok": true}'])
def test_what_is_no_answer_is_refused(text: str) -> None:
    with pytest.raises(NotAnswered, match="not answer in a way that is understood"):
        read_answered(text)


def test_a_newer_protocol_is_refused() -> None:
    with pytest.raises(NotAnswered, match=f"protocol {PROTOCOL + 1}"):
        read_answered(json.dumps({"protocol": PROTOCOL + 1}))


def bundled(repository: Repository, folder: Path) -> Home:
    """The releases of a repository as an installed package has them."""
    target = folder / "package" / BUNDLE
    target.parent.mkdir(parents=True)
    target.write_bytes(bundle_of(repository.folder, repository.home.releases))
    return Home(folder / "package")


def test_a_bundle_holds_the_releases_and_nothing_else(repository: Repository, tmp_path: Path) -> None:
    (repository.folder / "secret").write_text("not for the wheel")
    repository.commit("0.2.0", start="1", script="x" * 999)
    repository.commit(start="between")
    repository.commit("0.3.0", start="2", script="x" * 998)
    home = bundled(repository, tmp_path)
    assert [each.name for each in home.releases] == ["v0.2.0", "v0.3.0"]
    for own, packed in zip(repository.home.releases, home.releases, strict=True):
        with repository.home.unpacked(own) as (one,), home.unpacked(packed) as (other,):
            assert tree(one) == tree(other) and "secret" not in tree(other)
    bundle = str(tmp_path / "package" / BUNDLE)
    git("clone", "--quiet", bundle, "clone", cwd=tmp_path)
    assert git("log", "--format=%s", cwd=tmp_path / "clone").split("\n")[:2] == [
        "Specwright v0.3.0",
        "Specwright v0.2.0",
    ]
    assert git("describe", "--tags", cwd=tmp_path / "clone") == "v0.3.0\n"


def test_a_bundle_is_the_same_wherever_it_is_made(repository: Repository, tmp_path: Path) -> None:
    for number in range(2, 6):
        repository.commit(f"0.{number}.0", start=f"{number}\n" * 200, more="same\n" * number)
    git("clone", "--quiet", repository.folder.as_uri(), "other", cwd=tmp_path)
    git("gc", "--quiet", cwd=repository.folder)
    git("config", "pack.threads", "4", cwd=repository.folder)
    other = Home(tmp_path / "other" / "generator")
    assert bundle_of(tmp_path / "other", other.releases) == bundle_of(
        repository.folder, repository.home.releases
    )
    # A later release adds to it, and changes nothing of the earlier ones.
    before = bundled(repository, tmp_path / "before").releases
    repository.commit("0.6.0")
    assert bundled(repository, tmp_path / "after").releases[:-1] == before


def test_a_damaged_bundle_is_said(repository: Repository, tmp_path: Path) -> None:
    repository.commit("0.2.0")
    home = bundled(repository, tmp_path)
    (release,) = home.releases
    bundle = tmp_path / "package" / BUNDLE
    bundle.write_bytes(bundle.read_bytes()[:-9])
    with pytest.raises(ReleaseError, match=r"v0.2.0 cannot be unpacked"), home.unpacked(release):
        pass
    bundle.write_bytes(b"PK")
    with pytest.raises(ReleaseError, match="Install Specwright anew"):
        _ = Home(tmp_path / "package").releases


def test_what_is_built_and_is_no_release_is_said(repository: Repository) -> None:
    repository.commit("0.2.0")
    assert unreleased(repository.folder, repository.home.releases) == ""
    (repository.folder / "copier.yml").write_text("")
    assert "not v0.2.0: 1 files" in unreleased(repository.folder, repository.home.releases)
    (repository.folder / VERSION_FILE).write_text('__version__ = "0.3.0"\n')
    assert "v0.3.0 is no release" in unreleased(repository.folder, repository.home.releases)
