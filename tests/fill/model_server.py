"""A server on this machine that speaks as OpenAI's does, and answers as a test says: well, badly, or not."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789-never-shown"
Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: ModelServer

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        asked = json.loads(self.rfile.read(size))
        with self.server.lock:
            number = len(self.server.asked)
            self.server.asked.append(asked)
            given = (self.headers.get(name) for name in ("Authorization", "x-api-key", "x-goog-api-key"))
            self.server.keys.update(filter(None, given))
        with suppress(OSError):
            self.server.answer(number)(self)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def send(self, status: int, text: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(text)


class ModelServer(ThreadingHTTPServer):
    """The server: `asked` are the requests it got, `answers` what it does with each, the last again."""

    daemon_threads = True

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked, self.keys = answers, [], set()
        self.lock = threading.Lock()

    def answer(self, number: int) -> Answer:
        return self.answers[min(number, len(self.answers) - 1)]

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def said(self, number: int) -> list[tuple[str, str]]:
        """The messages of a request."""
        return [(each["role"], each["content"]) for each in self.asked[number]["messages"]]


@contextmanager
def served(*answers: Answer) -> Iterator[ModelServer]:
    """Serve answers, one after the other."""
    server = ModelServer([*answers])
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def completion(text: str | None, **more: Any) -> bytes:
    """What a model answers, as JSON."""
    data = {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "test",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
    }
    return json.dumps({**data, **more}).encode()


def body(text: str) -> Answer:
    """A good answer with a body."""
    return lambda handler: handler.send(200, completion(text))


def spoken(text: str | None = None, *, given: Any = None, ends: str = "") -> Answer:
    """An answer in the words of whichever provider is asked.

    Args:
        text: of the answer.
        given: what the tool is called with, for a typed answer.
        ends: why the answer ends: "" as it should, `length`, or `refusal`.
    """

    def answer(handler: Handler) -> None:
        kind = next((each for each in _SPEAKING if each in handler.path), "")
        handler.send(200, json.dumps(_SPEAKING.get(kind, _openai)(text, given, ends)).encode())

    return answer


def _openai(text: str | None, given: Any, ends: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if ends == "refusal":
        message["refusal"] = "No."
    if given is not None:
        call = {"name": "answer", "arguments": json.dumps(given)}
        message["tool_calls"] = [{"id": "1", "type": "function", "function": call}]
    choice = {"index": 0, "finish_reason": "length" if ends == "length" else "stop", "message": message}
    return {**json.loads(completion(text)), "choices": [choice]}


def _anthropic(text: str | None, given: Any, ends: str) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [] if text is None else [{"type": "text", "text": text}]
    if given is not None:
        parts.append({"type": "tool_use", "id": "1", "name": "answer", "input": given})
    reason = {"length": "max_tokens", "refusal": "refusal"}.get(ends, "end_turn")
    said = {"id": "1", "type": "message", "role": "assistant", "model": "test", "content": parts}
    return {**said, "stop_reason": reason, "usage": {"input_tokens": 100, "output_tokens": 20}}


def _google(text: str | None, given: Any, ends: str) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [] if text is None else [{"text": text}]
    if given is not None:
        parts.append({"functionCall": {"name": "answer", "args": given}})
    reason = {"length": "MAX_TOKENS", "refusal": "SAFETY"}.get(ends, "STOP")
    counted = {"promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 120}
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": reason}
    return {"candidates": [candidate], "usageMetadata": counted, "modelVersion": "test", "responseId": "1"}


_SPEAKING = {"/messages": _anthropic, ":generateContent": _google}


def after(seconds: float, answer: Answer) -> Answer:
    """An answer that takes its time."""
    return lambda handler: (time.sleep(seconds), answer(handler))[-1]


def status(code: int, text: str = "", **headers: str) -> Answer:
    """A refusal; servers quote keys in them."""
    said = json.dumps({"error": {"message": text or f"Incorrect API key provided: {KEY}"}})
    return lambda handler: handler.send(code, said.encode(), **headers)


def raw(text: bytes, kind: str = "application/json") -> Answer:
    """Any text."""
    return lambda handler: handler.send(200, text, kind)


def drop(handler: Handler) -> None:
    """The connection breaks off before anything is said."""
    handler.close_connection = True
    handler.connection.close()


def cut_off(handler: Handler) -> None:
    """The connection breaks off in the middle."""
    text = completion("return 1;")
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text[: len(text) // 2])
    handler.close_connection = True


def silence(handler: Handler) -> None:
    """Nothing comes for a long time."""
    time.sleep(5)


def drip(handler: Handler) -> None:
    """A byte now and then."""
    text = completion("x" * 10_000)
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    for each in text:
        handler.wfile.write(bytes([each]))
        handler.wfile.flush()
        time.sleep(0.05)
