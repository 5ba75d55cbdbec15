"""Contacts as operators see and edit them."""

from __future__ import annotations

from urllib.parse import quote

from tests.support.team import Team


def test_unique_fields_are_unique_without_regard_to_case(team: Team) -> None:
    team.owner.post("/v1/contacts", {"email": "Ann@Example.com", "phone": "+49 30 1234567"}).ok()
    for field, value in (("email", "ann@example.COM"), ("phone", "0049301234567")):
        answer = team.owner.post("/v1/contacts", {"name": "Another", field: value})
        assert (answer.status, answer.code) == (409, f"contact.{field}_taken")
    assert len(team.owner.get("/v1/contacts").ok()["data"]) == 1


def test_a_freed_address_can_be_taken_by_another(team: Team) -> None:
    first = team.owner.post("/v1/contacts", {"email": "ann@example.com"}).ok()
    team.owner.patch(f"/v1/contacts/{first['id']}", {"email": ""}).ok()
    second = team.owner.post("/v1/contacts", {"email": "ann@example.com"}).ok()
    found = team.owner.get("/v1/contacts?email=ANN@example.com").ok()["data"]
    assert [each["id"] for each in found] == [second["id"]]


def test_contacts_are_found_by_any_part_of_name_or_address(team: Team) -> None:
    team.owner.post("/v1/contacts", {"name": "Jörg Müller", "email": "jm@example.com"}).ok()
    team.owner.post("/v1/contacts", {"name": "山田 太郎"}).ok()
    for query, names in (("müll", ["Jörg Müller"]), ("山田", ["山田 太郎"]), ("nobody", [])):
        found = team.owner.get(f"/v1/contacts?query={query}").ok()["data"]
        assert [each["name"] for each in found] == names


def test_what_cannot_be_kept_is_refused_and_changes_nothing(team: Team) -> None:
    contact = team.owner.post("/v1/contacts", {"name": "Ann"}).ok()
    path = f"/v1/contacts/{contact['id']}"
    for field, value in (
        ("email", "not an address"),
        ("phone", "12"),
        ("name", "a\0b"),
        ("tags", [""]),
        ("custom", {"long": "x" * 10_000}),
    ):
        assert team.owner.patch(path, {field: value}).status == 422, field
    assert team.owner.get(path).ok() == contact


def test_an_address_is_as_long_as_its_bytes(team: Team) -> None:
    folds_to_six_bytes = "\u0390"
    long = folds_to_six_bytes * 60 + "@" + folds_to_six_bytes * 130 + ".example"
    assert team.owner.post("/v1/contacts", {"email": long}).status == 422
    assert team.owner.get(f"/v1/contacts?email={quote(long)}").ok()["data"] == []


def test_a_renamed_contact_is_renamed_in_its_conversations(team: Team) -> None:
    conversation_id = team.guest().start()["conversation"]["id"]
    contact_id = team.owner.get(f"/v1/conversations/{conversation_id}").ok()["contact"]["id"]
    team.owner.patch(f"/v1/contacts/{contact_id}", {"name": "Ann"}).ok()
    team.pump()
    seen = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
    assert seen["contact"]["name"] == "Ann"
    assert seen["last_message"]["author"]["name"] == "Ann"


def test_who_has_said_no_name_has_an_empty_one_everywhere_until_there_is_one(team: Team) -> None:
    guest = team.guest()
    conversation_id = guest.start()["conversation"]["id"]
    seen = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
    contact = team.owner.get(f"/v1/contacts/{seen['contact']['id']}").ok()
    assert (contact["name"], seen["contact"]["name"]) == ("", "")
    assert seen["last_message"]["author"]["name"] == ""
    email = {"email": "ann@example.com"}
    team.owner.patch(f"/v1/contacts/{contact['id']}", email).ok()
    team.pump()
    seen = team.owner.get(f"/v1/conversations/{conversation_id}").ok()
    assert seen["contact"]["name"] == "ann@example.com"


def test_an_older_version_is_refused_when_the_caller_names_one(team: Team) -> None:
    contact = team.owner.post("/v1/contacts", {"name": "Ann"}).ok()
    path = f"/v1/contacts/{contact['id']}"
    team.owner.patch(path, {"name": "Anna"}, **{"If-Match": '"1"'}).ok()
    assert team.owner.patch(path, {"name": "Annie"}, **{"If-Match": '"1"'}).status == 412


def test_what_is_already_so_changes_nothing(team: Team) -> None:
    whole = {
        "name": "Ann", "email": "ann@example.com", "phone": "+49301234567", "external_id": "a-1",
        "custom": {"plan": "pro"}, "tags": ["vip"],
    }  # fmt: skip
    path = f"/v1/contacts/{team.owner.post('/v1/contacts', {'name': 'Ann'}).ok()['id']}"
    before = team.owner.patch(path, whole).ok()
    team.pump()
    for same in ({}, whole, {"name": " Ann "}, {"phone": "0049 30 1234567"}):
        assert team.owner.patch(path, same).ok() == before
    assert (team.pump(), team.owner.get(path).ok()) == ([], before)
    assert team.owner.patch(path, {"email": "Ann@example.com"}).ok()["version"] == (
        before["version"] + 1
    )
    assert team.pump() == ["contact.updated"]
