"""Nodes to models: one walk, driven by the forms of the models. Every problem is noted at its place."""

from __future__ import annotations

from typing import Any, TypeVar, cast

from generator.plan.acceptance import Action, Advance, GivenAction, GivenFixture, GivenRow
from generator.plan.forms import Keyed, ListOf, Name, Part
from generator.plan.leaves import BROKEN
from generator.plan.lines import LineProblem
from generator.plan.members import MEMBERS, Shape
from generator.plan.nodes import Mapping, Node, Scalar
from generator.plan.parts import PartReader, Spread
from generator.plan.routes import Http, read_route
from generator.problems import ProblemList

ModelType = TypeVar("ModelType", bound=Part)


def read_model(model: type[ModelType], root: Mapping, file: str, problems: ProblemList) -> ModelType | None:
    """The model of a file without what is broken in it, or None; `problems` says what is."""
    found = Reader(file, problems).read(Keyed(model), root, root)
    return None if found is BROKEN else cast(ModelType, found)


class Reader(PartReader):
    """Reads a whole file: parts, and the forms with a reader of their own."""

    def _shape(self, node: Node, key: Node) -> Any:
        if isinstance(node, Mapping):
            fields = self.read(MEMBERS, node, key)
            return BROKEN if fields is BROKEN else Shape(fields=fields)
        kind = self._type(node, key)
        return BROKEN if kind is BROKEN else Shape(type=kind)

    def _given(self, node: Node, key: Node) -> Any:
        if isinstance(node, Scalar):
            name = self.read(Name("fixture"), node, node)
            return BROKEN if name is BROKEN else GivenFixture(name=name)
        model: type[Part] = GivenRow
        if isinstance(node, Mapping):
            if "advance" in node.keys:
                model = Advance
            elif "http" in node.keys or "call" in node.keys:
                model = GivenAction
        return self.read(Keyed(model), node, node)

    def _when(self, node: Node, key: Node) -> Any:
        if isinstance(node, Mapping) and "together" in node.keys:
            for other in node.keys.values():
                if other.text != "together":
                    self.error(other, "`together` stands alone", "Its actions have keys of their own")
            actions = self.read(ListOf(Keyed(Action)), node.values["together"], node.keys["together"])
            return BROKEN if actions is BROKEN else Spread(when=actions, together=True)
        action = self.read(Keyed(Action), node, key)
        return BROKEN if action is BROKEN else (action,)

    def _route(self, node: Node, key: Node) -> Any:
        if not isinstance(node, Scalar) or node.empty:
            return self.wrong_kind(node, "a route", f"Such as `{Http.text_example}`")
        try:
            return Spread(read_route(node.text))
        except LineProblem as problem:
            self.error(node, problem.message, problem.hint, problem.offset)
            return BROKEN
