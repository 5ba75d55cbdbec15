"""What our mails say. Names come from people: they are no links, short, and escaped in HTML."""

from __future__ import annotations

import re
import unicodedata
from html import escape

from chalicelib.kit import text
from chalicelib.platform.mail import Mail

NAME_LIMIT = 40
"""Characters of a name in our mails."""

# What looks like a dot, a slash or a colon to whoever makes links of text (UTS #46 §2.3, RFC 3986).
_JOINTS = re.compile("(?<=\\S)[./\\\\:@\u3002\uff61\u2024\u2044\u2215\u29f8\ua789\u2236](?=\\S)")
_SCHEME = re.compile(
    r"\b(?:https?|ftp|mailto|javascript|data|tel|www)\b[:./\\@]+(?=\S)", re.IGNORECASE
)
# Signs without a shape of their own that aren't of a category that goes as a whole.
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


def safe_name(name: str, otherwise: str) -> str:
    """A name of somebody's choosing, such that no link and no text of theirs comes of it.

    Compatibility forms are plain ones (NFKC: full-width dots and letters), what isn't seen or turns
    the direction is gone, every gap is one blank, what joins the parts of an address is a blank,
    and at most 40 characters are left. `otherwise` when nothing is.
    """
    plain = unicodedata.normalize("NFKC", name)
    visible = "".join(_visible_form(one) for one in plain)
    without = _JOINTS.sub(" ", _SCHEME.sub(" ", visible))
    short = " ".join(without.split()).lstrip(". /\\:@")
    short = short if len(short) <= NAME_LIMIT else text.cut(short, NAME_LIMIT - 1).rstrip() + "…"
    return short if any(one.isalnum() for one in short) else otherwise


def _visible_form(one: str) -> str:
    category = unicodedata.category(one)
    if category in ("Zl", "Zp", "Zs") or one in "\t\r\n\v\f\x85":
        return " "
    invisible = category[0] == "C" or one in _FILLERS or "\ufe00" <= one <= "\ufe0f"
    return "" if invisible else one


def invitation(to: str, *, workspace: str, invited_by: str, link: str) -> Mail:
    """To somebody who is offered a place in a workspace. The subject's words are ours."""
    team = safe_name(workspace, "a team")
    by = safe_name(invited_by, "A colleague")
    return _mail(
        to,
        subject=f"Invitation to the team “{team}” on Foyer",
        message=f"{by} invites you to join the team “{team}” and talk to its customers.",
        button="Join the team",
        link=link,
        note=(
            "The link works once, for seven days. If you didn't expect it, just ignore it. Names "
            "are those that people gave themselves."
        ),
    )


def verification(to: str, *, link: str) -> Mail:
    """To somebody who signed up, or somebody else did with their address: without any name."""
    return _mail(
        to,
        subject="Confirm your e-mail address for Foyer",
        message="Somebody, hopefully you, signed up for Foyer with this address.",
        button="Confirm this address",
        link=link,
        note=(
            "The link works once, for a day. If it wasn't you, ignore this mail: nobody can invite "
            "others in your name."
        ),
    )


def new_password(to: str, *, link: str) -> Mail:
    """To somebody who forgot their password."""
    return _mail(
        to,
        subject="Choose a new Foyer password",
        message="Somebody, hopefully you, asked for a new password for your Foyer account.",
        button="Choose a new password",
        link=link,
        note=(
            "The link works once, for an hour. If it wasn't you, ignore this mail: your password "
            "stays as it is."
        ),
    )


def _mail(to: str, *, subject: str, message: str, button: str, link: str, note: str) -> Mail:
    text = f"Hello,\n\n{message}\n\n{button}:\n{link}\n\n{note}\n\nFoyer\n"
    html = (
        '<div style="max-width:32em;font:16px/1.5 system-ui,sans-serif;color:#1c1c22">'
        f"<p>Hello,</p><p>{escape(message)}</p>"
        f'<p><a href="{escape(link)}" style="display:inline-block;padding:10px 18px;'
        f'border-radius:8px;background:#3b5bdb;color:#fff;text-decoration:none">{button}</a></p>'
        f'<p style="color:#5c5c66">{escape(note)}</p><p>Foyer</p></div>'
    )
    return Mail(to=to, subject=subject, text=text, html=html)
