"""Who may ask what: every route and every socket action, written down a second time.

The application declares this too; here it stands as it was meant, so that a slip there fails.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.matrix.world import World
from tests.support.team import fresh

VISITORS = ("ann", "bob", "vera", "alien")
USELESS = {
    "nobody": (401, "auth.unauthenticated"),
    "garbage": (401, "auth.invalid_token"),
    "expired": (401, "auth.expired_token"),
    "expired visitor": (401, "auth.expired_token"),
    "ended": (401, "auth.session_ended"),
    "revoked visitor": (401, "auth.session_ended"),
}
WRONG_KIND = (403, "auth.forbidden")
BLOCKED = {"blocked visitor": (403, "visitor.blocked")}

Refusals = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Who:
    """Who may ask, and how everybody else is refused."""

    allowed: tuple[str, ...]
    refused: Refusals


_NOT_VISITORS = dict.fromkeys((*VISITORS, *BLOCKED), WRONG_KIND)
_NOT_TEAM = dict.fromkeys(("operator", "admin", "owner", "stranger"), WRONG_KIND)

EVERYBODY = Who((*USELESS, *VISITORS, *BLOCKED, *_NOT_TEAM), {})
MEMBERS = Who(("operator", "admin", "owner", "stranger"), {**USELESS, **_NOT_VISITORS})
ADMINS = Who(("admin", "owner", "stranger"), {**MEMBERS.refused, "operator": WRONG_KIND})
CUSTOMERS = Who(VISITORS, {**USELESS, **BLOCKED, **_NOT_TEAM})
SIGNED_IN = Who((*VISITORS, *_NOT_TEAM), {**USELESS, **BLOCKED})
NOT_CUSTOMERS = Who(
    ("nobody", *_NOT_TEAM),
    {**{name: told for name, told in USELESS.items() if name != "nobody"}, **_NOT_VISITORS},
)

NOT_VISITORS = Who((*USELESS, *_NOT_TEAM), _NOT_VISITORS)
"""A credential that isn't good any more is none."""

Body = Callable[[World, str], Any]
"""What somebody, by name, may send."""


@dataclass(frozen=True)
class Row:
    """One route: who may ask, the kind of thing its path names, and a body that is good.

    `absent` is the code for a thing that isn't there, or not for the caller. `refs` are fields of
    the body that name other things: field → (kind, the refusal for one that isn't ours). `within`
    are refused by the thing itself, in their own workspace. `needs` is the grant that a member must
    have, whatever their role. `done` is the answer to `body`, any
    2xx standing as 200; `ends_session` says that whoever does it needs a session of its own.
    """

    who: Who
    kind: str = ""
    absent: str = ""
    body: Body | None = None
    refs: dict[str, tuple[str, int, str]] | None = None
    within: Refusals | None = None
    needs: str = ""
    done: int = 200
    ends_session: bool = False


def text(world: World, name: str) -> Any:
    """A message."""
    del world, name
    return {"text": "Hello", "client_id": fresh()}


def _is(body: Any) -> Body:
    def always(world: World, name: str) -> Any:
        del world, name
        return body

    return always


def _email() -> str:
    return f"{fresh().lower()}@example.org"


def _sign_up(world: World, name: str) -> Any:
    del world, name
    return {
        "email": _email(), "password": "correct horse 9", "name": "Pat", "workspace_name": "Shop",
    }  # fmt: skip


def _login(world: World, name: str) -> Any:
    del name
    return {"email": world.spare.owner.email, "password": world.spare.owner.password}


def _refresh(world: World, name: str) -> Any:
    told = world.asks["nobody"].post("/v1/auth/login", _login(world, name)).ok()
    return {"refresh_token": told["refresh_token"]}


def _session(world: World, name: str) -> Any:
    del name
    page = {"url": "https://shop.example/", "title": "Shop", "referrer": ""}
    return {"widget_key": world.ours.widget_key, "page": page}


def _invite(world: World, name: str) -> Any:
    del world, name
    return {"email": _email(), "role": "operator"}


def _address(world: World, name: str) -> Any:
    del world, name
    return {"email": _email()}


def _accept(world: World, name: str) -> Any:
    del world, name
    return {"name": "Nina", "password": "correct horse 9"}


def _switch(world: World, name: str) -> Any:
    return {"workspace_id": world.team_of(name).workspace_id}


def _make_room(world: World, name: str) -> None:
    """Nothing to send, but there must be room for one secret more."""
    world.make_room(world.team_of(name))


def _bulk(world: World, name: str) -> Any:
    return {"ids": [world.id_of("conversation", name)], "action": "open"}


def _start(world: World, name: str) -> Any:
    return {**text(world, name), "contact_id": world.id_of("contact", name)}


_MEMBER = ("member", "member.not_found")
_SECRET = ("secret", "identity_secret.not_found")
_CONTACT = ("contact", "contact.not_found")
_CONVERSATION = ("conversation", "conversation.not_found")
_VISITOR = ("visitor", "visitor.not_found")
_INVITATION = ("invitation", "link.not_found")
_NO_CONTACT = {"contact_id": ("contact", 404, "contact.not_found")}
_NO_MEMBER = {"assignee_id": ("user", 422, "request.invalid")}
_ONLY_ADMINS = {"operator": WRONG_KIND}

_NOT_MINE = {"current_password": "wrong horse 10", "new_password": "correct horse 10"}
_NO_LINK = {"token": "no link", "password": "correct horse 10"}

ROUTES: dict[str, Row] = {
    "GET /v1/auth/signup": Row(EVERYBODY),
    "POST /v1/auth/signup": Row(EVERYBODY, body=_sign_up),
    "POST /v1/auth/verify": Row(EVERYBODY, body=_is({"token": "x" * 43}), done=404),
    "POST /v1/auth/verify/resend": Row(MEMBERS),
    "POST /v1/auth/login": Row(EVERYBODY, body=_login),
    "POST /v1/auth/refresh": Row(EVERYBODY, body=_refresh),
    "POST /v1/auth/logout": Row(NOT_VISITORS, body=_refresh),
    "POST /v1/auth/switch": Row(
        MEMBERS,
        body=_switch,
        refs={"workspace_id": ("workspace", 404, "workspace.not_found")},
    ),
    "POST /v1/workspaces": Row(MEMBERS, body=_is({"name": "Second shop"})),
    "POST /v1/auth/forgot": Row(EVERYBODY, body=_address),
    "POST /v1/auth/reset": Row(EVERYBODY, body=_is(_NO_LINK), done=404),
    "POST /v1/auth/password": Row(MEMBERS, body=_is(_NOT_MINE), done=422),
    "GET /v1/me": Row(MEMBERS),
    "PATCH /v1/me": Row(MEMBERS, body=_is({"time_zone": "Europe/Madrid"})),
    "GET /v1/users": Row(MEMBERS),
    "POST /v1/users": Row(ADMINS, body=_invite, needs="team.manage"),
    "PATCH /v1/users/{id}": Row(ADMINS, *_MEMBER, body=_is({"role": "admin"}), needs="team.manage"),
    "DELETE /v1/users/{id}": Row(MEMBERS, *_MEMBER, within=_ONLY_ADMINS),
    "GET /v1/invitations/{token}": Row(EVERYBODY, *_INVITATION),
    "POST /v1/invitations/{token}/accept": Row(NOT_CUSTOMERS, *_INVITATION, body=_accept),
    "GET /v1/workspace": Row(MEMBERS),
    "PATCH /v1/workspace": Row(
        ADMINS, body=_is({"settings": {"assign_on_reply": True}}), needs="settings.manage"
    ),
    "POST /v1/workspace/widget-key": Row(ADMINS, needs="settings.manage"),
    "POST /v1/workspace/identity-secrets": Row(ADMINS, body=_make_room, needs="settings.manage"),
    "DELETE /v1/workspace/identity-secrets/{id}": Row(ADMINS, *_SECRET, needs="settings.manage"),
    "GET /v1/contacts": Row(MEMBERS),
    "POST /v1/contacts": Row(MEMBERS, body=_is({"name": "Someone new"}), needs="contacts.edit"),
    "GET /v1/contacts/{id}": Row(MEMBERS, *_CONTACT),
    "PATCH /v1/contacts/{id}": Row(
        MEMBERS, *_CONTACT, body=_is({"tags": ["new"]}), needs="contacts.edit"
    ),
    "GET /v1/conversations": Row(MEMBERS),
    "POST /v1/conversations": Row(
        MEMBERS, body=_start, refs=_NO_CONTACT, needs="conversations.reply"
    ),
    "POST /v1/conversations/bulk": Row(MEMBERS, body=_bulk, needs="conversations.manage"),
    "GET /v1/conversations/counts": Row(MEMBERS),
    "GET /v1/conversations/{id}": Row(MEMBERS, *_CONVERSATION),
    "PATCH /v1/conversations/{id}": Row(
        MEMBERS, *_CONVERSATION, body=_is({"subject": "New"}), needs="conversations.manage"
    ),
    "POST /v1/conversations/{id}/open": Row(MEMBERS, *_CONVERSATION, needs="conversations.manage"),
    "POST /v1/conversations/{id}/close": Row(MEMBERS, *_CONVERSATION, needs="conversations.manage"),
    "POST /v1/conversations/{id}/snooze": Row(
        MEMBERS, *_CONVERSATION, body=_is({"until": None}), needs="conversations.manage"
    ),
    "POST /v1/conversations/{id}/assign": Row(
        MEMBERS,
        *_CONVERSATION,
        body=_is({"assignee_id": None}),
        refs=_NO_MEMBER,
        needs="conversations.manage",
    ),
    "POST /v1/conversations/{id}/claim": Row(MEMBERS, *_CONVERSATION, needs="conversations.manage"),
    "POST /v1/conversations/{id}/read": Row(MEMBERS, *_CONVERSATION, body=_is({"seq": 1})),
    "GET /v1/conversations/{id}/messages": Row(MEMBERS, *_CONVERSATION),
    "POST /v1/conversations/{id}/messages": Row(
        MEMBERS, *_CONVERSATION, body=text, needs="conversations.reply"
    ),
    "GET /v1/conversations/{id}/timeline": Row(MEMBERS, *_CONVERSATION),
    "POST /v1/visitors/{id}/conversations": Row(
        MEMBERS, *_VISITOR, body=text, needs="conversations.reply"
    ),
    "POST /v1/visitors/{id}/block": Row(MEMBERS, *_VISITOR, needs="contacts.edit"),
    "POST /v1/visitors/{id}/unblock": Row(MEMBERS, *_VISITOR, needs="contacts.edit"),
    "GET /v1/visitors": Row(MEMBERS),
    "GET /v1/widget/conversations": Row(CUSTOMERS),
    "POST /v1/widget/conversations": Row(CUSTOMERS, body=text),
    "GET /v1/widget/conversations/{id}/messages": Row(CUSTOMERS, *_CONVERSATION),
    "POST /v1/widget/conversations/{id}/messages": Row(CUSTOMERS, *_CONVERSATION, body=text),
    "POST /v1/widget/conversations/{id}/read": Row(CUSTOMERS, *_CONVERSATION, body=_is({"seq": 1})),
    "POST /v1/socket-tickets": Row(SIGNED_IN),
    "POST /v1/widget/session": Row(EVERYBODY, body=_session),
    "GET /v1/health": Row(EVERYBODY),
    "GET /v1/openapi.json": Row(EVERYBODY),
}


@dataclass(frozen=True)
class Frame:
    """One socket action: who may send it, and its fields, `None` standing for the id asked about.

    `code` is the refusal for a thing that isn't there or isn't theirs, empty where the action
    names nothing or says nothing about it.
    """

    allowed: tuple[str, ...]
    fields: dict[str, Any]
    code: str = ""


_PRESENCE = {"page": {"url": "https://shop.example/", "title": ""}, "state": "active"}
_TEAM = ("operator", "admin", "owner", "stranger")

ACTIONS: dict[str, Frame] = {
    "subscribe": Frame(_TEAM, {"topic": "conversation/{id}"}, "conversation.not_found"),
    "unsubscribe": Frame(_TEAM, {"topic": "conversation/{id}"}),
    "ping": Frame((*_TEAM, *VISITORS), {}),
    "presence": Frame(VISITORS, _PRESENCE),
    "typing": Frame((*_TEAM, *VISITORS), {"conversation_id": "{id}"}, "conversation.not_found"),
    "viewing": Frame(_TEAM, {"entity": "{id}"}, "conversation.not_found"),
}
