"""Models as a source, through pydantic-ai, which is an extra: `pip install 'specwright[llm]'`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from threading import Event
from typing import Any

from generator.fill.answers import NoReply, Reply, unfenced
from generator.fill.contract import Contract
from generator.fill.prompt import Message
from generator.problems import PlanProblems, Problem

_KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY", "google": "GOOGLE_API_KEY"}
_OLLAMA = "http://localhost:11434/v1"
_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_LOOK = 0.1
"""Seconds between two looks whether somebody has stopped the run."""


class Model:
    """A model of a provider: `openai:name` (any compatible server with a base URL), `anthropic:name`, …"""

    lays_out = True

    def __init__(
        self,
        name: str,
        *,
        base_url: str = "",
        rounds: int = 3,
        seconds: float = 180,
        stop: Event | None = None,
    ) -> None:
        self.name, self.rounds = name, rounds
        self._seconds, self._stop = seconds, stop or Event()
        self._make = _maker(name, base_url)

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
            raise NoReply(reason, again=code in _AGAIN) from None
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
        from pydantic_ai import Agent, ModelRetry, TextOutput
        from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart

        def body_of(text: str) -> str:
            if not text.strip():
                raise ModelRetry("The answer was empty: answer with the body.")
            return unfenced(text)

        instructions = "\n".join(message.text for message in messages if message.role == "instructions")
        talk = [message for message in messages if message.role != "instructions"]
        history: list[ModelMessage] = [
            ModelRequest(parts=[UserPromptPart(message.text)], instructions=instructions)
            if message.role == "user"
            else ModelResponse(parts=[TextPart(message.text)])
            for message in talk[:-1]
        ]
        model, close = self._make()
        try:
            agent = Agent(model, output_type=TextOutput(body_of), instructions=instructions, retries=1)
            result = await agent.run(
                talk[-1].text, message_history=history, model_settings={"temperature": 0.0}
            )
        finally:
            await close()
        usage: Any = result.usage
        return Reply(result.output, int(usage.input_tokens), int(usage.output_tokens), _cost(result))


def _cost(result: Any) -> float | None:
    """What the answers cost, as far as the prices of the model are known."""
    total = 0.0
    for message in result.new_messages():
        if message.kind == "response":
            try:
                total += float(message.cost().total_price)
            except (LookupError, AssertionError, AttributeError, ValueError, TypeError):
                return None
    return total


def _maker(name: str, base_url: str) -> Callable[[], tuple[Any, Callable[[], Any]]]:
    """What makes the model for one question: clients belong to one event loop.

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
        base_url = base_url or os.environ.get("OLLAMA_BASE_URL", "") or _OLLAMA
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
    try:
        make(model, base_url, key)
    except ImportError:
        message = f"What {provider} needs is not installed"
        raise PlanProblems([Problem(None, message, "Run `pip install 'specwright[llm]'`")]) from None
    return lambda: make(model, base_url, key)


def _openai(model: str, base_url: str, key: str) -> tuple[Any, Callable[[], Any]]:
    from openai import AsyncOpenAI
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    client = AsyncOpenAI(base_url=base_url or None, api_key=key or "none", max_retries=0)
    return OpenAIChatModel(model, provider=OpenAIProvider(openai_client=client)), client.close


def _anthropic(model: str, base_url: str, key: str) -> tuple[Any, Callable[[], Any]]:
    from anthropic import AsyncAnthropic
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    client = AsyncAnthropic(base_url=base_url or None, api_key=key, max_retries=0)
    return AnthropicModel(model, provider=AnthropicProvider(anthropic_client=client)), client.close


def _google(model: str, base_url: str, key: str) -> tuple[Any, Callable[[], Any]]:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    provider = GoogleProvider(api_key=key, base_url=base_url or None)

    async def nothing() -> None:
        return None

    return GoogleModel(model, provider=provider), nothing
