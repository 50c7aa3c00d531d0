"""The bundle that a wheel carries: a small repository with one commit and one tag for each release.

A commit of it holds what a later Specwright needs of the release, and nothing else of the repository. Plain
copier reads the same bundle (docs/releases.md). The same history gives the same bytes with the same git.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from generator.git import GitError, read_repository
from generator.releases import PARTS, Release, ReleaseError

BEGINNING = b"# v2 git bundle\n"
# Nothing of how objects are packed where they come from, or of somebody's settings, is in the result.
_PACK = (
    "-c", "pack.compression=9", "-c", "pack.packSizeLimit=0", "-c", "core.bigFileThreshold=512m",
    "pack-objects", "--quiet", "--stdout", "--revs", "--no-reuse-delta", "--no-reuse-object",
    "--threads=1", "--window=50", "--depth=50", "--delta-base-offset",
)  # fmt: skip


def bundle_of(repository: Path, releases: Sequence[Release]) -> bytes:
    """Write releases into a bundle.

    Args:
        repository: a checkout that they are in.
        releases: oldest first; at least one.

    Raises:
        ReleaseError: git is missing or failed.
    """
    from tempfile import TemporaryDirectory  # it brings much along, and few runs need it

    with TemporaryDirectory(prefix="specwright-") as place:
        try:
            return _bundle(repository, Path(place), releases)
        except GitError as error:
            raise ReleaseError(f"Releases cannot be put together: {error}") from error


def _bundle(source: Path, place: Path, releases: Sequence[Release]) -> bytes:
    read_repository(place, "init", "--quiet", "--bare", "--template=")
    objects = read_repository(source, "rev-parse", "--git-path", "objects").decode().rstrip("\n")
    borrowed = place / "objects" / "info" / "alternates"
    borrowed.parent.mkdir(parents=True, exist_ok=True)
    borrowed.write_text(f"{(source / objects).resolve()}\n", encoding="utf-8")
    commits: list[str] = []
    for release in releases:
        commits.append(_commit(place, release, commits[-1:]))
    pack = read_repository(place, *_PACK, given="".join(f"{each}\n" for each in commits).encode())
    heads = [
        *(f"{commit} refs/tags/{release.name}" for commit, release in zip(commits, releases, strict=True)),
        f"{commits[-1]} refs/heads/main",
        f"{commits[-1]} HEAD",
    ]
    return BEGINNING + "".join(f"{head}\n" for head in heads).encode() + b"\n" + pack


def _commit(place: Path, release: Release, parents: Sequence[str]) -> str:
    """Make the commit of a release: its parts, by whom and when they were released, after the one before."""
    listed = read_repository(place, "ls-tree", "-z", release.commit, *PARTS)
    tree = read_repository(place, "mktree", "-z", given=listed).decode().strip()
    original = read_repository(place, "cat-file", "commit", release.commit).split(b"\n\n", 1)[0].split(b"\n")
    who = [line for line in original if line.startswith((b"author ", b"committer "))]
    head = [f"tree {tree}".encode(), *(f"parent {parent}".encode() for parent in parents), *who]
    text = b"\n".join(head) + f"\n\nSpecwright {release.name}\n".encode()
    return read_repository(place, "hash-object", "-t", "commit", "-w", "--stdin", given=text).decode().strip()
