"""Rules about addresses, passwords, roles, and how long to wait after wrong passwords."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chalicelib.kit import locales
from chalicelib.kit.actors import Operator
from chalicelib.kit.grants import GRANTS, Grant, Role
from chalicelib.kit.problems import (
    Conflict,
    Forbidden,
    Invalid,
    Missing,
    Unauthenticated,
    invalid,
)

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 256
FEWEST_DIFFERENT_CHARACTERS = 4
LONGEST_EMAIL = 254
"""RFC 5321 §4.5.3.1.3, without the angle brackets."""
LONGEST_LOCAL_PART = 64
MOST_WORKSPACES = 49
"""Workspaces of one person. When the person's name changes, all their places do, each with an
event, and the account: 99 of the 100 items that a transaction may have."""

MOST_DEVICES = 10
"""Devices of a person that are told from a stranger's."""
UTC = "UTC"

FREE_TRIES = 10
"""Wrong passwords in a row for an account, by one household or device, before waiting begins."""
FREE_TRIES_PER_SOURCE = 30
"""Wrong passwords of one household for accounts that were never signed in to from there."""
FREE_TRIES_PER_NEIGHBOURHOOD = 240
"""The same of all households to which one line can give addresses (IPv6, 48 bits)."""
FREE_TRIES_OF_STRANGERS = 100
"""Wrong passwords for an account from everywhere that it was never signed in to from."""
LONGEST_WAIT = timedelta(minutes=15)
LONGEST_WAIT_OF_STRANGERS = timedelta(minutes=1)
"""Many who guess from everywhere get 1,440 guesses a day; the owner, where they are new, waits a
minute for them at most."""

_LOCAL_PART = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])")
_TIME_ZONE = re.compile(r"(?!Factory$)[A-Z][A-Za-z0-9_+-]{1,20}(/[A-Za-z0-9_+-]{1,30}){0,2}")
_COMMONEST_TEXT = """
1234567890 0123456789 0987654321 9876543210 12345678910 123456789a a123456789 1q2w3e4r5t
1qaz2wsx3edc 123qweasdzxc 1234qwerasdf abcdefghij abcdefghijk asdfghjkl1 asdfghjkl123 changeme123
football123 iloveyou12 iloveyou123 letmein123 password00 password01 password10 password11
password12 password123 password1234 password12345 passw0rd123 p@ssw0rd123 princess123 q1w2e3r4t5
qazwsxedcrfv qwerty1234 qwerty12345 qwerty123456 qwertyuiop qwertyuiop1 qwertyuiop123 sunshine123
superman123 welcome123 welcome1234 zaq12wsxcde3 administrator 1234512345 1111122222 1122334455
123123123123 123321123321
"""
"""The commonest passwords of ten characters and more, from public lists of leaked ones."""
_COMMONEST = frozenset(_COMMONEST_TEXT.split())


class WrongCredentials(Unauthenticated):
    code = "auth.wrong_credentials"
    title = "The e-mail address or the password is wrong"


class SessionEnded(Unauthenticated):
    code = "auth.session_ended"
    title = "The session has ended; sign in again"


class NoWorkspace(Forbidden):
    code = "auth.no_workspace"
    title = "This account belongs to no workspace"


class EmailTaken(Conflict):
    code = "auth.email_taken"
    title = "This address has an account, with another password; sign in or reset the password"


class SignupClosed(Forbidden):
    code = "auth.signup_closed"
    title = "Accounts are made by invitation here; ask a colleague for one"


class UnverifiedAddress(Forbidden):
    code = "auth.unverified_address"
    title = "Confirm your e-mail address first"


class NoMember(Missing):
    code = "member.not_found"
    title = "No such member"


class NoLink(Missing):
    code = "link.not_found"
    title = "This link was used, taken back or is too old"


class AlreadyMember(Conflict):
    code = "member.exists"
    title = "This person is a member already"


class TooManyInvited(Conflict):
    code = "member.too_many_invited"
    title = "Many are invited who haven't come; take some of the invitations back first"


class LastOwner(Conflict):
    code = "member.last_owner"
    title = "A workspace needs an owner; make somebody else one first"


class TooManyWorkspaces(Conflict):
    code = "member.too_many_workspaces"
    title = f"A person can belong to at most {MOST_WORKSPACES} workspaces"


def email_address(field: str, value: str) -> str:
    """An address as it is kept and compared: trimmed and in lower case.

    ASCII only, an international domain in its `xn--` form: folding the case of other scripts
    makes different addresses equal, and SES doesn't send to non-ASCII mailboxes.

    Raises:
        Invalid: Not an address that mail can be sent to.
    """
    address = value.strip()
    if not address.isascii():
        raise invalid(field, "must be in ASCII (an international domain as `xn--…`)")
    address = address.lower()
    local, _, domain = address.rpartition("@")
    if (
        len(address) > LONGEST_EMAIL
        or len(local) > LONGEST_LOCAL_PART
        or not _LOCAL_PART.fullmatch(local)
        or not _DOMAIN.fullmatch(domain)
    ):
        raise invalid(field, "is not an e-mail address")
    return address


def login_id(email: str) -> str:
    """The key of an address: it stands in events and counters, which shouldn't tell addresses."""
    return hashlib.sha256(email.encode()).hexdigest()


def normalize_password(value: str) -> str:
    """A password as it is hashed: NFKC, so that it is the same from every keyboard."""
    return unicodedata.normalize("NFKC", value)


def check_password(field: str, value: str, *, email: str) -> None:
    """Refuse a password that is guessed first (after NIST SP 800-63B §5.1.1.2).

    Raises:
        Invalid: Too short, too long, the address itself, too monotonous, or too common.
    """
    password = normalize_password(value)
    if len(password) < SHORTEST_PASSWORD:
        raise invalid(field, f"must have at least {SHORTEST_PASSWORD} characters")
    if len(password) > LONGEST_PASSWORD:
        raise invalid(field, f"must have at most {LONGEST_PASSWORD} characters")
    folded = password.casefold()
    if folded in (email, email.partition("@")[0]):
        raise invalid(field, "must not be your e-mail address")
    if folded in _COMMONEST or len(set(folded)) < FEWEST_DIFFERENT_CHARACTERS:
        raise invalid(field, "is too easy to guess")


def time_zone(field: str, value: str) -> str:
    """An IANA time zone's name. Raises Invalid when there is none of this name."""
    try:
        if not _TIME_ZONE.fullmatch(value):
            raise ValueError(value)
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise invalid(field, "is not an IANA time zone such as `Europe/Madrid`") from error


def zone_or_utc(value: str | None) -> str:
    """The time zone that a browser says it is in; UTC where that is none we know.

    Nobody chose it, so nobody is to be refused for it: browsers say `Etc/Unknown`, or zones that
    are newer than our list of them. Deprecated names are names.
    """
    try:
        return time_zone("time_zone", value or "")
    except Invalid:
        return UTC


def language(field: str, value: str | None) -> str | None:
    """A language's BCP 47 tag in its canonical form; None leaves it to the browser.

    Which languages there are is the dashboard's affair: it takes the nearest.

    Raises:
        Invalid: No language tag.
    """
    if value is None:
        return None
    tag = locales.canonical(value)
    if not tag:
        raise invalid(field, "is not a language tag such as `de`")
    return tag


def wait_time(tries: int, *, free: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """How long to wait after that many tries: 1 s after the free ones, doubling to `longest`."""
    if tries < free:
        return timedelta(0)
    return min(longest, timedelta(seconds=2 ** min(tries - free, 16)))


def latest_devices(devices: Sequence[str], device: str) -> tuple[str, ...]:
    """The person's devices after a sign-in from one of them, the latest last."""
    return (*(one for one in devices if one != device), device)[-MOST_DEVICES:]


def can_manage(mine: Role, theirs: Role) -> bool:
    """Whether somebody with role `mine` may change, remove or invite somebody with `theirs`."""
    return Grant.TEAM_MANAGE in GRANTS[mine] and (theirs is not Role.OWNER or mine is Role.OWNER)


def check_can_manage(manager: Operator, theirs: Role, *, new: Role | None = None) -> None:
    """Whether somebody may change, remove or invite somebody with the role `theirs`.

    It takes the grant; owners are managed by owners alone. `new` is the role to give.

    Raises:
        Forbidden: They may not.
    """
    if Grant.TEAM_MANAGE not in manager.grants:
        raise Forbidden(f"This needs the grant {Grant.TEAM_MANAGE}")
    if Role.OWNER in (theirs, new) and manager.role is not Role.OWNER:
        raise Forbidden("Only owners manage owners")
