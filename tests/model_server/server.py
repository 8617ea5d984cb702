"""A language model on this machine that answers from a script, as OpenAI, Anthropic and Ollama do, and misbehaves."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

PIECE = 16
TOKENS_IN, TOKENS_OUT = 321, 45
# slow: never answers; stalls: begins and stops; cut: ends in the middle; reset: the line breaks; garbled: not the
# provider's protocol; refuses: says so in the provider's own way. A number is the HTTP status.
Fault = Literal["", "slow", "stalls", "cut", "reset", "garbled", "refuses"] | int


@dataclass(frozen=True)
class Asked:
    """A request as it arrived."""

    path: str
    body: dict[str, Any]

    @property
    def streams(self) -> bool:
        return bool(self.body.get("stream", self.path == "/api/chat"))

    @property
    def words(self) -> str:
        """All that the model is given to read."""
        parts = [self.body.get("system") or "", *(each["content"] for each in self.body["messages"])]
        return "\n".join(part if isinstance(part, str) else "\n".join(b["text"] for b in part) for part in parts)


@dataclass(frozen=True)
class Reply:
    """What to answer: the model's text, and what goes wrong. `headers` go with an error status."""

    text: str = ""
    fault: Fault = ""
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[Asked], Reply]


@dataclass
class ModelServer:
    """The server at work. `asked` are the requests so far, `seconds` the time that it took over each by itself."""

    url: str
    script: Script
    asked: list[Asked] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def base(self, provider: str) -> str:
        """The address to give to a provider's package."""
        return f"{self.url}/v1" if provider == "openai" else self.url

    def answers(self, *replies: Reply) -> None:
        """Answer so, one after the other; the last one stays."""
        left = list(replies)
        self.script = lambda _: left.pop(0) if len(left) > 1 else left[0]
        self.asked.clear()


@contextmanager
def serving(script: Script = lambda _: Reply()) -> Iterator[ModelServer]:
    """A server on a port of its own."""
    http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    http.daemon_threads = True
    server = ModelServer(f"http://127.0.0.1:{http.server_port}", script)
    http.model = server  # type: ignore[attr-defined]
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        http.shutdown()
        thread.join()
        http.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        began = time.perf_counter()
        server: ModelServer = self.server.model  # type: ignore[attr-defined]
        asked = Asked(self.path, json.loads(self.rfile.read(int(self.headers["content-length"]))))
        server.asked.append(asked)
        reply = server.script(asked)
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):
            self._answer(server, asked, reply)
        server.seconds.append(time.perf_counter() - began)

    def _answer(self, server: ModelServer, asked: Asked, reply: Reply) -> None:
        fault = reply.fault
        if isinstance(fault, int):
            error = {"type": "error", "error": {"type": "api_error", "message": "scripted"}}
            self._send(fault, json.dumps(error).encode(), "application/json", reply.headers)
            return
        if fault == "slow":
            server.closing.wait(30)
            return
        if fault == "reset":
            self._reset()
            return
        if fault == "garbled":
            self._send(200, b"data: {not json at all\n\n{\n", "text/event-stream" if asked.streams else "text/plain")
            return
        frames = list(_FRAMES[asked.path](reply, asked))
        kind = "application/x-ndjson" if asked.path == "/api/chat" else "text/event-stream"
        if not asked.streams:
            self._send(200, frames[-1], "application/json")
            return
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("connection", "close")
        self.end_headers()
        for number, frame in enumerate(frames):
            if fault in ("cut", "stalls") and number == len(frames) // 2:
                if fault == "stalls":
                    server.closing.wait(30)
                else:
                    self._reset()
                return
            self.wfile.write(frame)
            self.wfile.flush()

    def _send(self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        usual = {"content-type": kind, "content-length": str(len(content)), "connection": "close"}
        for name, value in {**usual, **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def _reset(self) -> None:
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _pieces(text: str) -> list[str]:
    return [text[at : at + PIECE] for at in range(0, len(text), PIECE)]


def _sse(value: dict[str, Any], event: str = "") -> bytes:
    named = f"event: {event}\n" if event else ""
    return f"{named}data: {json.dumps(value)}\n\n".encode()


def _openai(reply: Reply, asked: Asked) -> Iterator[bytes]:
    refuses = reply.fault == "refuses"
    head = {"id": "c1", "created": 1, "model": asked.body["model"]}
    usage = {"prompt_tokens": TOKENS_IN, "completion_tokens": TOKENS_OUT, "total_tokens": TOKENS_IN + TOKENS_OUT}
    if not asked.streams:
        said = {"role": "assistant", "content": None if refuses else reply.text, "refusal": "No." if refuses else None}
        choice = {"index": 0, "message": said, "finish_reason": "stop"}
        yield json.dumps({**head, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
        return
    head["object"] = "chat.completion.chunk"
    deltas: list[dict[str, Any]] = [{"role": "assistant"}]
    deltas += [{"refusal": "No."}] if refuses else [{"content": piece} for piece in _pieces(reply.text)]
    for delta in deltas:
        yield _sse({**head, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _sse({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    if (asked.body.get("stream_options") or {}).get("include_usage"):
        yield _sse({**head, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _anthropic(reply: Reply, asked: Asked) -> Iterator[bytes]:
    refuses = reply.fault == "refuses"
    text = "" if refuses else reply.text
    reason = "refusal" if refuses else "end_turn"
    message: dict[str, Any] = {
        "id": "m1", "type": "message", "role": "assistant", "model": asked.body["model"], "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": {"input_tokens": TOKENS_IN, "output_tokens": 1},
    }  # fmt: skip
    if not asked.streams:
        usage = {"input_tokens": TOKENS_IN, "output_tokens": TOKENS_OUT}
        content = [{"type": "text", "text": text}]
        yield json.dumps({**message, "content": content, "stop_reason": reason, "usage": usage}).encode()
        return
    yield _sse({"type": "message_start", "message": message}, "message_start")
    block = {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}
    yield _sse(block, "content_block_start")
    for piece in _pieces(text):
        delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}}
        yield _sse(delta, "content_block_delta")
    yield _sse({"type": "content_block_stop", "index": 0}, "content_block_stop")
    ended = {"stop_reason": reason, "stop_sequence": None}
    counted = {"input_tokens": TOKENS_IN, "output_tokens": TOKENS_OUT}
    yield _sse({"type": "message_delta", "delta": ended, "usage": counted}, "message_delta")
    yield _sse({"type": "message_stop"}, "message_stop")


def _ollama(reply: Reply, asked: Asked) -> Iterator[bytes]:
    head = {"model": asked.body["model"], "created_at": "2026-11-22T00:00:00Z"}
    text = "" if reply.fault == "refuses" else reply.text
    counts = {"prompt_eval_count": TOKENS_IN, "eval_count": TOKENS_OUT, "total_duration": 1, "done_reason": "stop"}
    pieces = _pieces(text) if asked.streams else []
    for piece in pieces:
        yield (json.dumps({**head, "message": {"role": "assistant", "content": piece}, "done": False}) + "\n").encode()
    last = {"role": "assistant", "content": "" if asked.streams else text}
    yield (json.dumps({**head, "message": last, "done": True, **counts}) + "\n").encode()


_FRAMES: dict[str, Callable[[Reply, Asked], Iterator[bytes]]] = {
    "/v1/chat/completions": _openai,
    "/v1/messages": _anthropic,
    "/api/chat": _ollama,
}
