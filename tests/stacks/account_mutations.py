"""Protections of accounts, each taken out of a generated service: a generated test has to miss it."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNTS, ACCESS, ACCEPTANCE = "integration/accounts", "integration/access", "acceptance.test.ts"


@dataclass(frozen=True)
class Protection:
    """One protection: the file it is in, the text that it is, what stands there without it, and its tests."""

    name: str
    path: str
    text: str
    without: str
    tests: tuple[str, ...] = (ACCOUNTS,)


AUTH, TOKEN = "services/auth.service.ts", "services/token.service.ts"
COOKIE = "middleware/session-cookie.ts"

PROTECTIONS = (
    Protection("one algorithm", "access-token.ts", "algorithms: [ALGORITHM],", "", (ACCESS,)),
    Protection("one audience", "access-token.ts", "audience: config.JWT_AUDIENCE,", "", (ACCESS,)),
    Protection("one issuer", "access-token.ts", "issuer: config.JWT_ISSUER,", "", (ACCESS,)),
    Protection("claims that a token must have", "access-token.ts", "'iat', 'exp'", "'iat'", (ACCESS,)),
    Protection("the clock of the project", "access-token.ts", "currentDate: now,", ""),
    Protection(
        "hashes of tokens",
        "opaque-token.ts",
        "return createHash('sha256').update(token).digest('base64url');",
        "return token;",
    ),
    Protection("ends of tokens", "opaque-token.ts", "live: expires > context.now.getTime()", "live: true"),
    Protection(
        "work for nobody",
        "password-hash.ts",
        "await compare(plain, known ?? hashOfNobody(config.HASH_COST))",
        "known != null && (await compare(plain, known))",
    ),
    Protection(
        "72 bytes",
        "password-hash.ts",
        "ensure(Buffer.byteLength(plain) <= MOST_BYTES, 'VALIDATION_FAILED');",
        "ensure(true, 'VALIDATION_FAILED');",
        ("unit/passwords",),
    ),
    Protection("ends of replayed sessions", TOKEN, "await endSession(context, { tokenId: old.id });", ""),
    Protection(
        "single use of refresh tokens",
        TOKEN,
        "old = await update(context, refreshTokens, old, { revoked_at: context.now });",
        "",
    ),
    Protection(
        "single use of verification",
        AUTH,
        "email_verified: true, email_verification_token: null",
        "email_verified: true",
    ),
    Protection(
        "single use of reset",
        AUTH,
        "password_reset_token: null,\n      password_reset_expires: null,\n",
        "",
    ),
    Protection("the lock", AUTH, "account.account_locked_until === null ||", "true ||", (ACCEPTANCE,)),
    Protection("no mail to strangers", AUTH, "if (account !== null) {", "if (context !== null) {"),
    Protection(
        "own pages alone", COOKIE, "ensure(isOwn(config, request), 'FORBIDDEN');", "isOwn(config, request);"
    ),
    Protection("no scripts", COOKIE, "httpOnly: true,", "httpOnly: false,"),
    Protection("the header of own pages", COOKIE, "!== 'cookie'", "=== 'never'"),
    Protection("limits", "middleware/rate-limit.middleware.ts", "calls > limit.count", "calls < 0"),
    Protection(
        "one of two that set a password",
        AUTH,
        "sql`users.password_reset_token is not distinct from ${shown.hash}::text`,\n      { lock: 'update', ",
        "sql`users.password_reset_token is not distinct from ${shown.hash}::text`,\n      { ",
    ),
    Protection(
        "signing out with an old token", AUTH, "if (ended !== null) {", "if (ended?.revoked_at === null) {"
    ),
    Protection(
        "cookies of other sites", COOKIE, "others.length === 0 ? (first?.[1] ?? '') : ''", "first?.[1] ?? ''"
    ),
    Protection("answers that nobody keeps", COOKIE, "response.set('Cache-Control', 'no-store');", ""),
    Protection("one address of a mail", "mail.ts", "{ name: '', address }", "address", ("unit/mail",)),
    Protection("answers that take as long", "app.ts", "app.use(ASKS_FOR_MAIL, heldBack());", ""),
    Protection("mails after the answer", "mail.ts", "await setImmediate();", "", ("unit/mail",)),
    Protection(
        "networks of IPv6",
        "middleware/rate-limit.middleware.ts",
        "return ipKeyGenerator(String(address));",
        "return String(address);",
    ),
    Protection("forged addresses", "app.ts", "runtime.config.TRUSTED_PROXIES", "true"),
    Protection(
        "mails after the commit",
        "context.ts",
        "void waiting.push(innerWork)",
        "void innerWork()",
        ("unit/mail",),
    ),
    Protection(
        "own rows alone",
        "models/user.model.ts",
        "sql`${row}.id = ${context.actor?.id ?? null}::uuid`",
        "sql`${row}.id is not null`",
        (ACCEPTANCE,),
    ),
    Protection(
        "short answers", "validator.ts", "message: 'is not known'", "message: issue.message", ("unit/http",)
    ),
)

MANAGER, PAGES = "tests/token-manager", "tests/accounts"
TOKENS, GUARD = "services/tokenManager.ts", "components/AuthGuard.tsx"

WEB_PROTECTIONS = (
    Protection("one renewal for all", TOKENS, "this.#renewal ??=", "this.#renewal =", (MANAGER,)),
    Protection(
        "one renewal for all pages",
        TOKENS,
        "if (navigator.locks === undefined) {",
        "if (navigator !== undefined) {",
        (MANAGER,),
    ),
    Protection(
        "tokens in memory alone",
        TOKENS,
        "this.#accessToken = accessToken;",
        "this.#accessToken = accessToken;\n    localStorage.setItem('token', accessToken);",
        (MANAGER, "-t", "in memory"),
    ),
    Protection(
        "signing out on all pages",
        TOKENS,
        "this.#others?.postMessage({ ended: true } satisfies Told);",
        "",
        (MANAGER, "-t", "ends on all"),
    ),
    Protection(
        "nobody comes back who left",
        TOKENS,
        "if (this.#state.status === 'signedOut') {\n        return false;",
        "if (this.#state.status === 'unreachable') {\n        return false;",
        (MANAGER, "-t", "brings nobody"),
    ),
    Protection(
        "renewing what has expired alone",
        "session.ts",
        "code === 'UNAUTHENTICATED' &&",
        "code !== undefined &&",
        (MANAGER, "-t", "not renewed"),
    ),
    Protection(
        "the guard",
        GUARD,
        "if (session.status === 'signedOut') {\n    // Who left",
        "if (session.status === 'unreachable') {\n    // Who left",
        (PAGES, "-t", "from /devices to sign in"),
    ),
    Protection(
        "no trace of where somebody was",
        GUARD,
        "session.reason === 'left'",
        "false",
        (PAGES, "-t", "signs out everywhere"),
    ),
    Protection(
        "forgetting what was fetched",
        "queries.ts",
        "session.onEnd(() => client.clear());",
        "",
        (PAGES, "-t", "nothing behind"),
    ),
    Protection(
        "addresses without tokens",
        "account/address-token.ts",
        "void navigate(pathname, { replace: true });",
        "",
        (PAGES, "-t", "without a trace"),
    ),
    Protection(
        "ways back that stay here",
        "account/return-path.ts",
        "origin === HERE &&",
        "",
        (PAGES, "-t", "the start for"),
    ),
)
"""Protections of the pages, below `web/src`."""
