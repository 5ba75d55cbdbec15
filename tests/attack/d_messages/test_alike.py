"""The same message looks the same to both sides, and the server changes nothing of it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.attack.d_messages.talk import TABLE, Talk, message_htmls, message_texts
from tests.e2e.conftest import NewContext
from tests.e2e.dashboard.conftest import NewTab
from tests.e2e.dashboard.people import Person, until
from tests.e2e.host import HostSite

# Whether code is wider than its place differs.
_REACHED = re.compile(' tabindex="(0|-1)"')
# A row that ends in an open fence would take the next one's form.
SAID = [row["text"] for row in TABLE if row["tree"][-1][0] != "pre"]


def test_every_example_is_drawn_alike_in_widget_and_dashboard(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    talk = Talk(owner, host, new_context)
    for some in range(0, len(SAID), 12):
        talk.answer("\n\n¶\n\n".join(SAID[some : some + 12]))
    desk = talk.desk(new_tab(height=4000))
    expect(desk.locator(".markdown")).to_have_count(len(message_htmls(talk.frame)))
    theirs, ours = (
        [_REACHED.sub("", one) for one in message_htmls(at)] for at in (talk.frame, desk)
    )
    assert ours == theirs


_STYLES = """() => [...document.querySelectorAll(".markdown *")].map((one) => {
  const s = getComputedStyle(one);
  const em = parseFloat(getComputedStyle(one.closest(".markdown")).fontSize);
  const size = (value) => Math.round(100 * parseFloat(value) / em) / 100;
  return [one.tagName, s.display, s.fontWeight >= 600, s.fontStyle, s.textDecorationLine,
    s.listStyleType, s.whiteSpace, s.direction, s.overflowX, size(s.fontSize), size(s.marginTop),
    size(s.paddingInlineStart), s.borderInlineStartWidth].join(" ");
})"""


def test_both_draw_it_in_the_same_style(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    talk = Talk(owner, host, new_context)
    talk.answer(
        "**b** *i* ~~s~~ `c` https://a.example\n\n3. a\n7. b\n12) c\n\n- a\n  - b\n    - c\n\n"
        "> q\n> - r\n>\n> ```\n> code\n> ```\n\n```js\na\n```\nend",
        "مرحبا\n\n- أ\n\n> ب\n\nhello",
    )
    assert talk.desk(new_tab()).evaluate(_STYLES) == talk.frame.evaluate(_STYLES)


# The signs of each piece of code from left to right, as the eye meets them.
_SEEN = """() => [...document.querySelectorAll(".markdown code")].map((one) => {
  const { firstChild: text } = one;
  const left = (at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().left;
  };
  const places = [...text.data].map((sign, at) => [left(at), sign]);
  return places.sort(([a], [b]) => a - b).map(([, sign]) => sign).join("");
})"""


def test_code_among_arabic_keeps_its_order(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    talk = Talk(owner, host, new_context)
    talk.answer("استخدم `fetch()` ثم `--flag=1` في `config.json`", "> استخدم `a[0]`\n- `(b)` ثم")
    seen = talk.frame.evaluate(_SEEN)
    assert seen == ["fetch()", "--flag=1", "config.json", "a[0]", "(b)"]
    assert talk.desk(new_tab()).evaluate(_SEEN) == seen


def test_what_the_visitor_pastes_keeps_its_spaces_and_is_copied_as_it_was(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    pasted = [
        "    at foo()\n      at  bar()\n\n\n\n\tat baz()",
        "name\tprice\ncup   1.50\nbowl  12.00",
        "C:\\__temp__\\ my__prod__shop __init__ **/*.ts 2*3*4",
    ]
    talk = Talk(owner, host, new_context)
    for text in pasted:
        talk.ask(text)
    code = "def a():\n    return  '\t1'\n\n\n# end"
    talk.ask(f"```py\n{code}\n```")
    desk = talk.desk(new_tab())
    for at in (talk.frame, desk):
        shown = message_texts(at)
        # Between paragraphs innerText has two line breaks, however the writer parted them.
        assert [one.replace("\n", "") for one in shown[1:4]] == [
            one.replace("\n", "") for one in pasted
        ]
        assert shown[1].count("\n") == 5
        assert at.locator("pre").inner_text() == code
        assert _copy(at) == code


def _copy(at: object) -> str:
    return str(
        at.evaluate(  # type: ignore[attr-defined]  # a page or a frame
            """() => { const range = document.createRange();
                 range.selectNodeContents(document.querySelector("pre"));
                 getSelection().removeAllRanges(); getSelection().addRange(range);
                 return getSelection().toString(); }"""
        )
    )


def test_lists_show_numbers_and_words_and_no_marks(
    owner: Person, host: HostSite, new_context: NewContext, new_tab: NewTab
) -> None:
    talk = Talk(owner, host, new_context)
    long = "https://a.example/" + "path/" * 60
    for text, shown in (
        ("**Steps**:\n3. open `it`\n7. [read](https://a.example)", "Steps: 3. open it 7. read"),
        ("```js\nlet a_b;\n```", "let a_b;"),
        (f"See [the guide]({long}) first", "See the guide…"),
        ("- **one**\n- `two`", "one two"),
    ):
        talk.answer(text)
        talk.chat.back()
        expect(talk.chat.frame.locator(".last").first).to_have_text(shown)
        talk.chat.frame.locator(".row").first.click()
        desk = talk.desk(new_tab())
        expect(desk.locator(".row-preview").first).to_contain_text(shown)
        desk.keyboard.press("Control+k")
        expect(desk.get_by_role("dialog").get_by_text(shown).first).to_be_visible()


def test_a_closed_chat_shows_the_words_of_a_message(
    owner: Person, host: HostSite, new_context: NewContext
) -> None:
    owner.ask("PATCH", "/v1/workspace", {"widget": {"presence": True}})
    talk = Talk(owner, host, new_context)
    page = talk.chat.page
    told: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: told.append(frame)))
    page.reload()
    assert until(lambda: page.evaluate("true") and told), "the page listens"
    talk.say("**Your** [order](https://a.example) is:\n3. `here`\n" + "W" * 400)
    expect(talk.chat.preview).to_contain_text("Your order is: 3. here")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = talk.chat.preview.bounding_box()
    assert box
    assert box["width"] <= 320
    assert box["height"] < 160
