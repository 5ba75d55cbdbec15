"""PynamoDB's own promises, whichever client is underneath."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, TableDoesNotExist, TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite


class Thing(Model):
    class Meta:
        table_name = f"things-{uuid4().hex}"

    id = UnicodeAttribute(hash_key=True)
    raw = BinaryAttribute(legacy_encoding=False, null=True)
    size = NumberAttribute(null=True)
    version = VersionAttribute()


@pytest.fixture(params=["thin", "boto3"])
def _things(
    local: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The table of Thing, reached by one transport and then by the other."""
    monkeypatch.setenv("FOYER_TRANSPORT", request.param)
    Thing.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
    yield
    Thing.delete_table()


pytestmark = pytest.mark.usefixtures("_things")


def test_a_model_is_saved_and_read_with_its_version() -> None:
    Thing("a", raw=b"\x00\xff", size=3).save()
    kept = Thing.get("a", consistent_read=True)
    assert (kept.id, kept.raw, kept.size, kept.version) == ("a", b"\x00\xff", 3, 1)


def test_a_lost_race_is_a_put_error_with_its_cause() -> None:
    Thing("a").save()
    with pytest.raises(PutError) as refused:
        Thing("a").save()
    assert refused.value.cause_response_code == "ConditionalCheckFailedException"


def test_what_is_missing_does_not_exist() -> None:
    with pytest.raises(Thing.DoesNotExist):
        Thing.get("missing")
    with pytest.raises(TableDoesNotExist):
        Connection().describe_table("no-such-table")


def test_a_cancelled_transaction_gives_one_reason_per_item() -> None:
    Thing("taken").save()
    transaction = TransactWrite(connection=Connection())
    transaction.save(Thing("free"))
    transaction.save(Thing("taken"))
    with pytest.raises(TransactWriteError) as cancelled:
        transaction._commit()
    codes = [reason and reason.code for reason in cancelled.value.cancellation_reasons]
    assert codes == [None, "ConditionalCheckFailed"]


def test_batches_are_written_and_read_whole() -> None:
    names = [f"many-{number}" for number in range(60)]
    with Thing.batch_write() as batch:
        for name in names:
            batch.save(Thing(name))
    assert sorted(thing.id for thing in Thing.batch_get(names)) == sorted(names)


def test_a_connection_tells_its_endpoint(local: str) -> None:
    assert repr(Connection()) == f"Connection<{local}>"
