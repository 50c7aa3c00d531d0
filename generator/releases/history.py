"""Which commits of a repository are releases: those that set the version to another final number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from generator.git import GitError, read_repository
from generator.releases import FIRST, PARTS, Release, ReleaseError, named, number_of

VERSION_FILE = "generator/__init__.py"
_VERSION = re.compile(rb"""^__version__ *= *["']([^"'\n]+)["']""", re.MULTILINE)
_WHOLE = "Fetch it with `git fetch --unshallow`"


def releases_in(repository: Path) -> tuple[Release, ...]:
    """Find the releases that a checkout comes from.

    Args:
        repository: the checkout; what is not committed does not count.

    Returns:
        The releases that can be replayed, oldest first. Numbers only grow: where one comes a second time, or
        a smaller one, the earlier commit is the release.

    Raises:
        ReleaseError: git is missing, or the history is cut off (shallow).
    """
    try:
        if read_repository(repository, "rev-parse", "--is-shallow-repository").strip() == b"true":
            raise ReleaseError(
                "Former releases are not here: the history of this checkout is cut off", _WHOLE
            )
        arguments = ["--full-history", "--topo-order", "--reverse", "--format=%H %P"]
        listed = read_repository(repository, "log", *arguments, "HEAD", "--", VERSION_FILE)
        commits = [line.split() for line in listed.decode().splitlines()]
        versions = _versions(repository, {name for commit in commits for name in commit})
    except GitError as error:
        raise ReleaseError(f"Former releases cannot be read: {error}") from error
    return tuple(_grown(commits, versions))


def unreleased(repository: Path, releases: Sequence[Release]) -> str:
    """Say how a checkout differs from the release whose number it has; "" where it does not."""
    match = _VERSION.search((repository / VERSION_FILE).read_bytes())
    name = f"v{match[1].decode()}" if match else "an unknown version"
    release = named(releases, name)
    if release is None:
        return f"{name} is no release: no commit of this repository sets it, or an earlier one had it"
    try:
        changed = read_repository(repository, "diff", "--name-only", release.commit, "--", *PARTS).split()
    except GitError as error:
        return f"Nobody can tell whether this is {name}: {error}"
    return f"This is not {name}: {len(changed)} files have changed since" if changed else ""


def _grown(commits: Sequence[Sequence[str]], versions: Mapping[str, str]) -> Iterator[Release]:
    newest: tuple[int, ...] = ()
    for commit, *parents in commits:
        version = versions.get(commit, "")
        number = number_of(version)
        if number is None or version in {versions.get(parent) for parent in parents} or number <= newest:
            continue
        newest = number
        if number >= FIRST:
            yield Release(f"v{version}", commit)


def _versions(repository: Path, commits: set[str]) -> dict[str, str]:
    """The version that each commit has, by commit; those without one are left out."""
    asked = sorted(commits)
    given = "".join(f"{commit}:{VERSION_FILE}\n" for commit in asked).encode()
    contents = blobs(read_repository(repository, "cat-file", "--batch", given=given))
    found = {}
    for commit, content in zip(asked, contents, strict=True):
        if content is not None and (match := _VERSION.search(content)):
            found[commit] = match[1].decode(errors="replace")
    return found


def blobs(batch: bytes) -> Iterator[bytes | None]:
    """Read what `git cat-file --batch` prints: the content of each object, None for one that is not there."""
    at = 0
    while at < len(batch):
        end = batch.index(b"\n", at)
        words = batch[at:end].split()
        at = end + 1
        if words[-1] == b"missing":
            yield None
            continue
        size = int(words[-1])
        yield batch[at : at + size]
        at += size + 1
