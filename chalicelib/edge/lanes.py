"""From a lane's queue to its reactions (`chalicelib.lanes`).

A message that fails rests for 1, 2, 4 … minutes, three hours at most, for a day; then it is given
up and kept (`platform.tables.parking`). So is at once what nobody can tell whether it was done.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from chalicelib.edge.consume import reaction_name, recorded_event
from chalicelib.edge.queueing import Lanes, Preparation
from chalicelib.kit.events import Event
from chalicelib.platform import observability, queues
from chalicelib.platform.observability import Metric, Work
from chalicelib.platform.queues import Message
from chalicelib.platform.tables import done, parking
from chalicelib.platform.tables.outbox import OutboxRow

log = logging.getLogger("foyer.lanes")

ALARMING = 4
"""Failures of one message, within some ten minutes, from which on an alarm hears of it."""

Preparations = Mapping[tuple[str, str], tuple[type[Event], Preparation]]


def work(event: Mapping[str, Any], context: Any, lanes: Lanes) -> dict[str, Any]:
    """React to the messages of a batch; Lambda's partial batch answer: those that come again."""
    preparations = {
        (kind.name, reaction_name(preparation)): (kind, preparation)
        for preparing in lanes.values()
        for kind, each in preparing.items()
        for preparation in each
    }
    processor = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)
    records = event["Records"]
    lane = str(records[0]["eventSourceARN"]).rpartition(":")[2]
    with Work("lane", lane, str(getattr(context, "aws_request_id", context))):
        answer: dict[str, Any] = dict(
            process_partial_response(
                event=dict(event),
                record_handler=partial(_take, preparations),
                processor=processor,
                context=context,
            )
        )
    return answer


def _take(preparations: Preparations, record: SQSRecord) -> None:
    message = _read(record)
    tries = int(record.attributes.approximate_receive_count)
    row: OutboxRow | None = None
    try:
        row = queues.find_event(message)
        _react(preparations, message, row)
    except Exception as error:
        observability.count(Metric.REACTIONS_FAILED)
        log.exception("%s failed on %s", message.reaction, message.event_id)
        if isinstance(error, done.InDoubt) or tries > parking.TRIES:
            parking.give_up(row or queues.unknown_event(message), message.reaction, repr(error))
            observability.count(Metric.REACTIONS_GIVEN_UP)
            return
        if tries >= ALARMING:
            observability.count(Metric.LANE_FAILED)
        seconds = parking.wait_before(tries - 1).total_seconds()
        queue = record.event_source_arn.rpartition(":")[2]
        queues.rest(queue, record.receipt_handle, seconds)
        raise


def _read(record: SQSRecord) -> Message:
    try:
        return msgspec.json.decode(record.body, type=Message)
    except msgspec.DecodeError:
        observability.count(Metric.REACTIONS_FAILED)
        log.exception("message %s can't be read", record.message_id)
        raise


def _react(preparations: Preparations, message: Message, row: OutboxRow | None) -> None:
    if row is None:
        raise LookupError("the event isn't in the outbox any more")
    kind, prepare = preparations[(row.name, message.reaction)]
    act = prepare(recorded_event(row, kind))
    if act is not None:
        done.once(message.event_id, message.reaction, act)
