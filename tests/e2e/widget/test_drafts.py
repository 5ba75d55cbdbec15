"""What a visitor has begun to write, and who may see it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.host import HostSite
from tests.e2e.operator import Operator
from tests.e2e.widget.chat import Chat

_KEPT = "localStorage['foyer:drafts'] ?? ''"


def test_a_draft_survives_a_reload_and_another_conversation_until_it_is_sent(
    page: Page, host: HostSite, operator: Operator
) -> None:
    url = host.with_widget(operator.widget_key)
    chat = Chat(page).visit(url).open()
    chat.begin("about bowls")
    chat.composer.fill("half a sentence")
    chat.back()
    chat.frame.get_by_role("button", name="Send us a message").click()
    expect(chat.composer).to_have_value("")
    chat.composer.fill("a new question")
    chat.visit(url).open()
    chat.frame.get_by_role("button", name="Send us a message").click()
    expect(chat.composer).to_have_value("a new question")
    chat.back()
    chat.frame.get_by_role("button", name="about bowls").click()
    expect(chat.composer).to_have_value("half a sentence")
    chat.composer.press("Enter")
    expect(chat.bubbles).to_have_text(["about bowls", "half a sentence"])
    chat.visit(url).open()
    chat.frame.get_by_role("button", name="half a sentence").click()
    expect(chat.bubbles).to_have_count(2)
    expect(chat.composer).to_have_value("")


def test_the_next_person_at_the_computer_sees_no_draft(
    page: Page, host: HostSite, operator: Operator
) -> None:
    key = operator.widget_key
    url = host.with_widget(key)
    chat = Chat(page).visit(url).open()
    _begin_to_write(chat, "my card is 4711")
    page.evaluate("Foyer('shutdown')")
    expect(page.locator("foyer-widget")).to_have_count(0)
    page.evaluate(f"Foyer('boot', {{ key: '{key}' }})")
    _begin_to_write(chat.open(), "mine")
    assert "4711" not in chat.frame.locator("html").evaluate(_KEPT)


def test_a_draft_does_not_pass_to_another_identity_even_when_the_chat_was_closed(
    page: Page, host: HostSite, operator: Operator
) -> None:
    boots = "Foyer('boot', {{ key: '{}', identity: {{ external_id: '{}' }} }});"
    chat = Chat(page).visit(host.without_key(boots.format(operator.widget_key, "ann"))).open()
    _begin_to_write(chat, "my card is 4711")
    chat.visit(host.without_key(boots.format(operator.widget_key, "bob"))).open()
    chat.frame.get_by_role("button", name="Send us a message").click()
    expect(chat.composer).to_have_value("")
    assert "4711" not in chat.frame.locator("html").evaluate(_KEPT)


def _begin_to_write(chat: Chat, text: str) -> None:
    """Start a conversation, where nothing has been written, without sending."""
    chat.frame.get_by_role("button", name="Send us a message").click()
    expect(chat.composer).to_have_value("")
    chat.composer.fill(text)
