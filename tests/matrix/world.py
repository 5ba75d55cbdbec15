"""Two workspaces with everybody who could ask, and marks that nobody else may ever be shown."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import time_machine

from chalicelib.kit import instants
from tests.support.api import Answer, Client, path_of
from tests.support.sockets import Management
from tests.support.team import Guest, Person, Team, mails_to, sign_up

TEAM = ("operator", "admin", "owner")


@dataclass
class World:
    """Our workspace, another one, one for those who sign in meanwhile, and who asks, by name.

    `secrets` holds what belongs to `them` (the other workspace), `bob` (a visitor of ours),
    `team` (what our operators keep to themselves), and what only `admins` see.
    """

    ours: Team
    theirs: Team
    spare: Team
    asks: dict[str, Client] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, list[str]] = field(default_factory=dict)

    def guest(self, name: str) -> Guest:
        """A visitor by name."""
        found = self.asks[name]
        assert isinstance(found, Guest)
        return found

    def ask(
        self, name: str, method: str, path: str, body: Any = None, headers: Any = None
    ) -> Answer:
        """Ask as somebody, who must not be told anything that isn't theirs to see."""
        answer = self.asks[name].request(method, path, body, headers or {})
        if path.endswith("/widget-key") and answer.status == 200:
            self.rekey(self.team_of(name), answer.json["widget_key"])
        sent = f"{path} {body}"
        self.check(name, answer.body, sent, f"{name}: {method} {path}")
        return answer

    def check(self, name: str, told: str, sent: str, where: str) -> None:
        """Nothing of somebody else's stands in `told`, but for what was sent in the first place."""
        leaked = [mark for mark in self.foreign(name) if mark in told and mark not in sent]
        assert not leaked, f"{where} told {leaked}"

    def foreign(self, name: str) -> list[str]:
        """What this one must never see."""
        them, bob, team = (self.secrets[whose] for whose in ("them", "bob", "team"))
        ours = [*bob, *team, self.ids["our conversation"], self.ids["our contact"]]
        if name == "operator":
            return [*them, *self.secrets["admins"]]
        if name in TEAM:
            return them
        if name in ("stranger", "alien"):
            return ours
        return [*them, *team] if name == "bob" else [*them, *bob, *team]

    def rekey(self, team: Team, widget_key: str) -> None:
        """A workspace's widget has another key: sessions of before have ended."""
        team.widget_key = widget_key
        for name, guest in self.asks.items():
            if isinstance(guest, Guest) and self.team_of(name) is team:
                team.renew(guest)

        if team is self.ours:
            self.block_somebody()

    def block_somebody(self) -> None:
        """A visitor of ours has written, and the team wants to hear no more of it."""
        guest = self.ours.guest()
        conversation_id = guest.start("Buy now")["conversation"]["id"]
        contact = self.ours.owner.get(f"/v1/conversations/{conversation_id}").ok()["contact"]
        self.ours.owner.patch(f"/v1/contacts/{contact['id']}", {"blocked": True}).ok()
        self.asks["blocked visitor"] = Client(token=guest.token)
        self.ids["blocked conversation"] = conversation_id

    def team_of(self, name: str) -> Team:
        """The workspace that somebody belongs to, or asks of."""
        return self.theirs if name in ("stranger", "alien") else self.ours

    def id_of(self, kind: str, name: str) -> str:
        """A thing of somebody's own workspace that is always there."""
        return self.ids[f"{'their' if self.team_of(name) is self.theirs else 'our'} {kind}"]

    def fresh(self, kind: str, name: str) -> str:
        """A new thing of somebody's own workspace; a customer's own where customers have it."""
        made: str = getattr(self, f"_{kind}")(self.team_of(name), name)
        return made

    def make_room(self, team: Team) -> None:
        """Let a workspace have at most its first secret."""
        for kept in team.owner.get("/v1/workspace").ok()["identity"]["secrets"][1:]:
            team.owner.delete(f"/v1/workspace/identity-secrets/{kept['id']}")

    def _conversation(self, team: Team, name: str) -> str:
        guest = asker if isinstance(asker := self.asks[name], Guest) else team.guest()
        return str(guest.start()["conversation"]["id"])

    def _contact(self, team: Team, name: str) -> str:
        del name
        return str(team.owner.post("/v1/contacts", {"name": "Someone"}).ok()["id"])

    def _member(self, team: Team, name: str) -> str:
        """A place that is offered: it is listed, changed and removed as a taken one is."""
        del name
        return str(invite(team)["id"])

    def _secret(self, team: Team, name: str) -> str:
        del name
        self.make_room(team)
        return str(team.owner.post("/v1/workspace/identity-secrets").ok()["id"])

    def _visitor(self, team: Team, name: str) -> str:
        del name
        return go_online(team, team.guest())

    def _invitation(self, team: Team, name: str) -> str:
        del name
        return link_of(team, invite(team)["email"])


def build_world(management: Management) -> World:
    """Both workspaces, with people, visitors, contacts and conversations in them."""
    ours, theirs, spare = (sign_up(management, name) for name in ("Olga", "Zelda", "Sven"))
    world = World(ours, theirs, spare)
    _our_people(world)
    _their_people(world)
    world.asks |= _useless(ours)
    world.block_somebody()
    return world


def _our_people(world: World) -> None:
    ours = world.ours
    secret = ours.owner.post("/v1/workspace/identity-secrets").ok()["secret"]
    ann = ours.guest(page=_page("ann"))
    bob = ours.guest(
        page=_page("bobcanary"),
        identity={"name": "Bobcanary Person", "email": "bobcanary@example.org"},
    )
    vera = ours.guest(page=_page("vera"), identity=prove("vera-1", secret))
    told = bob.start("bobcanary says")
    begun = ann.start("ann says")
    world.asks |= {
        "ann": ann,
        "bob": bob,
        "vera": vera,
        "operator": ours.join("Otto"),
        "admin": ours.join("Ada", "admin"),
        "owner": ours.owner,
    }
    conversation_id = begun["conversation"]["id"]
    change = {"subject": "teamcanary subject", "tags": ["teamcanary tag"]}
    ours.owner.patch(f"/v1/conversations/{conversation_id}", change).ok()
    ours.owner.patch(f"/v1/conversations/{told['conversation']['id']}", change).ok()
    shown = ours.owner.get(f"/v1/conversations/{conversation_id}").ok()
    world.ids |= {
        "our conversation": conversation_id,
        "bobs conversation": told["conversation"]["id"],
        "our contact": shown["contact"]["id"],
        "our visitor": go_online(ours, ann),
        "our member": ours.owner.id,
        "our secret": ours.owner.get("/v1/workspace").ok()["identity"]["secrets"][0]["id"],
        "our workspace": ours.workspace_id,
        "our user": world.asks["operator"].id,  # type: ignore[attr-defined]  # a Person
    }
    people = [each for each in world.asks.values() if isinstance(each, Person)]
    world.secrets["admins"] = [secret]
    world.secrets["team"] = ["teamcanary", secret, *(each.email for each in people)]
    bobs_contact = told["message"]["author"]["id"]
    world.secrets["bob"] = [
        "bobcanary", bob.visitor_id, bobs_contact,
        told["conversation"]["id"], told["message"]["id"],
    ]  # fmt: skip
    go_online(ours, bob, "bobcanary page")
    ours.pump()


def _their_people(world: World) -> None:
    theirs = world.theirs
    stranger = theirs.owner
    stranger.patch("/v1/me", {"name": "Canarythem Zelda"}).ok()
    change = {"name": "Canarythem Ltd", "widget": {"greeting": "canarythem greets"}}
    stranger.patch("/v1/workspace", change).ok()
    secret = stranger.post("/v1/workspace/identity-secrets").ok()
    who = {"name": "Canarythem Person", "email": "canarythem@example.org"}
    alien = theirs.guest(page=_page("canarythem"), identity=who)
    told = alien.start("canarythem says")
    conversation_id, contact_id = told["conversation"]["id"], told["message"]["author"]["id"]
    change = {"subject": "canarythem subject", "tags": ["canarythem tag"]}
    stranger.patch(f"/v1/conversations/{conversation_id}", change).ok()
    offered = invite(theirs)
    world.asks |= {"stranger": stranger, "alien": alien}
    theirs_ids = {
        "conversation": conversation_id,
        "contact": contact_id,
        "visitor": go_online(theirs, alien, "canarythem page"),
        "member": offered["id"],
        "secret": secret["id"],
        "workspace": theirs.workspace_id,
        "user": stranger.id,
    }
    world.ids |= {f"their {kind}": value for kind, value in theirs_ids.items()}
    world.secrets["them"] = [
        "anarythem", stranger.email, offered["email"], secret["secret"], theirs.widget_key,
        told["message"]["id"], *theirs_ids.values(),
    ]  # fmt: skip
    theirs.pump()


def _useless(ours: Team) -> dict[str, Client]:
    """Those whose credential is none, or none any more."""
    login = {"email": ours.owner.email, "password": ours.owner.password}
    with time_machine.travel(instants.now() - timedelta(hours=13)):
        late = Client().post("/v1/auth/login", login).ok()["access_token"]
        late_visitor = ours.guest().token
    ended = Client(token=Client().post("/v1/auth/login", login).ok()["access_token"])
    ended.post("/v1/auth/logout").ok()
    return {
        "nobody": Client(),
        "garbage": Client(token="eyJhbGciOiJub25lIn0.e30."),
        "expired": Client(token=late),
        "expired visitor": Client(token=late_visitor),
        "revoked visitor": Client(token=_revoked_token(ours)),
        "ended": ended,
    }


def _revoked_token(team: Team) -> str | None:
    """The token of a visitor whose proof stood on a secret that is gone."""
    secret = team.owner.post("/v1/workspace/identity-secrets").ok()
    guest = team.guest(identity=prove("gone-1", secret["secret"]))
    team.owner.delete(f"/v1/workspace/identity-secrets/{secret['id']}").ok()
    return guest.token


def invite(team: Team) -> dict[str, Any]:
    """A new invitation's place."""
    email = f"{team.guest().visitor_id.lower().replace('_', '-')}@example.org"
    place: dict[str, Any] = team.owner.post("/v1/users", {"email": email, "role": "operator"}).ok()
    return place


def link_of(team: Team, email: str) -> str:
    """The token in the newest mail to an address."""
    team.pump()
    found = re.search(r"/invitations/(\S+)", mails_to(email)[-1]["text"])
    assert found
    return found[1]


def go_online(team: Team, guest: Guest, title: str = "") -> str:
    """Let a visitor be online; its id."""
    page = {"url": "https://shop.example/", "title": title}
    team.socket(guest).send({"action": "presence", "page": page, "state": "active"})
    return guest.visitor_id


def prove(external_id: str, secret: str) -> dict[str, str]:
    """An identity with its proof."""
    digest = hmac.new(secret.encode(), external_id.encode(), hashlib.sha256)
    return {"external_id": external_id, "name": "Vera", "user_hash": digest.hexdigest()}


def path_for(template: str, value: str) -> str:
    """A route's path with its one parameter filled in."""
    names = re.findall(r"\{(\w+)\}", template)
    return path_of(template, **dict.fromkeys(names, value))


def _page(title: str) -> dict[str, str]:
    return {"url": f"https://shop.example/{title}", "title": title, "referrer": ""}
