"""Phone numbers as people write them, in the one form that tells them apart.

The rules are Google's libphonenumber (its Python port, with its data of every country). It takes
25 ms to import, more than most requests to answer, and few of them have a number in them: it is
imported with the first number that a process reads (docs/decisions/0018).
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from chalicelib.kit import text
from chalicelib.kit.problems import invalid

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_LONGEST = 80
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_LETTERS = re.compile(r"[^\W\d_]")
_MEXICO = 52


def phone_number(field: str, value: str) -> str:
    """A number in E.164 form, an extension after it as in RFC 3966: `+49301234;ext=12`.

    Written with its country code: after `+` or `00`, as a `tel:` address, with or without a trunk
    prefix, in any script's digits. Which country a national number is of isn't guessed, nor where
    `011` leads abroad. Empty for an empty text.

    Raises:
        Invalid: Without a country code, or not a number.
    """
    line = text.one_line(field, value, limit=_LONGEST, required=False)
    if not line:
        return ""
    # A trunk prefix in brackets is left out by who reads it: so is one that isn't dialled there.
    for candidate in (line, re.sub(r"\(\s*0\s*\)", "", line)):
        number = _parse(re.sub(r"^\W*00", "+", candidate))
        if number:
            return number
    raise invalid(field, "is not a phone number with its country code, such as +49 30 123456")


def _parse(candidate: str) -> str:
    library = _library()
    try:
        number: PhoneNumber = library.parse(candidate, None)
    except library.NumberParseException:
        return ""
    _strip_old_mexican_prefix(number)
    # New ranges are possible before the library knows that they are valid; words never are.
    words = _LETTERS.search(re.sub(r"(?i)^tel:|;.*|\b(ext|extension|x)\b.*", "", candidate))
    holds = library.is_valid_number if words else library.is_possible_number
    e164 = str(library.format_number(number, library.PhoneNumberFormat.E164))
    if not holds(number) or not _E164.fullmatch(e164):
        return ""
    return f"{e164};ext={number.extension}" if number.extension else e164


def _strip_old_mexican_prefix(number: PhoneNumber) -> None:
    """Until 2019 mobile numbers had a 1 after the country code, and in many books they still do."""
    national = str(number.national_number)
    if number.country_code == _MEXICO and len(national) == 11 and national.startswith("1"):
        number.national_number = int(national[1:])


@cache
def _library() -> Any:
    return import_module("phonenumbers.phonenumberutil")
