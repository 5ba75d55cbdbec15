"""The demo workspace: a small pottery with two people and some conversations.

Made once, through the real HTTP API, so that it goes through everything a customer goes through.
What is done is noted as it is done: a run that is killed half-way goes on from there.
"""

from __future__ import annotations

import http.client
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.local.data.folder import read_whole, write_whole
from infra.local.demo.client import ApiClient, Refused
from infra.local.demo.demo_site import CUSTOMER, demo_facts, user_hash
from infra.local.pages.local_pages import read_mail
from infra.local.settings import ROOT, Settings

log = logging.getLogger("foyer.local")

EMAIL = "demo@foyer.local"
COLLEAGUE = "aiko@foyer.local"
PASSWORD = "foyer-demo"  # noqa: S105 - printed at every start
DEMO_LOGIN = f"{EMAIL} / {PASSWORD}"

_STORIES = ROOT / "infra" / "local" / "demo" / "stories.json"
_MAIL_WITHIN = 10.0
_BROWSER = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)


_WIDGET = {
    "colour": "#9a5b34",
    "greeting": "Hello from the studio",
    "intro": "Ask about a piece, an order, or a visit.",
    "reply_expectation": "We usually answer within the hour.",
}


@dataclass(frozen=True)
class Cast:
    """Who takes part: the two operators, signed in, and their ids."""

    owner: ApiClient
    colleague: ApiClient
    ids: dict[str, str]


class Notes:
    """What has been seeded so far, in the data folder."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._facts: dict[str, Any] = read_whole(path) or {}

    def __getitem__(self, name: str) -> Any:
        return self._facts.get(name)

    def keep(self, **facts: Any) -> None:
        self._facts |= facts
        write_whole(self._path, self._facts)


def seed_once(settings: Settings, say: Callable[[str], None]) -> None:
    """Seed what this data folder lacks of the demo workspace.

    A demo that somebody has changed (another password, another owner) is left as it is: that is
    logged and Foyer starts all the same.
    """
    notes = Notes(demo_facts(settings.data))
    if notes["done"]:
        return
    say("Setting up the demo workspace…")
    try:
        _seed(settings, notes)
    except (Refused, OSError, http.client.HTTPException) as problem:
        log.warning("the demo workspace is not complete: %s", problem)
    else:
        notes.keep(done=True)


def _seed(settings: Settings, notes: Notes) -> None:
    cast = _cast(settings, notes)
    for story in json.loads(_STORIES.read_text()):
        if story["slug"] not in (notes["told"] or []):
            _play(settings, notes, cast, story)
            notes.keep(told=[*(notes["told"] or []), story["slug"]])


def _cast(settings: Settings, notes: Notes) -> Cast:
    """Sign the owner up, set the workspace up, and bring the colleague in."""
    anybody = ApiClient(settings.url)
    signed_in = _sign_up(anybody)
    owner = anybody.client_for(signed_in["access_token"])
    if not signed_in["user"]["verified"]:
        token = _token_from_mail(settings.mail, EMAIL, "/verify/")
        anybody.ask("POST", "/v1/auth/verify", {"token": token})
    if not notes["widget_key"]:
        workspace = owner.ask("PATCH", "/v1/workspace", {"widget": _WIDGET})
        secret = owner.ask("POST", "/v1/workspace/identity-secrets")
        notes.keep(widget_key=workspace["widget_key"], identity_secret=secret["secret"])
    colleague = _colleague(settings, anybody, owner)
    ids = {
        "owner": signed_in["user"]["id"],
        "colleague": colleague["user"]["id"],
    }
    return Cast(owner, anybody.client_for(colleague["access_token"]), ids)


def _sign_up(anybody: ApiClient) -> Any:
    try:
        return anybody.ask(
            "POST",
            "/v1/auth/signup",
            {
                "email": EMAIL,
                "password": PASSWORD,
                "name": "Robin Castell",
                "workspace_name": "Kiln & Ash",
                "time_zone": "Europe/Berlin",
            },
        )
    except Refused as refused:
        # There is an owner: ours, if the last run was killed half-way.
        if refused.status not in (403, 409):
            raise
    return anybody.ask("POST", "/v1/auth/login", {"email": EMAIL, "password": PASSWORD})


def _colleague(settings: Settings, anybody: ApiClient, owner: ApiClient) -> Any:
    try:
        owner.ask("POST", "/v1/users", {"email": COLLEAGUE, "role": "operator"})
    except Refused as refused:
        if refused.status != 409:
            raise
        return anybody.ask("POST", "/v1/auth/login", {"email": COLLEAGUE, "password": PASSWORD})
    token = _token_from_mail(settings.mail, COLLEAGUE, "/invitations/")
    return anybody.ask(
        "POST",
        f"/v1/invitations/{token}/accept",
        {"name": "Aiko Brandt", "password": PASSWORD},
    )


def _token_from_mail(mail: Path, to: str, page: str) -> str:
    """The token of a link that comes by mail, as any other."""
    deadline = time.monotonic() + _MAIL_WITHIN
    while time.monotonic() < deadline:
        for message in read_mail(mail):
            links = [line for line in message["text"].splitlines() if page in line]
            if message["to"] == to and links:
                return str(links[0]).rpartition("/")[2]
        time.sleep(0.02)
    raise TimeoutError(f"the link {page} to {to} didn't arrive")


def _play(settings: Settings, notes: Notes, cast: Cast, story: dict[str, Any]) -> None:
    slug = story["slug"]
    customer = _customer(settings, notes, story)
    conversation_id = ""
    for number, (who, text) in enumerate(story["talk"], start=1):
        message = {"text": text, "client_id": f"demo-{slug}-{number}"}
        if not conversation_id:
            started = customer.ask("POST", "/v1/widget/conversations", message)
            conversation_id = started["conversation"]["id"]
        elif who == "customer":
            customer.ask("POST", f"/v1/widget/conversations/{conversation_id}/messages", message)
        else:
            speaker = cast.owner if who == "owner" else cast.colleague
            speaker.ask("POST", f"/v1/conversations/{conversation_id}/messages", message)
    for action, argument in story["then"]:
        _act(cast, conversation_id, action, argument)


def _act(cast: Cast, conversation_id: str, action: str, argument: Any) -> None:
    path = f"/v1/conversations/{conversation_id}"
    if action == "patch":
        cast.owner.ask("PATCH", path, argument)
    elif action == "assign":
        cast.owner.ask("POST", f"{path}/assign", {"assignee_id": cast.ids[argument]})
    elif action == "snooze":
        until = None if argument is None else _days_from_now(argument)
        cast.colleague.ask("POST", f"{path}/snooze", {"until": until})
    else:
        cast.owner.ask("POST", f"{path}/{action}")


def _customer(settings: Settings, notes: Notes, story: dict[str, Any]) -> ApiClient:
    """A browser with the widget, on the story's page."""
    browser = ApiClient(settings.url, user_agent=_BROWSER)
    visitors = notes["visitors"] or {}
    page = dict(story["page"], url=f"{settings.demo_url}{story['page']['url']}")
    body = {
        "widget_key": notes["widget_key"],
        "page": page,
        "locale": story["locale"],
        "time_zone": story["time_zone"],
        "visitor_secret": visitors.get(story["slug"]),
        "identity": _identity(story["visitor"], notes["identity_secret"]),
    }
    body = {name: value for name, value in body.items() if value is not None}
    session = browser.ask("POST", "/v1/widget/session", body)
    notes.keep(visitors={**visitors, story["slug"]: session["visitor_secret"]})
    return browser.client_for(session["token"])


def _identity(visitor: Any, secret: str) -> dict[str, str] | None:
    if visitor == "known":
        return {**CUSTOMER, "user_hash": user_hash(secret, CUSTOMER["external_id"])}
    return dict(visitor) if visitor else None


def _days_from_now(days: int) -> str:
    then = datetime.now(UTC) + timedelta(days=days)
    return then.strftime("%Y-%m-%dT07:00:00.000Z")
