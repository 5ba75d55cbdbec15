"""One's own account: profile, status, password."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import UNSET

from chalicelib.auth import (
    credentials,
    devices,
    domain,
    links,
    members,
    passwords,
    people,
    sessions,
    store,
    throttle,
)
from chalicelib.auth.domain import NoLink, SessionEnded, WrongCredentials
from chalicelib.auth.events import MemberSignedOut, MemberUpdated, PasswordForgotten
from chalicelib.auth.people import Person
from chalicelib.auth.schemas import (
    NAME_LIMIT,
    Forgotten,
    MeChange,
    MeOut,
    PasswordChange,
    Reset,
    ResetOut,
)
from chalicelib.auth.store import Login, Member, User
from chalicelib.auth.throttle import Trier
from chalicelib.kit import text
from chalicelib.kit.actors import Context, Nobody, Operator
from chalicelib.kit.events import Event
from chalicelib.kit.problems import Problem, Stale, invalid
from chalicelib.platform.tables import outbox
from chalicelib.platform.tables.commits import Write, commit, retry_on_conflict, save

LINKS_PER_HOUR = 3
LINKS_PER_HOUR_AND_SOURCE = 30
_HOUR = timedelta(hours=1)


def me(ctx: Context[Operator]) -> MeOut:
    """The caller. Two read units (one more for each further workspace) in two round trips."""
    person, place = _caller(ctx)
    return people.to_me(person, place)


@retry_on_conflict
def change_me(ctx: Context[Operator], change: MeChange) -> MeOut:
    """Merge `change` into the caller's profile; `status` counts in this workspace only.

    Reads as `me` does; two write units for the account, two for each place that changes, and one
    event each; none when nothing differs.

    Raises:
        Invalid: A name that can't be taken, no time zone of this name, or no language tag.
        Stale: The caller saw an older version.
    """
    person, place = _caller(ctx)
    if ctx.if_match not in (None, person.user.version):
        raise Stale()
    user = person.user
    status = place.status if change.status is UNSET else change.status
    name, zone, language = _new_values(change, user)
    fields = {
        other.workspace_id: _changed_fields(other, name, status if other is place else other.status)
        for other in person.places
    }
    before = (user.name, user.time_zone, user.language)
    if before == (name, zone, language) and not any(fields.values()):
        return people.to_me(person, place)
    user.name, user.time_zone, user.language, place.status = name, zone, language, status
    changed = [other for other in person.places if fields[other.workspace_id]]
    for other in changed:
        other.name = name
    event_writes = [
        _event_write(
            other, MemberUpdated(user_id=ctx.actor.id, fields=fields[other.workspace_id]), ctx.now
        )
        for other in changed
    ]
    commit(save(user), *(save(other) for other in changed), *event_writes)
    sessions.forget_operators(ctx.actor.id)
    for other in changed:
        members.forget_team(other.workspace_id)
    return people.to_me(person, place)


def change_password(ctx: Context[Operator], change: PasswordChange) -> None:
    """Replace the password and end all of the caller's sessions, this one included.

    Raises:
        Invalid: The current password is wrong, or the new one is too easy to guess.
        TooMany: Too many wrong passwords.
    """
    person, _ = _caller(ctx)
    domain.check_password("new_password", change.new_password, email=person.user.email)
    try:
        with passwords.room(is_known=True):
            login = credentials.verify_again(ctx, person.user.email, change.current_password)
            login.devices = None
            _replace_password(login, change.new_password, ctx.now, on_conflict=WrongCredentials())
    except WrongCredentials as error:
        # The caller is signed in, so this is about a value, not about who they are.
        raise invalid("current_password", "is not your password") from error


def send_reset_link(ctx: Context[Nobody], body: Forgotten) -> None:
    """Have a link sent, if the address has an account; what happens here is the same if not.

    Four write units in three round trips; the mail is sent by a reaction. More than three links
    an hour to one address, or thirty from one source, are silently not sent.
    """
    login_id = domain.login_id(domain.email_address("email", body.email))
    allowed = throttle.spend_from(
        "forgot-from", ctx.client.ip, LINKS_PER_HOUR_AND_SOURCE, _HOUR, ctx.now
    ) and throttle.spend("forgot", login_id, LINKS_PER_HOUR, _HOUR, ctx.now)
    if allowed:
        commit(people.internal_event(PasswordForgotten(login_id=login_id), ctx.now))


def reset_password(ctx: Context[Nobody], body: Reset) -> ResetOut:
    """Replace the password by a mailed link, and end all of the person's sessions.

    Whoever has the link is the person: the address is proved to be theirs, and strangers' tries
    don't keep them out where they are, for the device is known from now on.

    Raises:
        NoLink: Not a link of ours, used, or too old.
        Invalid: The password is too easy to guess; the link stays good.
    """
    link = links.get_link(body.token, "reset", ctx.now)
    login = store.login(link.subject)
    if login is None or login.version != link.round:
        raise NoLink()
    domain.check_password("password", body.password, email=login.email)
    login.devices = None
    device_token, login.devices = devices.remember_device(login)
    _replace_password(login, body.password, ctx.now, on_conflict=NoLink(), by_mail=True)
    throttle.record_success(Trier(login.id, ctx.client.ip), ctx.now, stranger=True)
    return ResetOut(email=login.email, device_token=device_token)


def _replace_password(
    login: Login, password: str, now: datetime, *, on_conflict: Problem, by_mail: bool = False
) -> None:
    """In one transaction: the new password, and the end of all sessions that there are.

    A sign-in that runs beside it may have been too late to be seen and too early to be refused
    for its password, so there is a second look; from then on each is refused. Raises
    `on_conflict` when somebody else replaced the password first.
    """
    login.password = passwords.hash_password(password)
    _commit_password(login, now, on_conflict, by_mail=by_mail)
    for session in store.sessions(login.user_id):
        if session.password < login.version:
            session.delete(add_version_condition=False)
    sessions.forget_operators(login.user_id)


@retry_on_conflict
def _commit_password(login: Login, now: datetime, on_conflict: Problem, *, by_mail: bool) -> None:
    person = people.get_person(login.user_id)
    ending = store.sessions(login.user_id)
    event = MemberSignedOut(user_id=login.user_id, session_id=None)
    # At most one hundred items fit; what is beyond that goes first, being the oldest.
    room = 98 - len(person.places)
    for session in ending[:-room]:
        session.delete(add_version_condition=False)
    proves = by_mail and not people.is_verified(person.user, person.places)
    if proves:
        person.user.verified = True
    commit(
        save(login, on_conflict=lambda _: on_conflict),
        *((save(person.user),) if proves else ()),
        *store.end(ending[-room:]),
        *_event_writes(person.places, event, now),
    )


def _new_values(change: MeChange, user: User) -> tuple[str, str, str | None]:
    """Name, time zone and language as they are to be."""
    name, zone = user.name, user.time_zone
    language: str | None = user.language
    if change.name is not UNSET:
        name = text.one_line("name", change.name, limit=NAME_LIMIT)
    if change.time_zone is not UNSET:
        zone = domain.time_zone("time_zone", change.time_zone)
    if change.language is not UNSET:
        language = domain.language("language", change.language)
    return name, zone, language


def _changed_fields(place: Member, name: str, status: str) -> tuple[str, ...]:
    """The names of the fields in which a place is not as it is to be."""
    pairs = (("name", place.name, name), ("status", place.status, status))
    return tuple(field for field, old, new in pairs if old != new)


def _event_writes(places: list[Member], event: Event, now: datetime) -> tuple[Write, ...]:
    """The same event in the workspaces of all these places of one person."""
    return tuple(_event_write(place, event, now) for place in places)


def _event_write(place: Member, event: Event, now: datetime) -> Write:
    """An event in the workspace of a place: the person's own doing."""
    (row,) = outbox.rows([event], people.place_source(place, now))
    return save(row)


def _caller(ctx: Context[Operator]) -> tuple[Person, Member]:
    person = people.get_person(ctx.actor.id)
    place = person.place(ctx.workspace_id)
    if place is None:
        raise SessionEnded()
    return person, place
