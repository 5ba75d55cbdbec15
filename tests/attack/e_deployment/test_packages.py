"""The bucket for packages: ours alone, and never without what a stage runs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from infra.packaging.artefacts import Artefacts, NotOurs
from infra.packaging.stages import code_bucket
from tests.attack.e_deployment.stages import Account
from tests.attack.e_deployment.stub_account import READY, Session
from tests.deploy.ministack import ACCOUNT, REGION

BUCKET = code_bucket(ACCOUNT, REGION)


def packages(account: Account, stage: str) -> Artefacts:
    """A stage's part of the bucket."""
    made = Artefacts(account.cloud.client("s3"), BUCKET, ACCOUNT, REGION, stage)
    made.ensure()
    return made


def bucket_keys(account: Account) -> set[str]:
    """The keys in the bucket."""
    told = account.cloud.client("s3").list_objects_v2(Bucket=BUCKET)
    return {one["Key"] for one in told.get("Contents", [])}


def key(address: str) -> str:
    """The key in an address."""
    return address.partition(f"{BUCKET}/")[2]


def test_old_packages_go_but_for_what_runs_and_what_ran_last(account: Account) -> None:
    prod, other = packages(account, "prod"), packages(account, "prod-eu")
    oldest, former, current = (key(prod.store_template(text)) for text in ("1", "2", "3"))
    theirs = key(other.store_template("1"))
    with time_machine.travel(_days_from_now(days=89), tick=False):
        assert prod.forget({former, current}) == 0
    with time_machine.travel(_days_from_now(days=91), tick=False):
        assert prod.forget({former, current}) == 1
    assert bucket_keys(account) == {former, current, theirs}
    assert oldest not in bucket_keys(account)


def test_the_same_package_is_kept_once(account: Account) -> None:
    prod = packages(account, "prod")
    assert prod.store_template("{}") == prod.store_template("{}")
    assert len(bucket_keys(account)) == 1


def test_a_bucket_that_somebody_else_made_under_our_name_gets_nothing() -> None:
    """Its name can be guessed by whoever knows the account's number."""
    session = Session({**READY, ("s3", "HeadBucket"): "403: Forbidden"})
    artefacts = Artefacts(session.client("s3"), BUCKET, ACCOUNT, REGION, "prod")
    with pytest.raises(NotOurs, match="is another account's"):
        artefacts.ensure()
    assert [operation for _, _, operation in session.asked] == ["HeadBucket"]


def test_every_request_names_the_account_that_must_own_the_bucket(account: Account) -> None:
    asked: list[tuple[str, dict[str, Any]]] = []
    s3 = account.cloud.client("s3")

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        asked.append((model.name, params))

    s3.meta.events.register("provide-client-params.s3", note)
    prod = Artefacts(s3, BUCKET, ACCOUNT, REGION, "prod")
    prod.ensure()
    prod.store_template("{}")
    with time_machine.travel(_days_from_now(days=91), tick=False):
        prod.forget(set())
    assert {name for name, _ in asked} > {"PutObject", "DeleteObject", "HeadBucket"}
    for name, params in asked:
        assert params.get("ExpectedBucketOwner") == ACCOUNT or name == "CreateBucket", name


def _days_from_now(days: int) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
