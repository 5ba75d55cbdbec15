"""Text from outside: what it may hold and how long it may be."""

from __future__ import annotations

import re

from chalicelib.kit.problems import invalid

MESSAGE_LIMIT = 10_000
PREVIEW_LIMIT = 120

# C0 and C1 controls but for tab and line feed, and the lone surrogates that UTF-8 can't carry.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_PICTURES = {**{code: 0x2400 + code for code in range(0x20)}, 0x7F: 0x2421}
"""What shows a control character (Unicode's block Control Pictures)."""
# What turns the direction of the text around it (UAX #9 §2): in a name, of other people's words.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Anything but white space and signs without a shape of their own: what Unicode calls ignorable
# (Default_Ignorable_Code_Point: joiners, variants, fillers, tags), and Braille's blank.
_VISIBLE = re.compile(
    "[^\\s\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_LONGEST_SIGN = 40
# A joiner before, or what only changes the character before it: marks, variants, skin, tags.
_JOINED = re.compile(
    "\u200d.|.[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u093a-\u094f"
    "\u0e31-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]",
    re.DOTALL,
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")
_FLAGS = re.compile("[\U0001f1e6-\U0001f1ff]+$")


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


def message(field: str, value: str) -> str:
    """What somebody writes to somebody else, as `multi_line` takes it.

    Control characters, as in a log that was copied from a terminal, become signs that show them.

    Raises:
        Invalid: Blank, or over `MESSAGE_LIMIT` characters.
    """
    ended = value.replace("\r\n", "\n").replace("\r", "\n")
    return multi_line(field, _UNWANTED.sub(_picture, ended), limit=MESSAGE_LIMIT)


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
    return short if len(short) <= PREVIEW_LIMIT else cut(short, PREVIEW_LIMIT - 1) + "…"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, not ending inside what a reader sees as one (UAX #29).

    As much of the rule as emoji, flags and marks need; one that is longer than `_LONGEST_SIGN` is
    cut after all.
    """
    end = min(limit, len(text))
    for at in range(end, max(end - _LONGEST_SIGN, 0), -1):
        if at == len(text) or not _is_inside(text, at):
            return text[:at]
    return text[:end]


def _picture(control: re.Match[str]) -> str:
    return chr(_PICTURES.get(ord(control[0]), 0xFFFD))


def _is_inside(text: str, at: int) -> bool:
    """Whether the characters around a place are drawn as one sign."""
    if _JOINED.match(text[at - 1 : at + 1]):
        return True
    flags = _FLAGS.search(text, 0, at)
    return bool(flags and _FLAG.match(text, at) and (flags.end() - flags.start()) % 2)
