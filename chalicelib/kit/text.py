"""Text from outside: what it may hold and how long it may be."""

from __future__ import annotations

import re

from chalicelib.kit.problems import invalid

MESSAGE_LIMIT = 10_000
PREVIEW_LIMIT = 120

# C0 and C1 controls but for tab and line feed, and the lone surrogates that UTF-8 can't carry.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What turns the direction of the text around it (UAX #9 §2): in a name, of other people's words.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Anything but white space and signs without a shape of their own: joiners, marks, fillers.
_VISIBLE = re.compile(
    "[^\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)


def multi_line(field: str, value: str, *, limit: int, required: bool = True) -> str:
    """`value` with line ends as `\\n`, without blank lines and space around what it says.

    Its first line stays indented, for that may mean something. Empty if there is nothing to see.

    Raises:
        Invalid: Blank though required, over `limit` characters, or with control characters.
    """
    cleaned = value.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    indented = len(cleaned) - len(cleaned.lstrip())
    cleaned = cleaned[cleaned.rfind("\n", 0, indented) + 1 :]
    if not _VISIBLE.search(cleaned):
        cleaned = ""
    if required and not cleaned:
        raise invalid(field, "must not be blank")
    if len(cleaned) > limit:
        raise invalid(field, f"must have at most {limit:,} characters")
    if _UNWANTED.search(cleaned):
        raise invalid(field, "must not contain control characters")
    return cleaned


def one_line(field: str, value: str, *, limit: int, required: bool = True) -> str:
    """Like `multi_line`, with every run of white space made one space, and nothing that turns."""
    plain = " ".join(_TURNING.sub("", value).split())
    return multi_line(field, plain, limit=limit, required=required)


def preview(text: str) -> str:
    """A message's beginning, for lists: at most `PREVIEW_LIMIT` characters.

    Its lines stay lines, without blank ones: they tell what its marks mean to whoever shows it.
    """
    lines = (" ".join(line.split()) for line in text.split("\n"))
    short = "\n".join(line for line in lines if line)
    return short if len(short) <= PREVIEW_LIMIT else short[: PREVIEW_LIMIT - 1] + "…"
