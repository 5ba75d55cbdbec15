"""The worked example of docs/costs.md: a month of a small team, from the table of actions."""

from __future__ import annotations

from tests.budgets import costs

BEGIN = "<!-- computed: tests/budgets/month.py -->"
END = "<!-- end of what is computed -->"

VISITS = 100_000
STARTED, CLOSED, SNOOZED = 10_000, 10_000, 2_000
OPERATORS, DAYS, HOURS = 5, 22, 8
CONNECTION_MINUTES = 50_000 * 60 + OPERATORS * DAYS * HOURS * 60
FRAMES = 100_000 * (OPERATORS + 1) + VISITS * 16 * OPERATORS
MINUTES = 30 * 24 * 60

CONNECTION_MINUTE = 0.25 / 1e6
FRAME = 1.0 / 1e6

DONE: tuple[tuple[str, dict[str, int]], ...] = (
    (
        "100,000 visits of half an hour, four pages each",
        {
            "Start a widget session, a new visitor": VISITS,
            "Get a socket ticket": VISITS,
            "Open a socket": VISITS,
            "A visitor comes online": VISITS,
            "Presence refresh (every 150 s)": 11 * VISITS,
            "A visitor goes to another page": 3 * VISITS,
            "A visitor leaves": VISITS,
        },
    ),
    (
        "10,000 conversations, 100,000 messages, all shown at once",
        {
            "Begin a conversation (the visitor becomes a contact)": STARTED,
            "Customer's message, assigned": 40_000,
            "Operator's first message, which takes the conversation": STARTED,
            "Operator's message, assigned": 40_000,
            "A message shown to the team and the customer": 50_000,
            "An operator's message shown, and noted as delivered": 50_000,
        },
    ),
    (
        "reading marks, closing, snoozing, typing",
        {
            "Read by an operator": 50_000,
            "Read by the customer": 50_000,
            "Close": CLOSED,
            "Snooze until a time": SNOOZED,
            "Wake by the clock (one conversation)": SNOOZED,
            "Typing": 100_000,
        },
    ),
    (
        "5 operators at work, 8 hours on 22 days",
        {
            "Sign in on a known device": OPERATORS * DAYS,
            "Refresh a session (every 15 minutes)": OPERATORS * DAYS * HOURS * 4,
            "List 25 conversations, anyone's": OPERATORS * DAYS * 200,
            "List 25 conversations, mine": OPERATORS * DAYS * 200,
            "Open 50 messages": OPERATORS * DAYS * 200,
            "Count what is open and unread": OPERATORS * DAYS * HOURS * 60,
        },
    ),
    (
        "the clock, each minute",
        {"An idle minute, 200 conversations snoozed": MINUTES},
    ),
)


def lines() -> list[str]:
    """The example's table."""
    prices = {
        name: float(line.split("|")[-2]) / 1e6 for name, line in costs.documented_costs().items()
    }
    parts = [
        (what, sum(count * prices[name] for name, count in done.items())) for what, done in DONE
    ]
    parts.append(
        (f"{CONNECTION_MINUTES:,} minutes of open sockets", CONNECTION_MINUTES * CONNECTION_MINUTE)
    )
    parts.append((f"{FRAMES:,} frames to sockets", FRAMES * FRAME))
    total = sum(dollars for _, dollars in parts)
    return [
        "| in a month | dollars |",
        "|------------|--------:|",
        *(f"| {what} | {dollars:.2f} |" for what, dollars in parts),
        f"| **together** | **{total:.2f}** |",
    ]


def documented_month() -> list[str]:
    """The example as it stands in the document."""
    return costs.DOCUMENT.read_text().partition(BEGIN)[2].partition(END)[0].strip().splitlines()


def write() -> None:
    """Put the example into the document."""
    before, _, rest = costs.DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    table = "\n".join(lines())
    costs.DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}")
