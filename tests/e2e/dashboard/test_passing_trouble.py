"""A server in trouble, as an operator sees it: a calm line, and nothing lost or called refused."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person, until
from tests.e2e.widget.test_passing_trouble import Trouble


def test_a_search_that_fails_doesnt_say_that_there_is_nothing(
    owner: Person, new_tab: NewTab
) -> None:
    owner.customer("Anna").write("Hello?")
    desk = owner.sit_down(new_tab(), "/visitors")
    desk.keyboard.press("Control+k")
    desk.get_by_role("combobox").fill("zzzz")
    expect(desk.locator(".palette-empty")).to_contain_text("Nothing fits. Try a name")
    desk.route("**/v1/contacts?*", lambda route: route.fulfill(status=422, body="{}"))
    desk.get_by_role("combobox").fill("zzzzz")
    expect(desk.locator(".palette-empty")).to_contain_text("the rest couldn't be searched")
    desk.unroute("**/v1/contacts?*")
    desk.get_by_role("combobox").fill("anna")
    expect(desk.get_by_role("option", name="Anna")).to_be_visible()


def test_a_reply_and_a_change_wait_out_a_server_in_trouble(owner: Person, new_tab: NewTab) -> None:
    anna = owner.customer("Anna").write("Hello?")
    desk = new_tab()
    owner.sit_down(desk, f"/conversations/{anna.conversation}")
    desk.evaluate("localStorage.setItem('foyer.pref.undo-send', '0')")
    desk.reload()
    expect(desk.locator(".thread-title h2")).to_have_text("Anna")
    trouble = Trouble(desk, f"**/v1/conversations/{anna.conversation}/*", done=1)
    desk.get_by_placeholder("Write a reply…").fill("On its way")
    desk.get_by_role("button", name="Send and close").click()
    banner = desk.get_by_text("Saving takes longer than usual")
    expect(banner).to_be_visible(timeout=20_000)
    expect(desk.get_by_text("Not sent")).to_have_count(0)
    trouble.end()
    expect(banner).to_be_hidden(timeout=60_000)
    assert until(lambda: owner.status(anna) == "closed", 60)
    assert anna.hears() == ["On its way"]
