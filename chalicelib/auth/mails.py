"""What our mails say. Names come from people, so they are escaped where they are HTML."""

from __future__ import annotations

from html import escape

from chalicelib.platform.mail import Mail


def invitation(to: str, *, workspace: str, invited_by: str, link: str) -> Mail:
    """To somebody who is offered a place in a workspace."""
    return _mail(
        to,
        subject=f"{invited_by} invites you to {workspace} on Foyer",
        said=f"{invited_by} invites you to join the team of {workspace} and talk to its customers.",
        button="Join the team",
        link=link,
        note="The link works once, for seven days. If you didn't expect it, just ignore it.",
    )


def new_password(to: str, *, link: str) -> Mail:
    """To somebody who forgot their password."""
    return _mail(
        to,
        subject="Choose a new Foyer password",
        said="Somebody, hopefully you, asked for a new password for your Foyer account.",
        button="Choose a new password",
        link=link,
        note=(
            "The link works once, for an hour. If it wasn't you, ignore this mail: your password "
            "stays as it is."
        ),
    )


def _mail(to: str, *, subject: str, said: str, button: str, link: str, note: str) -> Mail:
    text = f"Hello,\n\n{said}\n\n{button}:\n{link}\n\n{note}\n\nFoyer\n"
    html = (
        '<div style="max-width:32em;font:16px/1.5 system-ui,sans-serif;color:#1c1c22">'
        f"<p>Hello,</p><p>{escape(said)}</p>"
        f'<p><a href="{escape(link)}" style="display:inline-block;padding:10px 18px;'
        f'border-radius:8px;background:#3b5bdb;color:#fff;text-decoration:none">{button}</a></p>'
        f'<p style="color:#5c5c66">{escape(note)}</p><p>Foyer</p></div>'
    )
    return Mail(to=to, subject=subject, text=text, html=html)
