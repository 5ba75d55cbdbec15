"""`python -m infra.packaging.teardown --stage prod`: say what a stage has, and take it down.

    --confirm prod               take it down; people's data stays
    --data delete                tables, files and keys too
    --confirm-data "delete prod" ... and this again, since nothing brings them back

Without a confirmation it only says what would go and what would stay; at a terminal it asks. It can
be run again whenever it was stopped. `make teardown STAGE=prod CONFIRM=prod` is the same.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.packaging import buckets
from infra.packaging.account import INTERRUPTED, Refused, account_of, explain
from infra.packaging.buckets import Contents, NotEmptied
from infra.packaging.inventory import Inventory, inventory_of
from infra.packaging.root_keys import parameter_name
from infra.packaging.stack_progress import (
    GONE,
    NotDeployed,
    Outcome,
    describe_stack,
    follow,
    newest_event,
)
from infra.packaging.stages import NoStage, code_bucket, stack_name, valid_stage

Say = Callable[[str], None]
Ask = Callable[[str], str]

_POLL = 3.0
_TABLE_WITHIN = 300.0  # seconds until a deleted table is gone


def main(arguments: list[str] | None = None, ask: Ask | None = None) -> int:
    """Take down, or only say what would be; 1 with one sentence when it can't."""
    options = _parse(arguments)
    try:
        stage = valid_stage(options.stage)
        session = boto3.Session()
        run(session, stage, options, ask or (input if sys.stdin.isatty() else _nobody))
    except (*(NoStage, NotDeployed, NotEmptied, Refused, BotoCoreError, ClientError),) as error:
        print(explain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        return 130
    return 0


def run(
    session: Any, stage: str, options: argparse.Namespace, ask: Ask, poll: float = _POLL
) -> None:
    """Say what there is; then, if it is confirmed, take it down."""
    account = account_of(session)
    has = inventory_of(session, account, stage)
    print(f"Stage {stage} in account {account}, {session.region_name}:")
    if has.nothing:
        print("  nothing is left of it.")
        return
    with_data = options.data == "delete"
    for line in describe(has, with_data):
        print(f"  {line}")
    if not _is_confirmed(options.confirm, stage, "take it down", ask):
        print(f"Nothing was done. To take it down: make teardown STAGE={stage} CONFIRM={stage}")
        return
    sure = f"delete {stage}"
    if with_data and not _is_confirmed(options.confirm_data, sure, "delete its data", ask):
        print(f'Nothing was done. To delete data too, add DATA=delete CONFIRM_DATA="{sure}".')
        return
    take_down(session, has, print, with_data=with_data, poll=poll)


def describe(has: Inventory, with_data: bool) -> Iterator[str]:
    """What goes and what stays, one thing a line."""
    if has.stack.status is not None:
        name = stack_name(has.stage)
        yield f"goes   stack {name} ({has.stack.status}), {has.resources} resources: the site"
        yield "       (CloudFront takes minutes), APIs, functions, logs, short-lived tables"
    for bucket, contents in has.emptied.items():
        yield f"goes   bucket {bucket}: {_contents_text(contents, 'versions of the site files')}"
    if has.packages and has.packages.things:
        yield f"goes   packages: {_contents_text(has.packages, 'zips and templates')}"
    fate = "GOES " if with_data else "stays"
    for table in has.tables:
        yield f"{fate}  table {table.name}: about {table.rows:,} rows, {_size_text(table.size)}"
    for bucket, contents in has.files.items():
        yield f"{fate}  bucket {bucket}: {_contents_text(contents, 'uploaded files')}"
    if has.keys:
        name = parameter_name(stack_name(has.stage))
        yield f"{fate}  parameter {name}: the root keys, by which kept contacts are known again"
    if has.tables:
        yield "stays  backups: of a deleted table, DynamoDB keeps its last state for 35 days"
    yield "stays  the role by which API Gateway logs, if this stage made it: it is the account's"


def take_down(
    session: Any, has: Inventory, say: Say, *, with_data: bool, poll: float = _POLL
) -> None:
    """Take a stage down. Every step can be done again, so it can be stopped anywhere.

    Raises:
        NotDeployed: CloudFormation can't delete the stack.
        NotEmptied: A bucket can't be emptied.
    """
    s3 = session.client("s3")
    if has.stack.status is not None:
        _delete_stack(session, has, say, poll)
    for bucket in has.emptied:
        buckets.remove(s3, has.account, bucket)
    _forget_packages(s3, has, session.region_name)
    if with_data:
        _delete_data(session, has, say, poll)
        say(f"Nothing is left of stage {has.stage}.")
    else:
        say(f"Stage {has.stage} is down. Its data stays; deploying it again takes that over.")


def _delete_stack(session: Any, has: Inventory, say: Say, poll: float) -> None:
    formation, s3 = session.client("cloudformation"), session.client("s3")
    _await_end(formation, has, say, poll)
    ended = _attempt(formation, s3, has, say, poll)
    if ended.status == GONE:
        return
    # What was written meanwhile is emptied once more; what still won't go is left and named.
    stuck: dict[str, str] = {}
    ended = _attempt(formation, s3, has, say, poll)
    if ended.status != GONE:
        stuck = _stuck(formation, has.stack.id)
        ended = _attempt(formation, s3, has, say, poll, RetainResources=sorted(stuck))
    if ended.status != GONE:
        raise NotDeployed(f"The stack is {ended.status}. {ended.failure or ''} Run this again.")
    for logical_id, physical_id in stuck.items():
        say(f"Left behind, for it would not go: {logical_id} ({physical_id}).")


def _await_end(formation: Any, has: Inventory, say: Say, poll: float) -> None:
    at_work = str(has.stack.status)
    if at_work.endswith("_IN_PROGRESS") and at_work != "REVIEW_IN_PROGRESS":
        say(f"The stack is {at_work}: waiting until that has ended.")
        follow(formation, has.stack.id, newest_event(formation, has.stack.id), say, poll)


def _attempt(formation: Any, s3: Any, has: Inventory, say: Say, poll: float, **how: Any) -> Outcome:
    if describe_stack(formation, has.stack.id).status in {None, GONE}:
        return Outcome(GONE, None)
    for bucket in has.emptied:
        buckets.empty(s3, has.account, bucket)
    since = newest_event(formation, has.stack.id)
    formation.delete_stack(StackName=has.stack.id, **how)
    return follow(formation, has.stack.id, since, say, poll)


def _stuck(formation: Any, stack: str) -> dict[str, str]:
    if describe_stack(formation, stack).status in {None, GONE}:
        return {}
    pages = formation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        one["LogicalResourceId"]: one.get("PhysicalResourceId", "")
        for page in pages
        for one in page["StackResourceSummaries"]
        if one["ResourceStatus"] == "DELETE_FAILED"
    }


def _forget_packages(s3: Any, has: Inventory, region: str) -> None:
    """The stage's folder; the bucket itself when no other stage has one."""
    if has.packages is None:
        return
    bucket = code_bucket(has.account, region)
    buckets.empty(s3, has.account, bucket, f"{has.stage}/")
    contents = buckets.contents_of(s3, has.account, bucket)
    if contents is not None and contents.things == 0:
        s3.delete_bucket(Bucket=bucket, ExpectedBucketOwner=has.account)


def _delete_data(session: Any, has: Inventory, say: Say, poll: float) -> None:
    dynamodb, ssm = session.client("dynamodb"), session.client("ssm")
    for table in has.tables:
        _delete_table(dynamodb, table.name, say, poll)
    for table in has.tables:
        _wait_for(dynamodb, table.name, None, poll)
    for bucket in has.files:
        say(f"Deleting bucket {bucket}")
        buckets.remove(session.client("s3"), has.account, bucket)
    if has.keys:
        ssm.delete_parameter(Name=parameter_name(stack_name(has.stage)))


def _delete_table(dynamodb: Any, name: str, say: Say, poll: float) -> None:
    """Its protection off, backups that somebody made, then the table itself."""
    table = _table(dynamodb, name)
    if table.get("TableStatus") in {None, "DELETING"}:
        return
    say(f"Deleting table {name}")
    if table.get("DeletionProtectionEnabled"):
        dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        _wait_for(dynamodb, name, "ACTIVE", poll)
    for page in dynamodb.get_paginator("list_backups").paginate(TableName=name, BackupType="USER"):
        for backup in page["BackupSummaries"]:
            dynamodb.delete_backup(BackupArn=backup["BackupArn"])
    dynamodb.delete_table(TableName=name)


def _wait_for(dynamodb: Any, name: str, status: str | None, poll: float) -> None:
    deadline = time.monotonic() + _TABLE_WITHIN
    while _table(dynamodb, name).get("TableStatus") != status:
        if time.monotonic() > deadline:
            raise NotDeployed(f"Table {name} takes long; run this again.")
        time.sleep(poll)


def _table(dynamodb: Any, name: str) -> dict[str, Any]:
    """DynamoDB's description of a table; empty when there is none."""
    try:
        described: dict[str, Any] = dynamodb.describe_table(TableName=name)["Table"]
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return {}
        raise
    return described


def _is_confirmed(answer: str, expected: str, what: str, ask: Ask) -> bool:
    return expected == (answer or ask(f'Type "{expected}" to {what}: ')).strip()


def _nobody(_: str) -> str:
    return ""


def _contents_text(contents: Contents, what: str) -> str:
    return f"{contents.things:,} {what}, {_size_text(contents.size)}"


def _size_text(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.packaging.teardown", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--stage", required=True, help="the deployment's name")
    parser.add_argument("--confirm", default="", metavar="STAGE")
    parser.add_argument("--data", default="keep", choices=["keep", "delete"])
    parser.add_argument("--confirm-data", default="", metavar='"delete STAGE"')
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
