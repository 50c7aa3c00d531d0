"""Files that were there before: what is missing is added, what stands there stays."""

from __future__ import annotations

import json

import pytest

from generator.merging.shared_files import NotMergeable, can_share, share


@pytest.mark.parametrize(
    ("path", "existing", "generated", "merged"),
    [
        (".gitignore", b"mine\n", b"node_modules/\nmine\n", b"mine\nnode_modules/\n"),
        (".gitignore", b"mine", b"a\n", b"mine\na\n"),
        (".gitignore", b"", b"# why\na\n\n", b"# why\na\n"),
        (".dockerignore", b"a\r\nb\r\n", b"b\nc\n", b"a\r\nb\r\nc\r\n"),
        (
            ".env.example",
            b"PORT=8080\n# DATABASE_URL=\n",
            b"# Where\nPORT=3000\n\n# Which\n# second line\nDATABASE_URL=\n# Secret\nTOKEN=\n",
            b"PORT=8080\n# DATABASE_URL=\n# Secret\nTOKEN=\n",
        ),
        (
            "package.json",
            b'{\n    "name": "mine",\n    "scripts": {"test": "mine"}\n}',
            b'{"name": "todo", "private": true, "scripts": {"test": "v", "dev": "x"}, "workspaces": ["a"]}',
            b'{\n    "name": "mine",\n    "scripts": {\n        "test": "mine",\n        "dev": "x"\n    },\n'
            b'    "private": true,\n    "workspaces": [\n        "a"\n    ]\n}',
        ),
    ],
)
def test_what_is_missing_is_added(path: str, existing: bytes, generated: bytes, merged: bytes) -> None:
    assert share(path, existing, generated) == merged
    assert share(path, merged, generated) == merged


def test_a_list_gets_the_entries_it_lacks_and_equal_content_keeps_its_layout() -> None:
    existing = b'{"workspaces": ["mine"],   "x": 1}'
    after = json.loads(share("package.json", existing, b'{"workspaces": ["server", "mine"]}'))
    assert after == {"workspaces": ["mine", "server"], "x": 1}
    assert share("package.json", existing, b'{"x": 2}') == existing


@pytest.mark.parametrize("existing", [b"{", b"[]", b"\xff"])
def test_what_cannot_be_read_is_not_touched(existing: bytes) -> None:
    with pytest.raises(NotMergeable):
        share("package.json", existing, b"{}")


@pytest.mark.parametrize(
    ("path", "shared"),
    [
        ("server/.gitignore", True),
        ("README.md", False),
        ("package-lock.json", False),
        ("tsconfig.json", False),
    ],
)
def test_only_files_of_known_kinds_are_shared(path: str, shared: bool) -> None:
    assert can_share(path) is shared
