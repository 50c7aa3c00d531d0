"""Where releases are at hand: the bundle inside an installed Specwright, or the history of a checkout."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path, PurePosixPath

from generator.git import GitError, GitMissing, read_repository
from generator.problems import did_you_mean
from generator.releases import PARTS, Release, ReleaseError, named
from generator.releases.history import blobs, releases_in
from generator.releases.packing import BEGINNING

BUNDLE = "_bundled/history.bundle"
_FILES = {"100644": 0o644, "100755": 0o755}
_DAMAGED = "Install Specwright anew"


class Home:
    """The releases that can be replayed on this machine, without a network.

    Args:
        package: the folder of the package; by default that of the Specwright that runs.
    """

    def __init__(self, package: Path | None = None) -> None:
        package = package or Path(__file__).resolve().parents[1]
        self._bundle = package / BUNDLE
        self._checkout = package.parent

    @cached_property
    def releases(self) -> tuple[Release, ...]:
        """Every release that is at hand, oldest first.

        Raises:
            ReleaseError: the history is cut off, or cannot be read.
        """
        if self._bundle.is_file():
            return releases_in_bundle(self._bundle)
        if (self._checkout / ".git").exists():
            return releases_in(self._checkout)
        return ()

    def release(self, name: str) -> Release:
        """Return the release of a name, with or without a `v`.

        Raises:
            ReleaseError: there is none, or it is not at hand.
        """
        found = named(self.releases, name)
        if found is not None:
            return found
        if not self.releases:
            hint = "Install a wheel of it, or use a checkout with its history"
            raise ReleaseError(f"{name} is not at hand: this Specwright has no former releases with it", hint)
        known = [release.name for release in self.releases]
        hint = did_you_mean(name, known) or f"There are {known[0]} to {known[-1]}"
        raise ReleaseError(f"There is no release {name}", hint)

    @contextmanager
    def unpacked(self, *releases: Release, only: str = "") -> Iterator[list[Path]]:
        """Unpack releases into folders that are there for as long as they are needed.

        Args:
            releases: of this home.
            only: the name of the files that are wanted; by default all.

        Yields:
            For each a folder with copier.yml, blueprints/ and generator/ as they were.

        Raises:
            ReleaseError: git is missing, or what is kept of a release is damaged.
        """
        from tempfile import TemporaryDirectory  # it brings much along, and few runs need it

        with TemporaryDirectory(prefix="specwright-") as place:
            folders = [Path(place) / release.name for release in releases]
            try:
                repository = self._repository(Path(place))
                for release, folder in zip(releases, folders, strict=True):
                    _unpack(repository, release, folder, only)
            except GitError as error:
                names = " and ".join(release.name for release in releases)
                raise ReleaseError(f"{names} cannot be unpacked: {error}", _hint(error)) from error
            yield folders

    def _repository(self, place: Path) -> Path:
        """A repository that has the objects: the checkout, or one made from the bundle."""
        if not self._bundle.is_file():
            return self._checkout
        repository = place / "history.git"
        repository.mkdir()
        read_repository(repository, "init", "--quiet", "--bare", "--template=")
        read_repository(repository, "bundle", "unbundle", str(self._bundle))
        return repository


def releases_in_bundle(bundle: Path) -> tuple[Release, ...]:
    """Read which releases a bundle holds, from its beginning alone; nothing is started for that.

    Raises:
        ReleaseError: it is no bundle.
    """
    with bundle.open("rb") as lines:
        if lines.readline() != BEGINNING:
            raise ReleaseError(f"{bundle} does not hold former releases", _DAMAGED)
        heads = [line.decode().split() for line in iter(lines.readline, b"\n") if line]
    found = [
        Release(name.removeprefix("refs/tags/"), commit)
        for commit, name in heads
        if name.startswith("refs/tags/")
    ]
    return tuple(sorted(found, key=lambda release: release.number))


def _unpack(repository: Path, release: Release, folder: Path, only: str) -> None:
    # Objects as they are: a checkout or an archive could turn line ends, as somebody's git is set up to.
    listed = read_repository(repository, "ls-tree", "-r", "-z", "--full-tree", release.commit, *PARTS)
    lines = [line for line in listed.decode().split("\0") if line]
    entries = [_entry(line, release) for line in lines if not only or line.endswith(f"/{only}")]
    folder.mkdir()
    given = "".join(f"{name}\n" for name, _, _ in entries).encode()
    contents = blobs(read_repository(repository, "cat-file", "--batch", given=given))
    for (name, mode, path), content in zip(entries, contents, strict=True):
        if content is None:
            raise ReleaseError(f"{release.name} is damaged: {name} is not there", _DAMAGED)
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        target.chmod(mode)


def _entry(line: str, release: Release) -> tuple[str, int, str]:
    head, _, path = line.partition("\t")
    mode, _, name = head.split()
    steps = PurePosixPath(path)
    # Git refuses most of this when it makes a commit; it must not matter who made the bundle.
    if mode not in _FILES or steps.is_absolute() or {"..", ".git"} & {*steps.parts} or "\\" in path:
        raise ReleaseError(f"{release.name} is damaged: {path!r} is no plain file of it", _DAMAGED)
    return name, _FILES[mode], path


def _hint(error: GitError) -> str:
    return "Install git 2.24 or newer" if isinstance(error, GitMissing) else ""
