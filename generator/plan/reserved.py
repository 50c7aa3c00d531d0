"""Words that a language keeps for itself, in the form in which a name is emitted there."""

from __future__ import annotations

_TYPESCRIPT = """
    arguments as async await break case catch class const constructor continue debugger default delete
    do else enum eval export extends false finally for function if implements import in infinity
    instanceof interface let new null of package private protected prototype public return static super
    switch this throw true try type typeof undefined var void while with yield
    escape globalThis hasOwnProperty isFinite isNaN isPrototypeOf parseFloat parseInt propertyIsEnumerable
    then toLocaleString toString unescape valueOf
"""

# Property names may be reserved words; these have a meaning on every object.
_TYPESCRIPT_ATTRIBUTES = (
    "constructor prototype hasOwnProperty toString toLocaleString valueOf isPrototypeOf then"
)

_TYPESCRIPT_TYPES = """
    Array ArrayBuffer AsyncIterable Awaited BigInt Boolean Buffer Capitalize Console DataView Date Error
    EvalError Exclude Extract Function Generator Infinity Intl InstanceType Iterable Iterator JSON Map
    Math NaN NonNullable Number Object Omit Parameters Partial Pick Promise Proxy RangeError Readonly
    Record ReferenceError Reflect RegExp Required ReturnType Set String Symbol SyntaxError TypeError
    Uppercase WeakMap WeakSet
"""

_PYTHON = """
    False None True and as assert async await break class continue def del elif else except finally for
    from global if import in is lambda nonlocal not or pass raise return try while with yield
"""

_PYTHON_TYPES = """
    False None True ArithmeticError BaseException Exception KeyError TypeError ValueError Any Base Enum
    Decimal UUID
"""

# PostgreSQL 15 to 18, appendix C: reserved, and reserved but for functions and types.
_POSTGRESQL = """
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check
    collate collation column concurrently constraint create cross current_catalog current_date
    current_role current_schema current_time current_timestamp current_user default deferrable desc
    distinct do else end except false fetch for foreign freeze from full grant group having ilike in
    initially inner intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps placing primary
    references returning right select session_user similar some symmetric system_user table tablesample
    then to trailing true union unique user using variadic verbose when where window with
"""

RESERVED: dict[str, frozenset[str]] = {
    "typescript": frozenset(_TYPESCRIPT.split()),
    "typescript attributes": frozenset(_TYPESCRIPT_ATTRIBUTES.split()),
    "typescript types": frozenset(_TYPESCRIPT_TYPES.split()),
    "python": frozenset(_PYTHON.split()),
    "python types": frozenset(_PYTHON_TYPES.split()),
    "postgresql": frozenset(_POSTGRESQL.split()),
}
"""By language: `typescript` and `python` hold names of values, `… types` names of types."""

_SETTINGS = """
    DATABASE_POOL_SIZE DATABASE_URL DATA_FOLDER GATEWAY_SECRET HOST LOG_LEVEL MIGRATE_ON_START NODE_ENV PORT
    RATE_LIMIT_PER_MINUTE SHUTDOWN_TIMEOUT TRUSTED_PROXIES
    LD_PRELOAD NODE_OPTIONS NODE_PATH PATH PYTHONHOME PYTHONPATH PYTHONSTARTUP
"""
SETTINGS = frozenset(_SETTINGS.split())
"""Variables of the environment that every service has, or that decide what the process runs."""

TABLES = frozenset(("alembic_version", "idempotency_keys", "migrations", "outbox", "rate_limits"))
"""Tables that a service has beside those of the plan."""
