"""Who calls, as express-react needs it: the entities of identity, policies as functions, limits of routes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from generator.expressions.typed import Root, Typed, parts
from generator.languages.typescript.code import CodeWriter, Imports, imports_of, lines_of
from generator.languages.typescript.literals import number_literal
from generator.languages.typescript.places import contract_file, model_constant
from generator.layout import Doc
from generator.model.elements.access import Policy, RateLimit
from generator.model.elements.entities import Entity
from generator.model.elements.model import Model
from generator.model.elements.operations import Operation
from generator.plan.names import names_of
from generator.typescript_layout.nodes import Atom, Call, text_literal
from generator.typescript_layout.statements import statement

FUNCTION_COLUMN = 2
"""Where the statement of a policy's function stands."""


def identity_facts(model: Model) -> dict[str, Any] | None:
    """The entities of those who call, or None where everything is public."""
    identity = model.identity
    if identity is None:
        return None
    return {
        "actor": _entity_facts(model, identity.actor),
        "scope": _entity_facts(model, identity.scope) if identity.scope else None,
        "member": _entity_facts(model, identity.member) if identity.member else None,
        "member_actor": identity.member_actor,
        "member_scope": identity.member_scope,
        **(
            {"auth": {"enumeration": identity.auth.enumeration, "hash": identity.auth.hash}}
            if identity.auth
            else {}
        ),
    }


def limit_code(limit: RateLimit | None) -> str | None:
    """The limit of a route, as it is written in a controller."""
    if limit is None:
        return None
    by = ", ".join(text_literal(name) for name in limit.by)
    return f"{{ count: {limit.count}, per: {number_literal(limit.milliseconds)}, by: [{by}] }}"


def policy_statement(writer: CodeWriter, policy: Policy) -> Doc:
    """The statement that fails unless a policy allows."""
    writer.take("../failure.js", "ensure")
    return statement(Call("ensure", (writer.code(policy.allow), Atom(text_literal(policy.error)))))


@dataclass
class PolicyFunctions:
    """The functions that the operations of a resource call to ask its policies, each once."""

    model: Model
    entity: Entity
    found: dict[str, dict[str, Any]] = field(default_factory=dict)
    imports: Imports = field(default_factory=dict)

    def name_for(self, operation: Operation, input_type: str) -> str | None:
        """The function that an operation calls, or None where it has no policy.

        Args:
            operation: an operation of the resource.
            input_type: the type of its input.

        Returns:
            The name; the function is noted.
        """
        policy = operation.policy
        if policy is None:
            return None
        writer = CodeWriter(self.model)
        lines = lines_of([policy_statement(writer, policy)], FUNCTION_COLUMN)
        self.imports.update(writer.imports)
        with_input = reads_input(policy.allow)
        name = f"require{names_of(policy.name).pascal}"
        if with_input or (name in self.found and self.found[name]["lines"] != lines):
            name = f"{name}To{names_of(operation.name).pascal}"
        parameters = ["context: Context"]
        if policy.of_row:
            parameters.append(f"row: RowOf<{self.entity.name}Table>")
            self.imports[("../model.js", "type RowOf")] = None
            home = f"../models/{contract_file(self.entity.name)}.model.js"
            self.imports[(home, f"type {self.entity.name}Table")] = None
        if with_input:
            parameters.append(f"input: {input_type}")
        self.found.setdefault(
            name, {"name": name, "policy": policy.name, "parameters": parameters, "lines": lines}
        )
        return name

    def facts(self) -> dict[str, Any]:
        """The functions and what they import."""
        own = model_constant(self.entity)
        return {
            "functions": list(self.found.values()),
            "imports": [pair for pair in imports_of(self.imports) if pair[1] != own],
        }


def _entity_facts(model: Model, name: str) -> dict[str, str]:
    entity = model.entity(name)
    return {
        "name": entity.name,
        "file": contract_file(entity.name),
        "const": model_constant(entity),
        "table": entity.table,
        "table_type": f"{entity.name}Table",
    }


def reads_input(typed: Typed) -> bool:
    """Whether an expression reads the input of its operation."""
    if isinstance(typed, Root) and typed.name == "input":
        return True
    return any(reads_input(part) for part in parts(typed))
