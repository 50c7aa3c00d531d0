"""What a plan means: a frozen model in which every name is settled and every expression is checked."""

from generator.model.elements.model import Model
from generator.model.resolve import resolve, resolve_with_problems
from generator.model.selection import Selection, select, subjects_of

__all__ = ["Model", "Selection", "resolve", "resolve_with_problems", "select", "subjects_of"]
