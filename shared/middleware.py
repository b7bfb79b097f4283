"""What happens to every request and answer. Pure ASGI: anything else costs a third of the speed."""

import logging
import time
from collections.abc import Iterator
from re import Pattern
from typing import NamedTuple

from fastapi import FastAPI, Request
from fastapi.routing import iter_route_contexts
from prometheus_client import Histogram
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import problems, trace
from shared.problems import Failure, Problem, TooLarge

BODY_BYTES = 256 * 1024  # unless the route itself names a `max_body_size`

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}

log = logging.getLogger(__name__)

_duration = Histogram(
    "http_request_seconds",
    "Time to answer",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


class Observed:
    """Gives each request a trace, a line in the log, a metric, safe headers and an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        status, started = 0, time.perf_counter()

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(message)
            await send(message)

        with trace.following(request.headers.get("traceparent")):
            try:
                await self._app(scope, receive, send_on)
            except Exception:
                log.exception("unhandled")
                if status == 0:
                    await _answer(Failure(), request, send_on)
            finally:
                _note(request, status, time.perf_counter() - started)


def _add_headers(message: Message) -> None:
    present = {name.lower() for name, _ in message["headers"]}
    wanted = _HEADERS | {"X-Request-ID": trace.trace_id()}
    message["headers"] += [
        (name.lower().encode(), value.encode())
        for name, value in wanted.items()
        if name.lower().encode() not in present
    ]


async def _answer(problem: Problem, request: Request, send: Send) -> None:
    response = problems.render(problem, request.headers.get("accept-language", ""))
    await response(request.scope, request.receive, send)


def _note(request: Request, status: int, seconds: float) -> None:
    # The route's pattern, never the path or query: those may name a citizen.
    route = getattr(request.scope.get("route"), "path", "unknown")
    _duration.labels(request.method, route, status).observe(seconds)
    line = {"method": request.method, "route": route, "status": status, "ms": round(seconds * 1e3)}
    log.info("answered", extra=line)


class RouteLimit(NamedTuple):
    """How large a body one route takes."""

    method: str
    path: Pattern[str]
    size: int


def route_limits(app: FastAPI) -> Iterator[RouteLimit]:
    """Yield the routes that name a `max_body_size` of their own."""
    for context in iter_route_contexts(app.routes):
        size = getattr(context, "max_body_size", None)
        if size is not None and context.path is not None:
            for method in context.methods or ():
                yield RouteLimit(method, compile_path(context.path)[0], size)


class BodyLimit:
    """Stops reading a body that is too large, whatever its Content-Length claims."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, left = Request(scope), _limit(scope)
        if _announced(request) > left:
            await _answer(TooLarge(), request, send)
            return

        async def receive_some() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise TooLarge
            return message

        async def send_unless_cut(message: Message) -> None:
            if left >= 0:
                await send(message)

        try:
            await self._app(scope, receive_some, send_unless_cut)
        finally:
            if left < 0:  # whatever the app made of half a body, this is the answer
                await _answer(TooLarge(), request, send)


def _limit(scope: Scope) -> int:
    for each in scope["app"].state.body_limits:
        if each.method == scope["method"] and each.path.match(scope["path"]):
            return int(each.size)
    return BODY_BYTES


def _announced(request: Request) -> int:
    length = request.headers.get("content-length", "")
    return int(length) if length.isascii() and length.isdecimal() else 0
