"""The widget's session on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from chalicelib.contacts.schemas import IdentityIn
from chalicelib.conversations.schemas import FaceOut
from chalicelib.edge.wire import Input, Output
from chalicelib.visitors.schemas import PageIn


class SessionIn(Input):
    """A browser that loads the widget. `visitor_id` is the one it was given before."""

    widget_key: Annotated[str, msgspec.Meta(max_length=100)]
    page: PageIn
    visitor_id: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    identity: IdentityIn | None = None
    locale: Annotated[str, msgspec.Meta(max_length=35)] | None = None
    time_zone: Annotated[str, msgspec.Meta(max_length=60)] | None = None


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
    """A session: a token for `expires_in` seconds. Keep `visitor_id`: it is this browser's secret.

    `contact_id` is null while an anonymous visitor hasn't written. `unread` counts messages.
    """

    token: str
    expires_in: int
    visitor_id: str
    contact_id: str | None
    verified: bool
    config: ConfigOut
    broadcasts: list[str]
    unread: int
