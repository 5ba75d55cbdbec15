"""From the outbox's stream to those who react (`wiring.SUBSCRIBERS`).

Each reaction is tried on its own: one that keeps failing is parked and tried again by the
clock, and neither silences the others nor holds up the stream. Reactions must bear seeing an
event twice.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from itertools import compress, islice, zip_longest
from time import monotonic
from typing import Any

import msgspec

from chalicelib.kit import batches, instants
from chalicelib.kit.actors import Author
from chalicelib.kit.events import Event, Recorded
from chalicelib.platform import observability
from chalicelib.platform.observability import Metric, Work
from chalicelib.platform.tables import outbox, parking
from chalicelib.platform.tables.outbox import OutboxRow
from chalicelib.platform.tables.parking import Parked

log = logging.getLogger("foyer.consume")

Reaction = Callable[[Recorded], None]
Subscribers = Mapping[type[Event], Sequence[Reaction]]
Reactions = Mapping[tuple[str, str], tuple[type[Event], Reaction]]
"""By the names of event and reaction, as parked rows have them."""

Lane = list[tuple[int, OutboxRow]]
"""The events of one entity, with their places in the batch."""

_first: set[Reaction] = set()
_LANES_AT_ONCE = 8
_ENTITIES = ("contact_id", "conversation_id", "user_id")
"""Whose an event is: the first of these that it has. All conversations of one customer keep their
order, for the list of visitors shows the last that was begun."""
_AT_ONCE = 16
_PAGE = 100
"""Parked reactions of a lane that are looked for at a time."""
_SOME = 64
"""Lanes that are looked for before what they hold is tried."""
_FAILURES = 3
"""Failures in a row after which a lane rests until the next tick."""
_PATIENCE = 20.0
"""Seconds of a tick for what is parked; the rest is for what is due."""


def consume(
    records: Sequence[Mapping[str, Any]], subscribers: Subscribers, request_id: str = ""
) -> dict[str, Any]:
    """Let everybody react to a batch of stream records, in the order of each entity.

    Entities are seen to beside each other: neither does a small workspace's one event wait for the
    hundred of another, nor one conversation for the slow browsers of the next. Reactions look at
    how things are now, so they bear any order between entities (`tests/edge/test_order.py`). Those
    that take rights away (`react_first`) go first: who has left hears no more of the batch.

    Returns Lambda's partial batch answer: only a record whose failure could not even be parked is
    reported, so that the stream brings it (and what follows) again. What is no event of ours is
    passed over: it would be none the next time either.
    """
    with Work("events", "outbox", request_id) as work:
        rows = [(place, row) for place, record in enumerate(records) if (row := _event(record))]
        answer = _react_to_all(rows, records, subscribers)
        _note(work, [row for _, row in rows])
        return answer


def react_first(reaction: Reaction) -> Reaction:
    """Declare that a reaction takes somebody's rights away, and so must not wait for others."""
    _first.add(reaction)
    return reaction


def _react_to_all(
    rows: Lane, records: Sequence[Mapping[str, Any]], subscribers: Subscribers
) -> dict[str, Any]:
    urgent, usual = _split(subscribers, first=True), _split(subscribers, first=False)
    names = {kind.name for kind in urgent}
    stuck = _react([each for each in rows if each[1].name in names], urgent) + _react(rows, usual)
    first = min((place for place in stuck if place is not None), default=None)
    if first is None:
        return {"batchItemFailures": []}
    sequence = records[first]["dynamodb"]["SequenceNumber"]
    return {"batchItemFailures": [{"itemIdentifier": sequence}]}


def _split(subscribers: Subscribers, *, first: bool) -> Subscribers:
    """The part of those who react that goes first, or the rest."""
    parts = {
        kind: [each for each in reactions if (each in _first) is first]
        for kind, reactions in subscribers.items()
    }
    return {kind: reactions for kind, reactions in parts.items() if reactions}


def _react(rows: Lane, subscribers: Subscribers) -> list[int | None]:
    """For each entity the place of the event at which it got stuck, None where it didn't."""
    workspaces: dict[str, dict[str, Lane]] = {}
    for place, row in rows:
        lanes = workspaces.setdefault(row.workspace_id, {})
        lanes.setdefault(_entity(row), []).append((place, row))
    react = observability.share(partial(_react_in_order, subscribers=subscribers))
    turns = list(_take_turns(workspaces.values()))
    if len(turns) <= 1:
        return [react(*turn) for turn in turns]
    with ThreadPoolExecutor(min(_LANES_AT_ONCE, len(turns))) as pool:
        return list(pool.map(lambda turn: react(*turn), turns))


def _note(work: Work, rows: Sequence[OutboxRow]) -> None:
    """Say which events there were, and how late they were when all had reacted."""
    now = instants.now()
    work.line.events = Counter(str(row.name) for row in rows)
    workspaces = {str(row.workspace_id) for row in rows}
    work.line.workspace = workspaces.pop() if len(workspaces) == 1 else ""
    for row in rows:
        lag = int((now - instants.from_text(row.at)).total_seconds() * 1000)
        work.line.lag_ms = max(work.line.lag_ms, lag)
        work.count(Metric.EVENT_LAG, lag)


def _event(record: Mapping[str, Any]) -> OutboxRow | None:
    image = record.get("dynamodb", {}).get("NewImage")
    if record.get("eventName") != "INSERT" or image is None:
        return None
    row = outbox.read(image)
    if row is None:
        log.error("record %s is no event", record["dynamodb"].get("SequenceNumber"))
    return row


def _take_turns(workspaces: Iterable[Mapping[str, Lane]]) -> Iterator[tuple[Lane, dict[str, Any]]]:
    """One lane of each workspace, then their second ones; with each what its workspace shares."""
    lanes = [list(each.values()) for each in workspaces]
    answers: list[dict[str, Any]] = [{} for _ in lanes]
    for turn in zip_longest(*lanes):
        yield from ((lane, shared) for lane, shared in zip(turn, answers, strict=True) if lane)


def _entity(row: OutboxRow) -> str:
    """The entity that an event is of; "" for the workspace itself, and for what can't be read."""
    try:
        fields = msgspec.json.decode(row.data, type=dict[str, Any])
    except msgspec.DecodeError:
        return ""
    return next((str(fields[name]) for name in _ENTITIES if fields.get(name)), "")


def _react_in_order(lane: Lane, shared: dict[str, Any], subscribers: Subscribers) -> int | None:
    """The place of the first event whose failure could not be parked; those behind it wait."""
    with batches.batch(shared):
        for place, row in lane:
            try:
                _announce(row, subscribers)
            except Exception:
                log.exception("event %s could not be parked", row.id)
                return place
    return None


def see_to_parked(subscribers: Subscribers, now: datetime, ends: float) -> None:
    """Tell how much waits for too long and how much was given up, then try again what is due.

    One read unit while there is nothing: the alarms hear of that too.
    """
    waits = parking.anything_waits()
    late, given_up = parking.overdue(now) if waits else 0, parking.given_up()
    observability.count(Metric.PARKED_TOO_LONG, late)
    observability.count(Metric.GIVEN_UP, given_up)
    if late or given_up:
        log.warning("%d reactions wait for over an hour, %d are given up", late, given_up)
    if waits:
        _retry_parked(subscribers, now, min(ends, monotonic() + _PATIENCE))


def _retry_parked(subscribers: Subscribers, now: datetime, ends: float) -> None:
    """Try again what is due, lanes (one reaction in one workspace) beside each other, and round.

    A lane rests after some failures in a row and the others go on; all of it ends with the time
    that a tick has. A reaction that isn't there any more (a version was rolled back, a name
    changed) fails like the others and is given up in the end, but never forgotten.
    """
    reactions = {
        (kind.name, reaction_name(reaction)): (kind, reaction)
        for kind, reacting in subscribers.items()
        for reaction in reacting
    }
    with ThreadPoolExecutor(_LANES_AT_ONCE) as lane_pool, ThreadPoolExecutor(_AT_ONCE) as pool:
        has_more = observability.share(
            lambda lane: _has_more(lane, partial(_is_done, reactions, now), now, ends, pool)
        )
        lanes = parking.lanes()
        while monotonic() < ends:
            rest: list[str] = []
            while (some := list(islice(lanes, _SOME))) and monotonic() < ends:
                rest += compress(some, lane_pool.map(has_more, some))
            if not rest:
                return
            lanes = iter(rest)


def _has_more(
    lane: str, is_done: Callable[[Parked], bool], now: datetime, ends: float, pool: Executor
) -> bool:
    """Try some of a lane's; whether it is worth coming back to it at once.

    One after the other until one is done: what fails is not tried by the hundred. Then the rest
    beside each other.
    """
    rows = deque(parking.due(lane, now, _PAGE))
    is_full = len(rows) == _PAGE
    failures = 0

    def step(row: Parked) -> None:
        nonlocal failures
        if failures < _FAILURES and monotonic() < ends:
            failures = 0 if is_done(row) else failures + 1

    while rows:
        step(rows.popleft())
        if not failures:
            list(pool.map(observability.share(step), rows))
            break
        if failures >= _FAILURES:
            break
    return is_full and failures < _FAILURES


def _is_done(reactions: Reactions, now: datetime, parked: Parked) -> bool:
    """Try one again; True also of what somebody else is at."""
    row = parking.take(parked, now)
    if row is None:
        return True
    try:
        kind, reaction = reactions[(row.name, row.subscriber)]
        reaction(recorded_event(row, kind))
    except Exception as error:
        observability.count(Metric.REACTIONS_FAILED)
        log.exception("%s failed again on %s", row.subscriber, row.event_id)
        if parking.refuse(row, repr(error)):
            observability.count(Metric.REACTIONS_GIVEN_UP)
            log.error("%s is given up on %s", row.subscriber, row.event_id)
        return False
    row.delete()
    return True


def _announce(row: OutboxRow, subscribers: Subscribers) -> None:
    for kind, reactions in subscribers.items():
        if kind.name != row.name:
            continue
        for reaction in reactions:
            try:
                reaction(recorded_event(row, kind))
            except Exception as error:
                observability.count(Metric.REACTIONS_FAILED)
                log.exception("%s failed on %s", reaction_name(reaction), row.id)
                parking.park(row, reaction_name(reaction), instants.now(), repr(error))
                observability.count(Metric.REACTIONS_PARKED)


def recorded_event(row: OutboxRow | Parked, kind: type[Event]) -> Recorded:
    """The event of a row, which is of this kind."""
    return Recorded(
        id=row.event_id if isinstance(row, Parked) else row.id,
        workspace_id=row.workspace_id,
        at=row.at,
        event=msgspec.json.decode(row.data, type=kind),
        actor=msgspec.json.decode(row.actor, type=Author),
    )


def reaction_name(reaction: Callable[[Recorded], object]) -> str:
    """What a reaction is called in rows and messages, which outlive a version."""
    return f"{reaction.__module__}.{reaction.__name__}"
