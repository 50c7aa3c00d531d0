"""Every provider over real HTTP, in its own words: answers, typed and as text, and what breaks."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from generator.fill.answers import NoReply, Reply
from generator.fill.contract import Contract
from generator.fill.filling import Choices, fill
from generator.fill.ledger import Ledger
from generator.fill.models import Model
from generator.fill.prompt import ANSWER, answered, opening
from tests.fill.model_server import (
    KEY,
    Answer,
    Handler,
    ModelServer,
    cut_off,
    drip,
    drop,
    raw,
    served,
    silence,
    spoken,
    status,
)
from tests.fill.projects import GOOD, SLOT, WRONG, copied, looked_at

MODELS = ("openai:test", "anthropic:test", "google:test", "ollama:test")
KNOWN = MODELS[:3]


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI", "ANTHROPIC", "GOOGLE"):
        monkeypatch.setenv(f"{name}_API_KEY", KEY)


def place_of(server: ModelServer, name: str) -> str:
    """The base URL that a provider is told."""
    return server.url if name.startswith(("openai", "ollama")) else server.root


def model(server: ModelServer, name: str, seconds: float = 20, **more: Any) -> Model:
    return Model(name, base_url=place_of(server, name), seconds=seconds, **more)


def texts(asked: Any) -> list[str]:
    """The texts in a request, in whichever words."""
    system = asked.get("system") or asked.get("systemInstruction") or []
    found = [system] if system else []
    found += asked.get("messages") or asked["contents"]
    told = []
    for each in found:
        parts = each if isinstance(each, list) else each.get("content") or each.get("parts")
        told.append(parts if isinstance(parts, str) else "".join(part["text"] for part in parts))
    return told


@pytest.mark.parametrize("answer", ["text", "typed"])
@pytest.mark.parametrize("name", MODELS)
def test_an_answer_is_read_and_counted_and_nothing_else_is_sent(
    name: str, answer: str, contract: Contract
) -> None:
    good = spoken(GOOD) if answer == "text" else spoken(given={"body": GOOD})
    messages = (*opening(contract), *answered("return 1;", "line 1: it is wrong"))
    with served(good) as server:
        found = model(server, name, answer=answer).ask(contract, messages)
        assert found == Reply(GOOD, 100, 20)
        assert texts(server.asked[0]) == [message.text for message in messages]
        assert any(KEY in key for key in server.keys) == (name != "ollama:test")
        tools = json.dumps(server.asked[0].get("tools", []))
        assert (ANSWER["description"] in tools) == (answer == "typed")
        assert KEY not in json.dumps(server.asked)


@pytest.mark.parametrize("name", KNOWN)
def test_who_may_answer_typed_may_answer_with_text(name: str, contract: Contract) -> None:
    with served(spoken(f"```ts\n{GOOD}```")) as server:
        found = model(server, name, answer="typed").ask(contract, opening(contract))
    assert (found.body, found.problem) == (GOOD, "")


@pytest.mark.parametrize("name", KNOWN)
def test_what_does_not_fit_is_said_to_the_model(
    name: str, tracker: Path, tmp_path: Path, quick: list[str]
) -> None:
    folder = copied(tracker, tmp_path / "project")
    wrong = (spoken(given={"text": GOOD}), spoken(given={"body": 7}), spoken(given={"body": " "}))
    with served(*wrong, spoken(given={"body": WRONG}), spoken(given={"body": GOOD})) as server:
        source = model(server, name, answer="typed", rounds=5)
        found = fill(lambda: looked_at(folder), [SLOT], source, Choices(wait=0.01))[0]
        assert (found.outcome, found.tries, found.sent, found.received) == ("accepted", 5, 500, 100)
        said = texts(server.asked[4])
        assert "body: Field required" in said[3] and "body: Input should be a valid string" in said[5]
        assert "the answer was empty" in said[7] and "AC-11" in said[9]


BROKEN: dict[str, Answer] = {
    "429": status(429, Retry_After="7"),
    "500": status(500),
    "401 that quotes the key": status(401),
    "a redirect": status(307, Location="http://127.0.0.1:9/"),
    "silence": silence,
    "slow drip": drip,
    "dropped": drop,
    "cut off": cut_off,
    "truncated JSON": raw(b'{"id": "1", "content": [{"te'),
    "no JSON": raw(b"<html>502 Bad Gateway</html>", "text/html"),
    "nothing": raw(b""),
    "null": raw(b"null"),
    "no text": spoken(None),
    "blank text": spoken("  "),
    "refused": spoken("", ends="refusal"),
    "too long": spoken(GOOD, ends="length"),
    "without end": raw(b" " * 5_000_000 + b"{}"),
}


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("name", KNOWN)
def test_nothing_broken_hangs_or_shows_a_key(name: str, broken: str, contract: Contract) -> None:
    began = time.monotonic()
    with served(BROKEN[broken]) as server:
        try:
            found = model(server, name, seconds=0.8, answer="typed").ask(contract, opening(contract))
            assert found.problem and found.sent in (0, 100)
            said = repr(found)
        except NoReply as error:
            said = f"{error} {error!r} {error.__cause__!r}"
            assert error.wait == (7 if broken == "429" else 0)
        # Retries are ours, so that they are counted.
        assert len(server.asked) == 1
    assert KEY not in said and time.monotonic() - began < 6


def test_a_reply_that_does_not_fit_is_noted_as_such(tmp_path: Path) -> None:
    Ledger(tmp_path, SLOT, "hash", "openai:test").add(Reply(GOOD, 1, 2, 0.5, "the answer was empty"))
    assert Ledger(tmp_path, SLOT, "hash", "openai:test").at(0) == Reply(
        GOOD, 1, 2, 0.5, "the answer was empty"
    )


def test_what_it_costs_is_known_of_providers_and_not_of_other_servers(
    contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    def priced(handler: Handler) -> None:
        text = json.dumps({"model": "gpt-4o", "object": "chat.completion", "id": "1", "created": 1})
        usage = {"prompt_tokens": 1_000_000, "completion_tokens": 0, "total_tokens": 1_000_000}
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "x"}}
        handler.send(200, json.dumps({**json.loads(text), "usage": usage, "choices": [choice]}).encode())

    with served(priced) as server:
        asked = model(server, "openai:gpt-4o")
        assert asked.ask(contract, opening(contract)).cost is None
        monkeypatch.setattr(asked, "_is_known", True)
        cost = asked.ask(contract, opening(contract)).cost
    assert cost is not None and 0.5 < cost < 50


@pytest.mark.parametrize(
    ("name", "variable"),
    [
        ("openai:test", "OPENAI_BASE_URL"),
        ("anthropic:test", "ANTHROPIC_BASE_URL"),
        ("ollama:test", "OLLAMA_BASE_URL"),
    ],
)
def test_where_a_provider_is_may_be_said_by_its_own_variable(
    name: str, variable: str, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(spoken(GOOD)) as server:
        monkeypatch.setenv(variable, place_of(server, name))
        assert Model(name, seconds=20).ask(contract, opening(contract)).body == GOOD
        assert "tools" not in server.asked[0]
