"""The widget's session on the wire."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from chalicelib.conversations.schemas import FaceOut
from chalicelib.edge.answers import ErrorOut
from chalicelib.edge.wire import Input, Output


def _any_json(description: str) -> msgspec.Meta:
    """Any JSON: what of it can't be taken is left out and named in the answer's `ignored`."""
    return msgspec.Meta(description=f"{description} What can't be taken is left out and named.")


class SessionIn(Input):
    """A browser that loads the widget. `visitor_secret` is the one it was given before.

    What the host page or the browser says of itself never refuses the chat; only the key and the
    proof of an identity do. A secret that we didn't make is passed over, and the browser is a new
    visitor; so is a `visitor_id`, which opens nothing.
    """

    widget_key: Annotated[str, msgspec.Meta(max_length=100)]
    page: Annotated[Any, _any_json("`{url, title, referrer}`, all texts.")] = None
    visitor_secret: Annotated[Any, msgspec.Meta(description="A text, as it was given.")] = None
    visitor_id: Annotated[Any, msgspec.Meta(description="Passed over.")] = None
    identity: Annotated[
        Any,
        _any_json(
            "`{token}`, a JWT (HS256, with `exp`), or `{external_id, email, name, phone, custom, "
            "user_hash}`; `external_id` may be a whole number, `custom` is an object."
        ),
    ] = None
    locale: Annotated[Any, _any_json("A BCP 47 tag or a POSIX locale.")] = None
    time_zone: Annotated[Any, _any_json("An IANA name.")] = None


class ConfigOut(Output):
    """How the widget looks and behaves in this workspace."""

    workspace_name: str
    presence: bool
    presence_seconds: int
    colour: str
    position: Literal["right", "left"]
    greeting: str
    intro: str
    reply_expectation: str
    launcher_hidden: bool
    theme: Literal["auto", "light", "dark"]
    team: list[FaceOut]


class SessionOut(Output):
    """A session: a token for `expires_in` seconds. The browser keeps `visitor_secret`.

    Whoever has the secret is this visitor; `visitor_id` follows from it and may be shown.
    `contact_id` is null while an anonymous visitor hasn't written. `unread` counts messages.
    `ignored` names what was said that couldn't be taken.
    """

    token: str
    expires_in: int
    visitor_id: str
    visitor_secret: str
    contact_id: str | None
    verified: bool
    config: ConfigOut
    broadcasts: list[str]
    unread: int
    ignored: list[ErrorOut]
