"""A conversation before both sides' eyes: the widget on a page and the dashboard."""

from __future__ import annotations

import json
import secrets
from typing import Any

from playwright.sync_api import Frame, Page

from infra.local.settings import ROOT
from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.people import Person, until
from tests.e2e.host import HostSite
from tests.e2e.widget.chat import Chat

TABLE: list[dict[str, Any]] = json.loads((ROOT / "protocol/tests/messages.json").read_text())

# Whether the page is as wide as the window, and what visible reaches beyond it: not what is in a
# place inside the window that cuts or scrolls it.
WIDTHS = """() => {
  const reaches = (one) => one.getBoundingClientRect().right > innerWidth + 1;
  const isKept = (one) => {
    for (let at = one.parentElement; at && at !== document.body; at = at.parentElement) {
      if (getComputedStyle(at).overflowX !== "visible" && !reaches(at)) return true;
    }
    return false;
  };
  return [document.documentElement.scrollWidth <= innerWidth,
    [...document.querySelectorAll("body *")]
      .filter((one) => one.checkVisibility() && reaches(one) && !isKept(one))
      .map((one) => one.outerHTML.slice(0, 90))];
}"""


class Talk:
    """What a visitor says in the widget, and an operator answers by HTTP."""

    def __init__(
        self, owner: Person, host: HostSite, new_context: NewContext, **options: Any
    ) -> None:
        self.owner = owner
        key = owner.ask("GET", "/v1/workspace")["widget_key"]
        page = new_context(**options).new_page()
        self.chat = Chat(page).visit(host.with_widget(key)).open()
        self.chat.begin("Hello")
        self.conversation = str(owner.ask("GET", "/v1/conversations?status=all")["data"][0]["id"])

    @property
    def frame(self) -> Frame:
        """The chat's own page."""
        return next(one for one in self.chat.page.frames if "frame.html" in one.url)

    def ask(self, text: str) -> None:
        """Say something as the visitor, and wait until it is drawn as sent."""
        self.chat.write(text)
        assert until(lambda: text.strip()[-20:] in self._messages()[-1]["text"])

    def answer(self, *texts: str) -> None:
        """Say something as the operator, and wait until the widget has drawn it."""
        self.say(*texts)
        self.frame.wait_for_function(
            "(n) => document.querySelectorAll('.bubble').length >= n", arg=len(self._messages())
        )

    def say(self, *texts: str) -> None:
        """Say something as the operator."""
        path = f"/v1/conversations/{self.conversation}/messages"
        for text in texts:
            said = {"text": text, "client_id": secrets.token_hex(13).upper()}
            self.owner.ask("POST", path, said)

    def desk(self, page: Page, path: str = "") -> Page:
        """The dashboard at this conversation, drawn."""
        self.owner.sit_down(page, path or f"/conversations/{self.conversation}")
        page.locator(".markdown").first.wait_for()
        return page

    def _messages(self) -> list[dict[str, Any]]:
        path = f"/v1/conversations/{self.conversation}/messages?after_seq=0&limit=100"
        return list(self.owner.ask("GET", path)["data"])


def message_htmls(at: Page | Frame) -> list[str]:
    """The HTML of every message that is drawn."""
    return list(
        at.evaluate("() => [...document.querySelectorAll('.markdown')].map((m) => m.outerHTML)")
    )


def message_texts(at: Page | Frame) -> list[str]:
    """The text of every message as it is shown."""
    return list(
        at.evaluate("() => [...document.querySelectorAll('.markdown')].map((m) => m.innerText)")
    )
