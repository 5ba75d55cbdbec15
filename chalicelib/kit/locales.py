"""Locales as browsers, servers and content management systems write them."""

from __future__ import annotations

import re
from typing import Any

LONGEST = 35
"""Characters, as RFC 5646 §4.4.1 asks to keep at least."""

_TAG = re.compile(
    r"""
      (?P<language>[a-z]{2,3})
      (?:-(?P<script>[a-z]{4}))?
      (?:-(?P<region>[a-z]{2}|\d{3}))?
      (?P<rest>(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*         # variants
               (?:-[a-wy-z\d](?:-[a-z\d]{2,8})+)*          # extensions
               (?:-x(?:-[a-z\d]{1,8})+)?)                  # private use
    """,
    re.VERBOSE,
)
_RENAMED = {"iw": "he", "in": "id", "ji": "yi"}


def canonical(value: Any) -> str:
    """A BCP 47 tag (`de-AT`) from one, or from a POSIX or WordPress locale (`de_AT.UTF-8`).

    What follows the region is left out of a tag that is too long. Empty where nothing is said
    (also `C` and `POSIX`), and for what is no locale.
    """
    if not isinstance(value, str):
        return ""
    tag = re.split(r"[.@]", value.strip(), maxsplit=1)[0].replace("_", "-").lower()
    match = _TAG.fullmatch(tag[: 4 * LONGEST])
    if match is None:
        return ""
    language, script, region = match["language"], match["script"], match["region"]
    parts = (_RENAMED.get(language, language), script and script.title(), region and region.upper())
    short = "-".join(part for part in parts if part)
    whole = short + match["rest"]
    return whole if len(whole) <= LONGEST else short
