"""Socket frames: `{"action": "…", …}` in, `{"type": "…", …}` out.

A module's `actions.py` declares what clients may send (`Action`), its `frames.py` what the server
sends (`Push`); `wiring.ACTIONS` and `wiring.PUSHES` list them. The same declarations make the
contract (`edge.openapi`). A bad frame is answered with `{"type": "problem", …}` and never closes
or crashes the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import msgspec

from chalicelib.edge import answers, budgets, wire
from chalicelib.kit import instants
from chalicelib.kit.actors import Actor, Context, Nobody
from chalicelib.kit.problems import Forbidden, Problem, TooLarge, TooMany, Unauthenticated, invalid
from chalicelib.platform import observability
from chalicelib.platform.observability import Work

P = ParamSpec("P")
Entry = Callable[Concatenate[dict[str, Any], P], dict[str, Any]]

FRAME_LIMIT = 32 * 1024
_CONNECT = 1
"""Units of the budget of where a socket is opened from."""


class Frame(wire.Input):
    """What every client frame has. Subclasses add the action's own fields."""

    action: str


class _AnyFrame(msgspec.Struct):
    action: str


@dataclass(frozen=True, slots=True)
class Action:
    """One kind of frame: its shape, who may send it, what happens. `run` may answer a frame.

    `cost` is paid out of the sender's budget (docs/limits.md).
    """

    name: str
    shape: type[Frame]
    by: tuple[type[Actor], ...]
    run: Callable[[Context[Any], str, Any], wire.Output | None]
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Push:
    """Frames that the server sends under these names, to whom, and the shape of their `data`.

    Each is `{"type": <name>, "id": "evt_…", "at": <instant>, "data": {…}}`, as in the feed.
    """

    names: tuple[str, ...]
    to: tuple[type[Actor], ...]
    shape: type[wire.Output]


class ProblemFrame(wire.Output, tag_field="type", tag="problem"):
    """What was wrong with a frame that the client sent."""

    data: answers.ProblemOut


class SubscribedFrame(wire.Output, tag_field="type", tag="subscribed"):
    """From now on everything of this topic is heard; what came before has to be fetched."""

    topic: str


class PongFrame(wire.Output, tag_field="type", tag="pong"):
    """The answer to `ping`."""


class GapFrame(wire.Output, tag_field="type", tag="gap"):
    """A frame didn't reach this connection: fetch what may have been missed."""


ANSWERS: tuple[type[wire.Output], ...] = (ProblemFrame, SubscribedFrame, PongFrame, GapFrame)
"""What the server sends besides: none of it is an event, and none has its shape."""


@dataclass(frozen=True, slots=True)
class Connections:
    """Who keeps the connections (the `realtime` module)."""

    open: Callable[[str, str, datetime], None]
    find_actor: Callable[[str], Actor | None]
    send: Callable[[str, wire.Output], object]
    disconnect: Callable[[str], object]


OnClose = Callable[[Context[Any], str], None]


def _log(name: str) -> Callable[[Entry[P]], Entry[P]]:
    """An entry whose every event is a piece of work."""

    def wrap(entry: Entry[P]) -> Entry[P]:
        @wraps(entry)
        def entered(event: dict[str, Any], /, *args: P.args, **kwargs: P.kwargs) -> dict[str, Any]:
            with Work("socket", name, _request_id(event["requestContext"])) as work:
                answer = entry(event, *args, **kwargs)
                work.line.status = answer["statusCode"]
                return answer

        return entered

    return wrap


@_log("$connect")
def connect(event: dict[str, Any], connections: Connections) -> dict[str, Any]:
    """`$connect`: trade the one-time ticket for a connection; refusals are HTTP statuses.

    Who comes pays for it, also with what is no ticket.
    """
    context = event["requestContext"]
    ticket = (event.get("queryStringParameters") or {}).get("ticket")
    try:
        budgets.pay_request(Nobody(), _source(context), _CONNECT, stores=False)
        if not ticket:
            raise Unauthenticated("Connect with `?ticket=`")
        connections.open(context["connectionId"], ticket, instants.now())
    except Problem as problem:
        return {"statusCode": answers.problem(problem, _request_id(context)).status}
    except Exception as error:
        return {"statusCode": answers.failure(error, "$connect", _request_id(context)).status}
    return {"statusCode": 200}


@_log("$default")
def receive(
    event: dict[str, Any], connections: Connections, actions: Mapping[str, Action]
) -> dict[str, Any]:
    """`$default`: do what the frame says, and answer on the same connection if there is a word.

    Problems are told once a second at most, some more at first. Whoever keeps on sending what
    there is no budget for is cut off.
    """
    context = event["requestContext"]
    connection_id = context["connectionId"]
    try:
        reply = _answer(event.get("body") or "", connection_id, connections, actions, context)
    except Problem as problem:
        if isinstance(problem, TooMany) and budgets.persists(connection_id):
            connections.disconnect(connection_id)
            return {"statusCode": 200}
        reply = ProblemFrame(data=answers.problem(problem, _request_id(context)))
    except Exception as error:
        reply = ProblemFrame(data=answers.failure(error, "a frame", _request_id(context)))
    is_problem = isinstance(reply, ProblemFrame)
    if reply is not None and (not is_problem or budgets.may_be_told(connection_id)):
        connections.send(connection_id, reply)
    return {"statusCode": 200}


@_log("$disconnect")
def disconnect(
    event: dict[str, Any],
    close: Callable[[str], Actor | None],
    on_close: Sequence[OnClose],
) -> dict[str, Any]:
    """`$disconnect`: forget the connection and tell those who keep count."""
    context = event["requestContext"]
    connection_id = context["connectionId"]
    actor = close(connection_id)
    if actor is not None:
        observability.by(actor)
        for notify in on_close:
            notify(Context(actor, instants.now(), _request_id(context)), connection_id)
    return {"statusCode": 200}


def _answer(
    body: str,
    connection_id: str,
    connections: Connections,
    actions: Mapping[str, Action],
    context: Mapping[str, Any],
) -> wire.Output | None:
    actor = connections.find_actor(connection_id)
    if actor is None:
        raise Unauthenticated("This connection is not known; connect again")
    observability.by(actor)
    raw = body.encode("utf-8", "surrogatepass")
    action = _action_of(raw, actions)
    cost = action.cost if isinstance(action, Action) else 1
    budgets.pay_frame(actor, _source(context), cost + len(raw) // 1024)
    if isinstance(action, Problem):
        raise action
    observability.name(action.name)
    frame = wire.decode(raw, action.shape)
    if not isinstance(actor, action.by):
        raise Forbidden("This action is not for you")
    return action.run(Context(actor, instants.now(), _request_id(context)), connection_id, frame)


def _action_of(raw: bytes, actions: Mapping[str, Action]) -> Action | Problem:
    """Which action a frame names, or why there is none: that costs its sender as well."""
    if len(raw) > FRAME_LIMIT:
        return TooLarge(f"A frame may have at most {FRAME_LIMIT:,} bytes")
    try:
        action = wire.decode(raw, _AnyFrame).action
    except Problem as problem:
        return problem
    unknown_action = invalid("action", "is not one of " + ", ".join(sorted(actions)))
    return actions.get(action, unknown_action)


def _source(context: Mapping[str, Any]) -> str:
    return str(context.get("identity", {}).get("sourceIp", ""))


def _request_id(context: Mapping[str, Any]) -> str:
    return str(context.get("requestId", ""))
