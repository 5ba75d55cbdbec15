"""`python -m infra.packaging.deploy`: build, upload, deploy, bring the site's files, say where.

    --stage prod                     the stack is foyer-<stage>, so are its tables and functions
    --set MailFrom=help@example.com  a parameter of the template; the stack remembers it

docs/deploy.md goes through it step by step.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.packaging import root_keys, stack, static_site
from infra.packaging.archive import NotCompiled
from infra.packaging.build import build, digest
from infra.packaging.chalice_project import NotPackaged
from infra.packaging.dependencies import NotInstalled
from infra.packaging.paths import BUILD, Package
from infra.packaging.stages import NoStage, checked, code_bucket, stack_name
from infra.packaging.template import Clash
from infra.packaging.translation import NotTranslated

# The deployer's own parameters; --set is for the others.
_OURS = frozenset({"CodeBucket", "CodeKey", "Prefix", "Version"})


class Refused(Exception):
    """Nothing was done; the message says in one sentence why."""


def main(arguments: list[str] | None = None) -> int:
    """Deploy; 1 with one sentence when it can't."""
    wanted = _parsed(arguments)
    try:
        checked(wanted.stage)
        settings = _settings(wanted.set)
        session = boto3.Session()
        account = account_of(session)
        if wanted.check:
            return 0
        files = static_site.static_files()
        print(f"Deploying {stack_name(wanted.stage)} to account {account}, {session.region_name}.")
        package = build(wanted.stage, BUILD / "package")
        outputs = deploy(session, package, wanted.stage, settings)
        publish(session, outputs, files)
    except (
        *(Clash, NoStage, NotCompiled, NotInstalled, NotPackaged, NotTranslated, Refused),
        *(stack.NotDeployed, static_site.NotBuilt, BotoCoreError, ClientError),
    ) as error:
        print(error, file=sys.stderr)
        return 1
    _say_where(outputs)
    return 0


def account_of(session: Any) -> str:
    """The account that the session's credentials belong to.

    Raises:
        Refused: No credentials, ones that AWS does not take, or no region.
    """
    if session.get_credentials() is None:
        raise Refused(
            "No AWS credentials: run `aws configure`, or set AWS_PROFILE or AWS_ACCESS_KEY_ID."
        )
    if session.region_name is None:
        raise Refused("No AWS region: set AWS_REGION, such as eu-central-1.")
    try:
        return str(session.client("sts").get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise Refused(f"AWS does not take these credentials: {error}") from error


def deploy(
    session: Any, package: Package, stage: str, settings: dict[str, str], *, poll: float = 3.0
) -> dict[str, str]:
    """Upload the package and bring the stage's stack to it; the stack's outputs.

    `settings` are parameters of the template; those left out keep their value.

    Raises:
        NotDeployed: CloudFormation refused or failed.
    """
    s3 = session.client("s3")
    bucket = code_bucket(account_of(session), session.region_name)
    _ensure_code_bucket(s3, bucket, session.region_name)
    code_key = _upload(s3, bucket, stage, package.zip)
    template_key = _upload(s3, bucket, stage, package.template)
    parameters = json.loads(package.template.read_text(encoding="utf-8"))["Parameters"]
    if unknown := settings.keys() - parameters.keys():
        raise Refused(f"The template has no parameter {', '.join(sorted(unknown))}.")
    wish = stack.Wish(
        name=stack_name(stage),
        template_url=f"{s3.meta.endpoint_url}/{bucket}/{template_key}",
        template_parameters=frozenset(parameters),
        parameters={
            **settings,
            "CodeBucket": bucket,
            "CodeKey": code_key,
            "Prefix": stack_name(stage),
            "Version": parameters["Version"]["Default"],
        },
        initial={"CertificateArn": ""},
    )
    root_keys.ensure(session, stack_name(stage))
    outputs = stack.bring(session.client("cloudformation"), wish, print, poll=poll)
    root_keys.forget_former(session, stack_name(stage))
    return outputs


def publish(session: Any, outputs: dict[str, str], files: list[static_site.StaticFile]) -> None:
    """Bring the front ends' files to the site and have CloudFront fetch the changed ones."""
    stale = static_site.bring(session.client("s3"), outputs["SiteBucketName"], files)
    print(f"{len(files)} files are up, {stale} of former releases went.")
    paths = static_site.paths_to_invalidate(files)
    session.client("cloudfront").create_invalidation(
        DistributionId=outputs["SiteId"],
        InvalidationBatch={
            "Paths": {"Quantity": len(paths), "Items": paths},
            "CallerReference": str(time.time_ns()),
        },
    )


def _parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.packaging.deploy", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--stage", default="prod", help="the deployment's name (default: prod)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--check", action="store_true", help="only ask whether AWS lets us in")
    return parser.parse_args(arguments)


def _settings(assignments: list[str]) -> dict[str, str]:
    settings = dict(assignment.partition("=")[::2] for assignment in assignments)
    if ours := settings.keys() & _OURS:
        raise Refused(f"{', '.join(sorted(ours))} is for the deployer itself to set.")
    return settings


def _ensure_code_bucket(s3: Any, bucket: str, region: str) -> None:
    """The private bucket for zips and templates of every stage in this account and region."""
    try:
        s3.head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"404", "NoSuchBucket"}:
            raise
        # us-east-1 is where buckets are when nothing is said, and it can't be said.
        where = {"LocationConstraint": region}
        wish = {} if region == "us-east-1" else {"CreateBucketConfiguration": where}
        s3.create_bucket(Bucket=bucket, **wish)
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
    )


def _upload(s3: Any, bucket: str, stage: str, path: Path) -> str:
    """Under a name made of the contents: what a stack runs is never overwritten."""
    key = f"{stage}/{digest(path)}{path.suffix}"
    s3.put_object(Bucket=bucket, Key=key, Body=path.read_bytes())
    return key


def _say_where(outputs: dict[str, str]) -> None:
    print(f"Dashboard  {outputs['SiteUrl']}")
    print(f"API        {outputs['SiteUrl']}/v1")
    print(f"Widget     {outputs['SiteUrl']}/widget/loader.js")
    print(f"Socket     {outputs['SocketUrl']}")
    print(f"An own domain's record points to {outputs['SiteDomain']}.")


if __name__ == "__main__":
    sys.exit(main())
