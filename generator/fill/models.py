"""Models as a source, through pydantic-ai, which is an extra: `pip install 'specwright[llm]'`."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import AsyncIterator, Callable
from importlib import import_module
from threading import Event
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from generator.fill.answers import NoReply, Reply, unfenced
from generator.fill.contract import Contract
from generator.fill.inside import MOST_BYTES
from generator.fill.prompt import ANSWER, Message
from generator.problems import PlanProblems, Problem

_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GOOGLE_API_KEY"}
_PLACES = {"openai": "OPENAI_BASE_URL", "anthropic": "ANTHROPIC_BASE_URL", "ollama": "OLLAMA_BASE_URL"}
_OLLAMA = "http://localhost:11434/v1"
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_LOOK = 0.1
"""Seconds between two looks whether somebody has stopped the run."""
_MOST_TOKENS = 16_000
"""Of an answer of a provider that has to be told: several times what a body may have."""
_MOST_RECEIVED = 4_000_000
"""Bytes of an answer; a server that sends more is not listened to."""


class _Answer(BaseModel):
    """A typed answer."""

    model_config = ConfigDict(strict=True, extra="forbid")
    body: str


class Model:
    """A model of a provider: `openai:name` (any compatible server with a base URL), `anthropic:name`, …

    `answer` is `typed`, by a tool that the model may call, or `text`; "" for what fits: typed where the
    provider is asked itself, text where a server at another place speaks for one.
    """

    lays_out = True

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        rounds: int = 3,
        seconds: float = 180,
        stop: Event | None = None,
        answer: str = "",
    ) -> None:
        self.name, self.rounds = name, rounds
        self._seconds, self._stop = seconds, stop or Event()
        provider = name.partition(":")[0]
        base_url = base_url or os.environ.get(_PLACES.get(provider, ""), "")
        self._make = _maker(name, base_url)
        # Of a server at another place the prices are not known, nor whether it takes tools.
        self._is_known = provider != "ollama" and not base_url
        self._typed = answer == "typed" or (answer == "" and self._is_known)

    def by(self, slot: str) -> str:
        """The model."""
        return self.name

    def ask(self, contract: Contract, messages: tuple[Message, ...]) -> Reply:
        """Ask the model once.

        Raises:
            NoReply: there was no answer, or none that is text.
        """
        from pydantic_ai.exceptions import AgentRunError, ModelAPIError, ModelHTTPError, UserError

        try:
            return asyncio.run(self._stoppable(messages))
        except ModelHTTPError as error:
            code = error.status_code
            reason = f"the provider answered with status {code}"
            if code in (401, 403):
                reason += ": it does not accept the key"
            elif code in (400, 404, 422) and self._typed:
                reason += ": if it takes no tools, use --answer text"
            raise NoReply(reason, again=code in _AGAIN, wait=error.retry_after or 0.0) from None
        except TimeoutError:
            raise NoReply(f"no answer within {self._seconds:g} seconds", again=True) from None
        except (ModelAPIError, OSError):
            raise NoReply("the connection to the provider broke off", again=True) from None
        except UserError:
            raise NoReply("the provider cannot be used as it is configured") from None
        except AgentRunError:
            raise NoReply("the answer was none that can be read", again=True) from None
        except NoReply:
            raise
        except Exception as error:
            # Whatever a provider's library raises: its text may quote what was sent, keys included.
            raise NoReply(
                f"the library of the provider failed ({type(error).__name__})", again=True
            ) from None

    async def _stoppable(self, messages: tuple[Message, ...]) -> Reply:
        task = asyncio.ensure_future(asyncio.wait_for(self._asked(messages), self._seconds))
        while not task.done():
            await asyncio.wait({task}, timeout=_LOOK)
            if self._stop.is_set() and not task.done():
                task.cancel()
                await asyncio.wait({task}, timeout=5)
                raise NoReply("stopped")
        return task.result()

    async def _asked(self, messages: tuple[Message, ...]) -> Reply:
        from pydantic_ai.direct import model_request
        from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
        from pydantic_ai.models import ModelRequestParameters
        from pydantic_ai.settings import ModelSettings
        from pydantic_ai.tools import ToolDefinition

        instructions = "\n".join(message.text for message in messages if message.role == "instructions")
        talk: list[ModelMessage] = [
            ModelRequest(parts=[UserPromptPart(message.text)], instructions=instructions)
            if message.role == "user"
            else ModelResponse(parts=[TextPart(message.text)])
            for message in messages
            if message.role != "instructions"
        ]
        tool = ToolDefinition(
            name=ANSWER["name"],
            description=ANSWER["description"],
            parameters_json_schema=ANSWER["parameters"],
            kind="output",
        )
        asked = ModelRequestParameters(output_mode="tool", output_tools=[tool], allow_text_output=True)
        # Redirects are not followed: a key goes where its owner sent it.
        model, client = self._make(
            {"timeout": self._seconds, "follow_redirects": False, "event_hooks": {"response": [_bounded]}}
        )
        settings: ModelSettings = {"temperature": 0.0}
        if self.name.startswith("anthropic:"):
            settings["max_tokens"] = _MOST_TOKENS
        async with client:
            response = await model_request(
                model,
                talk,
                model_settings=settings,
                model_request_parameters=asked if self._typed else ModelRequestParameters(),
            )
        body, problem = _body_of(response)
        usage, cost = response.usage, _cost(response) if self._is_known else None
        return Reply(body, int(usage.input_tokens), int(usage.output_tokens), cost, problem)


async def _bounded(response: Any) -> None:
    """Let no answer fill the memory."""
    stream, library = response.stream, import_module(type(response).__module__.partition(".")[0])

    class Bounded(library.AsyncByteStream):  # type: ignore[misc, name-defined]
        async def __aiter__(self) -> AsyncIterator[bytes]:
            received = 0
            async for part in stream:
                received += len(part)
                if received > _MOST_RECEIVED:
                    raise library.ReadError("The answer is too long")
                yield part

        async def aclose(self) -> None:
            await stream.aclose()

    response.stream = Bounded()


def _body_of(response: Any) -> tuple[str, str]:
    """The body in an answer, and why there is none, "" if there is one."""
    calls = [part for part in response.parts if part.part_kind == "tool-call"]
    text = "".join(part.content for part in response.parts if part.part_kind == "text")
    problem = ""
    if calls:
        try:
            text = _Answer.model_validate_json(calls[0].args_as_json_str()).body
        except ValidationError as error:
            told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
            text, problem = calls[0].args_as_json_str(), f"the answer does not fit: {told}"
    if response.finish_reason == "length":
        problem = "the answer was cut off, for it became too long"
    elif not text.strip():
        problem = "the answer was empty: answer with the body"
    # More than a body may have is no use; the check says how long it was as far as it was kept.
    return unfenced(text)[: 10 * MOST_BYTES], problem[:2_000]


def _cost(response: Any) -> float | None:
    """What an answer costs by the prices that come with the library; None where it has none."""
    try:
        return float(response.cost().total_price)
    except (LookupError, AssertionError, AttributeError, ValueError, TypeError):
        return None


def _maker(name: str, base_url: str) -> Callable[[dict[str, Any]], Any]:
    """What makes the model for one question, and its client for HTTP: that belongs to one event loop.

    Raises:
        PlanProblems: the extra is missing, the name is none, or there is no key.
    """
    provider, _, model = name.partition(":")
    if not model:
        hint = "Write provider:name, for example openai:gpt-5, anthropic:claude-sonnet-4-5 or ollama:qwen3"
        raise PlanProblems([Problem(None, f"`{name}` names no model", hint)])
    try:
        import pydantic_ai  # noqa: F401
    except ImportError:
        message = "Models need an extra that is not installed"
        raise PlanProblems([Problem(None, message, "Run `pip install 'specwright[llm]'`")]) from None
    if provider == "ollama":
        base_url = base_url or _OLLAMA
    variable = _KEYS.get(provider, "")
    key = os.environ.get(variable, "") if variable else ""
    if variable and not key and not base_url:
        raise PlanProblems([Problem(None, f"{provider} needs a key", f"Put it into {variable}")])
    makers = {"openai": _openai, "ollama": _openai, "anthropic": _anthropic, "google": _google}
    if provider not in makers and not base_url:
        known = ", ".join(makers)
        raise PlanProblems(
            [Problem(None, f"No provider is called {provider}", f"Known are {known}; others with --base-url")]
        )
    make = makers.get(provider, _openai)
    # What a library says of its settings is nothing that whoever fills slots can mend.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"pydantic_ai\b")
    try:
        make(model, base_url, key or "none", {"timeout": 60})
    except ImportError:
        message = f"What {provider} needs is not installed"
        raise PlanProblems([Problem(None, message, "Run `pip install 'specwright[llm]'`")]) from None
    return lambda options: make(model, base_url, key or "none", options)


def _openai(model: str, base_url: str, key: str, options: dict[str, Any]) -> tuple[Any, Any]:
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    client = DefaultAsyncHttpxClient(**options)
    made = AsyncOpenAI(base_url=base_url or None, api_key=key, max_retries=0, http_client=client)
    return OpenAIChatModel(model, provider=OpenAIProvider(openai_client=made)), client


def _anthropic(model: str, base_url: str, key: str, options: dict[str, Any]) -> tuple[Any, Any]:
    from anthropic import AsyncAnthropic, DefaultAsyncHttpxClient
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = DefaultAsyncHttpxClient(**options)
    made = AsyncAnthropic(base_url=base_url or None, api_key=key, max_retries=0, http_client=client)
    return AnthropicModel(model, provider=AnthropicProvider(anthropic_client=made)), client


def _google(model: str, base_url: str, key: str, options: dict[str, Any]) -> tuple[Any, Any]:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    try:
        library = import_module("httpx2")
    except ImportError:
        library = import_module("httpx")
    client = library.AsyncClient(**options)
    provider = GoogleProvider(api_key=key, base_url=base_url or None, http_client=client)
    return GoogleModel(model, provider=provider), client
