"""The root keys of a stage: an SSM SecureString that functions may read and nothing else.

    python -m infra.packaging.root_keys --stage prod            a new key signs
    python -m infra.packaging.root_keys --stage prod --retire   only the newest counts

CloudFormation can't make a SecureString, so the deployer does, before the stack (docs/deploy.md).
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.platform.signing import key_ring
from chalicelib.platform.signing.key_ring import NotARing, Ring

_FORMER = {"id": {"S": "root"}}


def main(arguments: list[str] | None = None) -> int:
    """Rotate or retire; 1 with one sentence when it can't."""
    parser = argparse.ArgumentParser("python -m infra.packaging.root_keys", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--stage", default="prod", help="the deployment's name (default: prod)")
    parser.add_argument("--retire", action="store_true", help="let the former keys count no more")
    options = parser.parse_args(arguments)
    try:
        print(rotate(boto3.Session(), f"foyer-{options.stage}", retire=options.retire))
    except (BotoCoreError, ClientError, NotARing) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def parameter_name(prefix: str) -> str:
    """Where a deployment's keys are; infra/resources.yaml tells the functions the same."""
    return f"/{prefix}/root-keys"


def ensure(session: Any, prefix: str) -> None:
    """Make the keys of a deployment that has none; before its stack is brought to the template.

    A stack of a former version kept its secret in a table: it is carried over, so that nobody is
    signed out. `forget_former` removes it there.
    """
    ssm = session.client("ssm")
    if _read_ring(ssm, prefix) is not None:
        return
    former = _former_secret(session.client("dynamodb"), prefix)
    ring = key_ring.from_one_secret(former) if former else key_ring.fresh()
    try:
        _put(ssm, prefix, ring, overwrite=False)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise


def forget_former(session: Any, prefix: str) -> None:
    """Remove the secret from the table of a former version; once nothing reads it there."""
    dynamodb = session.client("dynamodb")
    if _former_secret(dynamodb, prefix) is not None:
        dynamodb.delete_item(TableName=f"{prefix}-keys", Key=_FORMER)


def rotate(session: Any, prefix: str, *, retire: bool) -> str:
    """Put the next ring in place; what was done, for people.

    Raises:
        NotARing: There are no keys, or the parameter holds something else.
    """
    ssm = session.client("ssm")
    text = _read_ring(ssm, prefix)
    if text is None:
        raise NotARing(f"{parameter_name(prefix)} isn't there: deploy the stage first.")
    ring = key_ring.from_text(text)
    _put(ssm, prefix, ring.retire() if retire else ring.rotate(), overwrite=True)
    return key_ring.describe_rotation(retire=retire)


def _read_ring(ssm: Any, prefix: str) -> str | None:
    try:
        answer = ssm.get_parameter(Name=parameter_name(prefix), WithDecryption=True)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return None
        raise
    return str(answer["Parameter"]["Value"])


def _put(ssm: Any, prefix: str, ring: Ring, *, overwrite: bool) -> None:
    ssm.put_parameter(
        Name=parameter_name(prefix),
        Description="What Foyer signs with. Whoever can read it can sign in as anybody.",
        Value=ring.to_text(),
        Type="SecureString",
        Overwrite=overwrite,
    )


def _former_secret(dynamodb: Any, prefix: str) -> bytes | None:
    try:
        answer = dynamodb.get_item(TableName=f"{prefix}-keys", Key=_FORMER, ConsistentRead=True)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return None
        raise
    return bytes.fromhex(answer["Item"]["secret"]["S"]) if "Item" in answer else None


if __name__ == "__main__":
    sys.exit(main())
