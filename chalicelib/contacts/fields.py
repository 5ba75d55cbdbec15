"""What is known of a contact and from whom: the one place that reads and changes it.

A contact's own fields hold what was proved, or what an operator or an import set. What a page
says without proof stands beside them, in `claimed`: it is shown as such, takes no unique key and
overwrites nothing. A custom field goes by the name `custom.<name>` here.

An operator's word is no proof. When somebody proves a key that an operator had noted elsewhere, the
proof takes the key; the note stays where it is, `unheld`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.contacts import domain, store
from chalicelib.contacts.domain import Source
from chalicelib.contacts.schemas import Provenance
from chalicelib.contacts.store import Contact

KEYS = ("external_id", "email", "phone")
PLAIN = ("name", *KEYS)
_CUSTOM = "custom."


def provenance(row: Contact) -> dict[str, Provenance]:
    """From whom each field is that says something: a `Source`, or `claimed`."""
    by: dict[str, Provenance] = {**dict.fromkeys(row.data.claimed, "claimed"), **sources(row)}
    return {**by, "email": "claimed"} if row.data.email_unproved else by


def sources(row: Contact) -> dict[str, Source]:
    """From whom each of a contact's own fields is."""
    by_field = row.data.sources
    return _former_sources(row) if by_field is None else dict(by_field)


def proves(row: Contact, field: str) -> bool:
    """Whether the contact's value of a field was proved."""
    return sources(row).get(field) == "verified"


def custom_fields(row: Contact) -> dict[str, Any]:
    """The custom fields as they are shown: what a page says stands where nobody else has a word."""
    return {**custom_claims(row), **row.data.custom}


def custom_claims(row: Contact) -> dict[str, Any]:
    """The custom fields that a page said without proof, by name."""
    return {
        field.removeprefix(_CUSTOM): value
        for field, value in row.data.claimed.items()
        if field.startswith(_CUSTOM)
    }


def plain_fields(values: Mapping[str, Any]) -> dict[str, str]:
    """What of these isn't a custom field."""
    return {field: value for field, value in values.items() if not field.startswith(_CUSTOM)}


def prefix_custom(custom: Mapping[str, Any]) -> dict[str, Any]:
    """Custom fields under the names that they go by here."""
    return {f"{_CUSTOM}{name}": value for name, value in custom.items()}


def set_values(row: Contact, values: Mapping[str, Any], source: Source) -> None:
    """Take values over into the contact's own fields; an empty text clears a plain one.

    Who says what is already so doesn't make it less proved.
    """
    data, by_field = row.data, sources(row)
    claimed, custom, unheld = dict(data.claimed), dict(data.custom), set(data.unheld)
    for field, value in values.items():
        same = _is_same(field, own_value(row, field), value)
        if field.startswith(_CUSTOM):
            custom[field.removeprefix(_CUSTOM)] = value
        else:
            setattr(data, field, value)
        if not same:
            unheld.discard(field)
        if not (same and by_field.get(field) == "verified"):
            by_field[field] = source
        if value == "" and field in PLAIN:
            by_field.pop(field)
        else:
            claimed.pop(field, None)
    data.sources, data.claimed, data.custom = by_field, claimed, custom
    data.unheld = tuple(sorted(unheld))
    data.email_unproved = data.email_unproved and "email" not in values
    store.update_search(row)


def remove_custom(row: Contact, names: set[str]) -> None:
    """Take custom fields away, whoever said them."""
    fields = set(prefix_custom(dict.fromkeys(names)))
    data = row.data
    data.sources = {field: by for field, by in sources(row).items() if field not in fields}
    data.claimed = {field: each for field, each in data.claimed.items() if field not in fields}
    data.custom = {name: each for name, each in data.custom.items() if name not in names}


def set_claims(row: Contact, claims: Mapping[str, Any]) -> None:
    """Keep what a page says without proof, where it says anything new.

    Plain fields are what it says now; custom fields stay until it says something else of them.
    """
    before = {f: v for f, v in row.data.claimed.items() if f.startswith(_CUSTOM)}
    both = {**before, **claims}
    row.data.claimed = {
        f: v for f, v in both.items() if v != "" and not _is_same(f, own_value(row, f), v)
    }
    store.update_search(row)


def unique_claims(row: Contact) -> frozenset[str]:
    """What of a contact must be unique in its workspace, and is this contact's."""
    data = row.data
    values = {f: "" if f in data.unheld else getattr(data, f) for f in KEYS}
    return domain.unique_claims(values["external_id"], values["email"], values["phone"])


def own_value(row: Contact, field: str) -> Any:
    """The contact's own value of a field; None where a custom field says nothing."""
    if field.startswith(_CUSTOM):
        return row.data.custom.get(field.removeprefix(_CUSTOM))
    return getattr(row.data, field)


def release_key(row: Contact, field: str) -> None:
    """Somebody proved this value elsewhere: it stays as a note, and holds nothing any more."""
    row.data.sources = sources(row)
    row.data.unheld = tuple(sorted({*row.data.unheld, field}))


def merge(row: Contact, other: Contact) -> None:
    """Take over from a contact that is merged into `row` what `row` has nothing of."""
    own_sources, claimed = sources(row), row.data.claimed
    missing = {
        field: source
        for field, source in sources(other).items()
        if own_value(row, field) in ("", None)
        and field not in other.data.unheld
        and not (field == "name" and field in claimed)
    }
    for source in set(missing.values()):
        set_values(
            row, {f: own_value(other, f) for f, by in missing.items() if by == source}, source
        )
    theirs = {f: v for f, v in other.data.claimed.items() if f not in own_sources}
    row.data.claimed = {**theirs, **claimed}
    store.update_search(row)


def snapshot(row: Contact) -> tuple[Any, ...]:
    """What others are told of when it changes."""
    data = row.data
    return (
        data.name, data.external_id, data.email, data.phone, data.custom, data.claimed,
        sources(row), data.verified, frozenset(data.unheld),
    )  # fmt: skip


def _is_same(field: str, one: Any, other: Any) -> bool:
    if field == "email":
        return str(one or "").casefold() == str(other or "").casefold()
    return bool(one == other)


def _former_sources(row: Contact) -> dict[str, Source]:
    """The rule for rows that were kept before each field said from whom it is.

    Only the key of a proved contact counts as proved; what came beside it may be anybody's.
    """
    data = row.data
    email_is_key = data.verified and not data.external_id and not data.email_unproved
    by: dict[str, Source] = {
        "name": "operator",
        "external_id": "verified" if data.verified else "operator",
        "email": "verified" if email_is_key else "operator",
        "phone": "operator",
        **dict.fromkeys(prefix_custom(data.custom), "operator"),
    }
    return {
        field: source for field, source in by.items() if own_value(row, field) not in ("", None)
    }
