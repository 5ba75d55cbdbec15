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
    fields,
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
class Identification:
    """Who it is. `contact` is None while a visitor hasn't written and proved nothing.

    `ignored` names what the page said that couldn't be taken.
    """

    visitor: Visitor
    visitor_secret: str
    contact: Contact | None
    ignored: tuple[FieldError, ...] = ()


def identify(arrival: Arrival) -> Identification:
    """Find out who a browser is, making or merging contacts as its identity proves.

    A mere claim makes nothing: it goes along in the visitor's token.

    Raises:
        Forbidden: The workspace requires proof and the identity has none; or somebody is blocked.
        Invalid: A proof of what can't be a key.
    """
    lenient = Lenient()
    identity = identities.read_identity(
        arrival.identity, arrival.mode, arrival.secrets, lenient, arrival.now
    )
    browser = browsers.find_browser(arrival.workspace_id, arrival.visitor_secret)
    arrival = arrival.with_browser(browser or browsers.new_browser(arrival.workspace_id))
    if identity.verified:
        return _identification(
            arrival, identity, proof.resolve_contact(arrival, identity), {}, lenient
        )
    claimed = claims.from_identity(identity)
    own = arrivals.own_contact(arrival) if browser else None
    if own is not None:
        blocking.check_not_blocked(own)
    if own is not None and (own.data.verified or own.merged_into):
        arrival, own = arrival.with_browser(browsers.new_browser(arrival.workspace_id)), None
    if own is None:
        claimed = claims.token_claims(claimed, lenient)
        return _identification(arrival, identity, None, claimed, lenient)
    if claimed:
        row = claims.update_contact(arrival, claimed, own)
    else:
        row = arrivals.record_visit(own, arrival)
    return _identification(arrival, identity, row, {}, lenient)


def _identification(
    arrival: Arrival,
    identity: Identity,
    row: Contact | None,
    claimed: dict[str, Any],
    lenient: Lenient,
) -> Identification:
    if row is not None:
        identities.report_dropped_fields(fields.custom_fields(row), identity, lenient)
    visitor = Visitor(
        id=arrival.visitor_id,
        workspace_id=arrival.workspace_id,
        contact_id=row.id
        if row
        else arrivals.anonymous_id(arrival.workspace_id, arrival.visitor_id),
        verified=identity.verified,
        admitted_by=credentials.fingerprint(arrival.widget_key),
        vouched_by=identity.vouched_by if identity.verified else "",
        names_itself=bool(identity.key),
        locale=arrival.locale,
        time_zone=arrival.time_zone,
        claims=claimed,
    )
    return Identification(visitor, str(arrival.visitor_secret), row, tuple(lenient.ignored))
