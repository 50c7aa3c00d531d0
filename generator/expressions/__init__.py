"""Expressions of the plan language: one grammar, one type checker, one meaning in SQL and in TypeScript."""
