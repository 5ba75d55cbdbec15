"""Who is left? Owners who remove, demote or leave each other at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.races.at_once import ROUNDS, THREADS, racing, statuses
from tests.support.api import Answer
from tests.support.sockets import Management
from tests.support.team import Person, sign_up


def removing(by: Person, whom: Person) -> Answer:
    return by.delete(f"/v1/users/{whom.id}")


def demoting(by: Person, whom: Person) -> Answer:
    return by.patch(f"/v1/users/{whom.id}", {"role": "operator"})


def leaving(by: Person, whom: Person) -> Answer:
    del whom
    return by.delete(f"/v1/users/{by.id}")


@pytest.mark.parametrize("acts", [(removing,), (removing, demoting, leaving)], ids=["one", "all"])
def test_of_two_owners_who_go_for_each_other_one_is_left(
    management: Management, acts: tuple[Callable[[Person, Person], Answer], ...]
) -> None:
    with racing() as together:
        for _ in range(ROUNDS // 5):
            team = sign_up(management)
            witness, pair = team.join("Wim"), (team.owner, team.join("Oz", "owner"))
            answers = together(
                [
                    partial(acts[number // 2 % len(acts)], pair[number % 2], pair[1 - number % 2])
                    for number in range(THREADS)
                ]
            )
            assert set(statuses(answers)) <= {200, 204, 401, 403, 404, 409}
            assert statuses(answers)[204] + statuses(answers)[200] >= 1
            members = witness.get("/v1/users").ok()["data"]
            owners = [each["id"] for each in members if each["role"] == "owner"]
            assert len(owners) == 1, statuses(answers)
            survivor = next(each for each in pair if each.id == owners[0])
            assert survivor.get("/v1/me").ok()["role"] == "owner"
            team.pump()
