"""Classes declared by `generator.frozen` are what `dataclasses` makes of the same declaration."""

from __future__ import annotations

import dataclasses
from dataclasses import FrozenInstanceError, field
from typing import Any, ClassVar

import pytest

from generator import frozen

WAYS: list[dict[str, Any]] = [
    {"frozen": True},
    {"frozen": True, "slots": True},
    {"frozen": True, "kw_only": True},
    {"frozen": True, "slots": True, "kw_only": True},
]


def declared(dataclass: Any, **way: Any) -> tuple[type[Any], type[Any]]:
    @dataclass(**way)
    class Place:
        """Where something is."""

        kind: ClassVar[str] = "place"

        name: str
        size: int = 7
        parts: list[str] = field(default_factory=list, compare=False)
        secret: str = field(default="", repr=False)

    @dataclass(**way)
    class Harbour(Place):
        """A place for ships."""

        depth: int = 3
        called: str = field(default="x", kw_only=True)

        def __post_init__(self) -> None:
            object.__setattr__(self, "name", self.name.title())

    return Place, Harbour


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(way))
@pytest.mark.parametrize("index", [0, 1])
def test_objects_are_what_dataclasses_makes(way: dict[str, Any], index: int) -> None:
    seen = []
    for dataclass in (dataclasses.dataclass, frozen.dataclass):
        kind = declared(dataclass, **way)[index]
        one, same, other = (
            kind(name="ship yard"),
            kind(name="ship yard", parts=["a"]),
            kind(name="b", secret="s"),
        )
        bigger = dataclasses.replace(one, size=8)
        seen.append((
            repr(one).rpartition(".")[2], repr(other).rpartition(".")[2], repr(bigger).rpartition(".")[2],
            one == same, one == other, one == bigger, hash(one) == hash(same), one == 7, bigger.size,
            len({one, same, other}), [each.name for each in dataclasses.fields(kind)], kind.kind,
            dataclasses.asdict(same), kind.__match_args__, kind.__doc__, hasattr(one, "__dict__"),
        ))  # fmt: skip
        assert one.parts is not kind(name="c").parts
    assert seen[0] == seen[1]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: " ".join(way))
def test_nothing_can_be_set(way: dict[str, Any]) -> None:
    for kind in declared(frozen.dataclass, **way):
        one = kind(name="a")
        for name in ("name", "other"):
            with pytest.raises(FrozenInstanceError):
                setattr(one, name, "b")
        with pytest.raises(FrozenInstanceError):
            del one.name


def test_wrong_use_is_refused() -> None:
    place, _ = declared(frozen.dataclass, frozen=True)
    with pytest.raises(TypeError, match="name"):
        place()
    with pytest.raises(TypeError, match="colour"):
        place(name="a", colour="b")
    with pytest.raises(TypeError, match="frozen"):
        frozen.dataclass(frozen=False)


def test_a_method_that_is_written_stays() -> None:
    @frozen.dataclass(frozen=True)
    class Loud:
        name: str

        def __repr__(self) -> str:
            return self.name.upper()

    assert repr(Loud("a")) == "A" and Loud("a") == Loud("a") and hash(Loud("a")) == hash(Loud("a"))
