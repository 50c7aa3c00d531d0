"""Git as a program: the only module that starts it. No repository is needed to merge three files."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

MOST_CONFLICTS = 127
"""`git merge-file` exits with the number of conflicts, up to this many; above it, it failed."""
LABELS = ("yours", "as it was generated", "as it is generated now")
MARKER = f"<<<<<<< {LABELS[0]}".encode()
"""The line with which a conflict begins."""

_OF_A_REPOSITORY = {
    f"GIT_{name}"
    for name in (
        "ALTERNATE_OBJECT_DIRECTORIES", "COMMON_DIR", "DIR", "INDEX_FILE", "NAMESPACE", "OBJECT_DIRECTORY",
        "WORK_TREE",
    )
}  # fmt: skip


class GitError(Exception):
    """Git is not there, or did not do what it was asked."""


class GitMissing(GitError):
    """Git is needed and is not there, or is too old for what it is needed for."""


_DOES_NOT_KNOW = 129
"""What git exits with when it does not know an option."""


def merge_file(base: bytes, ours: bytes, theirs: bytes, wide: int = 0) -> tuple[bytes, int]:
    """Merge three versions of a text line by line.

    Args:
        base: what both sides come from.
        ours: what a person made of it.
        theirs: what is generated now.
        wide: show base as well, between markers of so many signs.

    Returns:
        The text, with standard markers where both sides changed the same lines, and how many such places.

    Raises:
        GitError: git is missing, or takes one of them for a binary file.
    """
    # Most runs merge nothing, and it brings much along.
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="specwright-") as folder:
        files = [Path(folder) / name for name in ("ours", "base", "theirs")]
        for file, content in zip(files, (ours, base, theirs), strict=True):
            file.write_bytes(content)
        labels = [word for label in LABELS for word in ("-L", label)]
        # What a person has set shows base as well or makes conflicts bigger: tools read the plain form.
        plain = ["-c", "merge.conflictStyle=merge"]
        style = ["--diff3", f"--marker-size={wide}"] if wide else []
        code, printed, said = _run([*plain, "merge-file", "-p", "-q", *style, *labels, *map(str, files)])
    if not 0 <= code <= MOST_CONFLICTS:
        raise GitError(said.decode(errors="replace").strip() or f"git merge-file ended with {code}")
    return printed, code


def stored(folder: Path, versions: Sequence[bytes]) -> tuple[str, ...]:
    """Keep versions of a file in the repository of a folder.

    Returns:
        Their names there; none where there is no repository.
    """
    try:
        return tuple(_stored(folder, version) for version in versions)
    except GitError:
        return ()


def mark_unmerged(folder: Path, path: str, versions: Sequence[str], former: str = "") -> bool:
    """Put the three versions of a file into the index, so that tools for conflicts find them.

    Args:
        folder: the project; it may be a folder of a repository, or none.
        path: relative to the project; left alone unless git tracks it.
        versions: base, ours and theirs, by the names that `stored` gave them.
        former: where the file stood before, if it moved: then git knows it by that path.

    Returns:
        Whether the index has them now.

    Raises:
        GitError: another process holds the index, or git does not know a version.
    """
    listed = read_repository(folder, "ls-files", "-s", "--full-name", "--", former or path)
    found = listed.decode().partition("\n")[0].partition("\t")
    if not found[2]:
        return False
    mode, name = found[0].split()[0], found[2]
    if former:
        name = f"{name.removesuffix(former)}{path}"
    lines = [f"0 {'0' * len(versions[0])}\t{name}\n"]
    lines += [f"{mode} {each} {stage}\t{name}\n" for stage, each in enumerate(versions, start=1)]
    read_repository(folder, "update-index", "--index-info", given="".join(lines).encode())
    return True


def staged(folder: Path, paths: Sequence[str]) -> dict[str, str]:
    """Return what the index has of some files, by path, in the form that it takes them in again.

    Args:
        folder: the project.
        paths: relative to it; those that git does not track, or that are in conflict, are left out.
    """
    found: dict[str, str] = {}
    with suppress(GitError):
        for path in paths:
            code, listed, _ = _run(["-C", str(folder), "ls-files", "-s", "--full-name", "--", path])
            lines = listed.decode(errors="surrogateescape").splitlines()
            if code == 0 and len(lines) == 1:
                found[path] = lines[0]
    return found


def mark_merged(folder: Path, paths: Sequence[str], before: Mapping[str, str]) -> None:
    """Take files of a project out of conflict in the index.

    Args:
        folder: the project.
        paths: of the files.
        before: of `staged`; a file that is not in it is again what the last commit has.
    """
    with suppress(GitError):
        for path in paths:
            line = before.get(path)
            if line is None:
                _run(["-C", str(folder), "reset", "-q", "--", path])
                continue
            entry, _, name = line.partition("\t")
            gone = f"0 {'0' * len(entry.split()[1])}\t{name}\n"
            given = f"{gone}{line}\n".encode(errors="surrogateescape")
            _run(["-C", str(folder), "update-index", "--index-info"], given)


def read_repository(
    folder: Path, *arguments: str, given: bytes = b"", variables: Mapping[str, str] | None = None
) -> bytes:
    """Run a command of git in a repository, whichever the environment names (a hook of git names one).

    Args:
        folder: the repository.
        arguments: the command.
        given: what it reads.
        variables: more of the environment, such as an index of its own.

    Returns:
        What it printed.

    Raises:
        GitError: git is missing, or the command failed; with what it said.
    """
    command = ["-C", str(folder), "--no-replace-objects", *arguments]
    code, printed, said = _run(command, given, apart=True, variables=variables)
    if code != 0:
        lines = said.decode(errors="replace").strip().splitlines()
        raise GitError(lines[-1] if lines else f"git {arguments[0]} ended with {code}")
    return printed


def files_of(folder: Path) -> tuple[str, ...] | None:
    """Return the files below a folder that git tracks or would, None where there is no repository."""
    with suppress(GitError):
        code, listed, _ = _run(["-C", str(folder), "ls-files", "-z", "-co", "--exclude-standard", "."])
        if code == 0:
            return tuple(dict.fromkeys(name for name in listed.decode(errors="replace").split("\0") if name))
    return None


def ignored(folder: Path, paths: Sequence[str]) -> frozenset[str]:
    """Return those of some paths that git ignores; none where there is no repository."""
    with suppress(GitError):
        given = "".join(f"{path}\0" for path in paths).encode()
        code, listed, _ = _run(["-C", str(folder), "check-ignore", "-z", "--stdin"], given)
        if code == 0:
            return frozenset(listed.decode(errors="replace").split("\0")) & frozenset(paths)
    return frozenset()


def _stored(folder: Path, content: bytes) -> str:
    code, printed, said = _run(["-C", str(folder), "hash-object", "-w", "--stdin"], content)
    if code != 0:
        raise GitError(said.decode(errors="replace").strip())
    return printed.decode().strip()


def _run(
    arguments: Sequence[str],
    given: bytes = b"",
    *,
    apart: bool = False,
    variables: Mapping[str, str] | None = None,
) -> tuple[int, bytes, bytes]:
    """Run git; `apart` from any repository that the environment names (a hook of git sets such)."""
    # A run with nothing to merge starts sooner without it.
    import subprocess

    environment = None
    if apart:
        environment = {name: value for name, value in os.environ.items() if name not in _OF_A_REPOSITORY}
        environment |= variables or {}
    try:
        # A repository may name a program to ask what has changed: nothing of it is started for this.
        command = ["git", "-c", "core.fsmonitor=false", *arguments]
        done = subprocess.run(command, input=given, capture_output=True, check=False, env=environment)
    except OSError as error:
        raise GitMissing(f"git cannot be started: {error.strerror}") from error
    if done.returncode == _DOES_NOT_KNOW:
        # Most of what comes before the command stands in pairs.
        asked = next(
            word
            for before, word in itertools.pairwise(["", *arguments])
            if word[0] != "-" and before not in ("-C", "-c")
        )
        raise GitMissing(f"git is too old: it does not know what `git {asked}` is asked here")
    return done.returncode, done.stdout, done.stderr
