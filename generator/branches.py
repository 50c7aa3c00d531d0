"""A run whose result becomes a commit on a new branch: neither the folder nor the index is touched.

The last commit is written out into a folder of its own, the plan as it stands on disk is put into it, and
the run takes place there. What it leaves becomes a tree, a commit and a branch by the plumbing of git, with
an index of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.folder.destination import Destination
from generator.frozen import dataclass
from generator.git import GitError, GitMissing, read_repository
from generator.problems import PlanProblems, Problem

# Bits of a sparse checkout would keep files out of the copy.
_WHOLE = ("-c", "core.sparseCheckout=false", "-c", "core.quotePath=false")


@dataclass(frozen=True)
class Branch:
    """A branch that was made: its name, its commit, and files whose uncommitted changes are not in it."""

    name: str
    commit: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Checkout:
    """The last commit of a repository, written out: `folder` is the project in it."""

    repository: Path
    state: str
    prefix: str
    head: str
    place: Path
    plan: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """The project in the copy."""
        return self.place / "tree" / self.prefix

    def git(self, *arguments: str, given: bytes = b"") -> str:
        """Run git with the copy as its work tree and an index of its own."""
        tree = self.place / "tree"
        variables = {
            "GIT_DIR": self.state,
            "GIT_WORK_TREE": str(tree),
            "GIT_INDEX_FILE": str(self.place / "index"),
        }
        said = read_repository(tree, *_WHOLE, *arguments, given=given, variables=variables)
        return said.decode(errors="surrogateescape")


@contextmanager
def checked_out(folder: Path, name: str, plan: Mapping[str, bytes]) -> Iterator[Checkout]:
    """Write the last commit out, with the plan as it stands on disk.

    Args:
        folder: the project, in a repository.
        name: of the branch to come.
        plan: the plans and tasks of the project, by path.

    Raises:
        PlanProblems: there is no repository or no commit, or the branch is there already.
    """
    found = _place(folder)
    _refuse_name(found[0], name)
    with TemporaryDirectory(prefix="specwright-") as place:
        checkout = Checkout(*found, Path(place), tuple(plan))
        checkout.folder.mkdir(parents=True)
        with _named():
            _write_out(checkout)
        _put(checkout.folder, plan)
        yield checkout


def committed(checkout: Checkout, name: str, message: str) -> Branch | None:
    """Make a branch of what stands in a copy; None where it is what the last commit has.

    Args:
        checkout: of `checked_out`.
        name: of the branch.
        message: of the commit.

    Raises:
        PlanProblems: git does not make it, with what it said.
    """
    with _named():
        checkout.git("add", "--all", "--", f":(literal){checkout.prefix}" if checkout.prefix else ".")
        tree = checkout.git("write-tree").strip()
        if tree == checkout.git("rev-parse", f"{checkout.head}^{{tree}}").strip():
            return None
        commit = checkout.git("commit-tree", tree, "-p", checkout.head, "-m", message).strip()
        checkout.git("update-ref", f"refs/heads/{name}", commit, "0" * len(commit))
        return Branch(name, commit, tuple(_left_out(checkout)))


def _place(folder: Path) -> tuple[Path, str, str, str]:
    """The repository of a folder, where git keeps its state, the place in it, and the last commit."""
    asked = ("--show-toplevel", "--absolute-git-dir", "--show-prefix")
    try:
        said = read_repository(folder, "rev-parse", *asked).decode()
    except GitError as error:
        if isinstance(error, GitMissing):
            raise _problem(f"A branch needs git: {error}", "Install git") from None
        hint = "Begin with `git init`, add and commit what is there; or generate without --branch"
        raise _problem("A branch needs a repository of git, and this folder is in none", hint) from None
    top, state, prefix = said.split("\n")[:3]
    try:
        head = read_repository(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}").decode().strip()
    except GitError:
        hint = "Commit what is there first; or generate without --branch"
        raise _problem("A branch begins at the last commit, and there is none yet", hint) from None
    return Path(top), state, prefix, head


def _refuse_name(repository: Path, name: str) -> None:
    try:
        read_repository(repository, "check-ref-format", "--branch", name)
    except GitError:
        raise _problem(f"{name!r} is no name for a branch", "Use letters, digits, - and /") from None
    try:
        read_repository(repository, "show-ref", "--verify", "--quiet", f"refs/heads/{name}")
    except GitError:
        return
    hint = f"Take another name, or remove it with `git branch -D {name}`"
    raise _problem(f"There is a branch {name} already", hint)


def _write_out(checkout: Checkout) -> None:
    # A repository of its own, with nothing in it: it knows which of the files that are not here git ignores.
    read_repository(checkout.place / "tree", "init", "--quiet")
    exclude = Path("info") / "exclude"
    with suppress(OSError):
        (checkout.place / "tree" / ".git" / exclude).write_bytes(
            (Path(checkout.state) / exclude).read_bytes()
        )
    checkout.git("read-tree", checkout.head)
    names, modules = [], []
    for line in checkout.git("ls-files", "-s", "-z", "--full-name", ":/").split("\0"):
        head, _, path = line.partition("\t")
        within = path.startswith(checkout.prefix)
        if within and head.startswith("160000"):
            modules.append(path)
        elif path and (within or _speaks_for(path, checkout.prefix)):
            names.append(path)
    given = "".join(f"{name}\0" for name in names).encode(errors="surrogateescape")
    checkout.git("checkout-index", "--force", "-u", "-z", "--stdin", given=given)
    for module in modules:
        # An empty folder: a repository within that is not there, and not one that was removed.
        (checkout.place / "tree" / module).mkdir(parents=True, exist_ok=True)


def _speaks_for(path: str, prefix: str) -> bool:
    """Whether a file above the project says what git ignores, or how it reads files, below it."""
    folder, _, name = path.rpartition("/")
    return name in {".gitignore", ".gitattributes"} and prefix.startswith(f"{folder}/" if folder else "")


def _put(folder: Path, plan: Mapping[str, bytes]) -> None:
    for name, content in plan.items():
        path = folder / name
        found = Destination(folder).find(name)
        if found.content == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.write_bytes(content)


def _left_out(checkout: Checkout) -> Iterable[str]:
    """Files of the project with changes that are in no commit; the plan is in the branch as it stands."""
    arguments = (
        "--no-optional-locks",
        "status",
        "--porcelain",
        "-z",
        "--no-renames",
        "--",
        checkout.prefix or ".",
    )
    said = read_repository(checkout.repository, *arguments).decode(errors="replace")
    changed = [line[3:].removeprefix(checkout.prefix) for line in said.split("\0") if line]
    return [path for path in changed if path not in checkout.plan]


@contextmanager
def _named() -> Iterator[None]:
    try:
        yield
    except GitError as error:
        raise _problem(f"git did not make the branch: {error}") from None


def _problem(message: str, hint: str = "") -> PlanProblems:
    return PlanProblems([Problem(None, message, hint)])
