"""What a deployment must do when nobody knows whether something was done."""

from __future__ import annotations

import json

from tests.deploy.clouds import Cloud, eventually, fresh, owner


def a_mail_that_may_have_been_sent_is_not_sent_again(cloud: Cloud) -> None:
    """A run of its function ended in the middle: it is given up at once, for somebody to look."""
    olga = owner(cloud)
    event, reaction = f"evt_{fresh()}", "chalicelib.auth.reactions.send_verification"
    begun = {"id": f"{event}#{reaction}", "state": "begun", "since": "2026-01-01T00:00:00.000Z"}
    row = {name: {"S": value} for name, value in begun.items()}
    cloud.tables.put("done", {**row, "expires_at": {"N": "4000000000"}})
    other = cloud.ask("POST", "/v1/auth/signup", _newcomer()).json()["user"]
    actor = {"type": "system", "id": "", "name": ""}
    asked = {"workspace_id": olga.told["workspace"]["id"], "id": event}
    asked |= {"name": "auth.verification_asked", "at": "2026-01-01T00:00:00.000Z"}
    asked |= {"data": json.dumps({"user_id": other["id"]}), "actor": json.dumps(actor)}
    row = {name: {"S": value} for name, value in asked.items()}
    cloud.tables.put("outbox", {**row, "expires_at": {"N": "4000000000"}})

    def given_up() -> bool:
        cloud.minute()
        rows = cloud.tables.rows("parked", "shelf", "given_up")
        return event in {found["event_id"]["S"] for found in rows}

    eventually(given_up)


def _newcomer() -> dict[str, str]:
    """Somebody whose address isn't proved."""
    email = f"nia-{fresh()}@shop.example"
    password = "correct horse 9"
    return {"email": email, "password": password, "name": "Nia", "workspace_name": "Another"}
