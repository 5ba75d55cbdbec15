"""Who a visitor is: part of the contacts service.

A visitor is known by its browser's secret (`browsers`), from which its id follows. Its anonymous
contact's id follows from that under a key of ours, so it can be named before it exists and tells
nobody the visitor id. Once that contact was proved to be somebody (verified or merged), the secret
alone opens nothing: without proof the browser starts again as a new visitor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chalicelib.contacts import (
    arrivals,
    blocking,
    browsers,
    claims,
    credentials,
    facts,
    identities,
    proof,
)
from chalicelib.contacts.arrivals import Arrival
from chalicelib.contacts.domain import Identity
from chalicelib.contacts.store import Contact
from chalicelib.kit.actors import Visitor
from chalicelib.kit.lenient import Lenient
from chalicelib.kit.problems import FieldError


@dataclass(frozen=True, slots=True)
class Recognised:
    """Who it is. `contact` is None while a visitor hasn't written and proved nothing.

    `ignored` names what the page said that couldn't be taken.
    """

    visitor: Visitor
    visitor_secret: str
    contact: Contact | None
    ignored: tuple[FieldError, ...] = ()


def identify(arrival: Arrival) -> Recognised:
    """Find out who a browser is, making or merging contacts as its identity proves.

    A mere claim makes nothing: it goes along in the visitor's token.

    Raises:
        Forbidden: The workspace requires proof and the identity has none; or somebody is blocked.
        Invalid: A proof of what can't be a key.
    """
    lenient = Lenient()
    said = identities.heard(arrival.identity, arrival.mode, arrival.secrets, lenient, arrival.now)
    known = browsers.known_browser(arrival.workspace_id, arrival.visitor_secret)
    arrival = arrival.of(known or browsers.new_browser(arrival.workspace_id))
    if said.verified:
        return _recognised(arrival, said, proof.proved(arrival, said), {}, lenient)
    told = claims.of(said)
    row = arrivals.own_contact(arrival) if known else None
    if row is not None:
        blocking.refuse(row)
    if row is not None and (row.verified or row.merged_into):
        arrival, row = arrival.of(browsers.new_browser(arrival.workspace_id)), None
    if row is None:
        return _recognised(arrival, said, None, claims.carried(told, lenient), lenient)
    row = claims.kept(arrival, told, row) if told else arrivals.seen(row, arrival)
    return _recognised(arrival, said, row, {}, lenient)


def _recognised(
    arrival: Arrival,
    said: Identity,
    row: Contact | None,
    told: dict[str, Any],
    lenient: Lenient,
) -> Recognised:
    if row is not None:
        identities.note_left_out(facts.custom_of(row), said, lenient)
    visitor = Visitor(
        id=arrival.visitor_id,
        workspace_id=arrival.workspace_id,
        contact_id=row.id
        if row
        else arrivals.anonymous_id(arrival.workspace_id, arrival.visitor_id),
        verified=said.verified,
        admitted_by=credentials.mark(arrival.widget_key),
        vouched_by=said.vouched_by if said.verified else "",
        names_itself=bool(said.key),
        locale=arrival.locale,
        time_zone=arrival.time_zone,
        claims=told,
    )
    return Recognised(visitor, str(arrival.visitor_secret), row, tuple(lenient.ignored))
