"""`python -m infra.packaging.deploy`: build, upload, deploy, bring the site's files, say where.

    --stage prod                     the stack is foyer-<stage>, so are its tables and functions
    --set MailFrom=help@example.com  a parameter of the template; the stack remembers it
    --check                          only look whether it would work

docs/deploy.md goes through it step by step.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.packaging import first_owner, preflight, root_keys, stack, static_site, table_changes
from infra.packaging.account import INTERRUPTED, Refused, account_of, explain
from infra.packaging.archive import NotCompiled
from infra.packaging.artefacts import Artefacts, NotOurs
from infra.packaging.build import build
from infra.packaging.chalice_project import NotPackaged
from infra.packaging.change_sets import Target
from infra.packaging.dependencies import NotInstalled
from infra.packaging.paths import BUILD, Package
from infra.packaging.stack_progress import NotDeployed, describe_stack
from infra.packaging.stages import NoStage, code_bucket, stack_name, valid_stage
from infra.packaging.takeover import finder, names, table_as_it_is
from infra.packaging.template import Clash
from infra.packaging.translation import NotTranslated

# The deployer's own parameters; --set is for the others.
_OURS = frozenset({"CodeBucket", "CodeKey", "Prefix", "Version"})


def main(arguments: list[str] | None = None) -> int:
    """Deploy; 1 with one sentence when it can't."""
    options = _parse(arguments)
    try:
        valid_stage(options.stage)
        settings = _settings(options.set)
        session = boto3.Session()
        name = stack_name(options.stage)
        print(f"{name}, account {account_of(session)}, {session.region_name}.")
        look_ahead(session, name, settings)
        if options.check:
            return 0
        files = static_site.static_files()
        package = build(options.stage, BUILD / "package")
        outputs = deploy(session, package, options.stage, settings)
        publish(session, outputs, files)
    except (
        *(Clash, NoStage, NotCompiled, NotInstalled, NotPackaged, NotTranslated, Refused),
        *(NotDeployed, NotOurs, static_site.NotBuilt, BotoCoreError, ClientError),
    ) as error:
        print(explain(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(INTERRUPTED, file=sys.stderr)
        return 130
    _say_where(outputs)
    return 0


def look_ahead(session: Any, name: str, settings: dict[str, str]) -> None:
    """Tell what would surprise.

    Raises:
        Refused: Something would stop the deployment; the message says what to do about it.
    """
    now = describe_stack(session.client("cloudformation"), name)
    parameters = {**preflight.initial_parameters(session), **(now.parameters or {}), **settings}
    plan = preflight.Plan(session, session.region_name, parameters, first=not now.has_run)
    stopping = []
    for finding in preflight.findings(plan):
        if finding.stops:
            stopping.append(finding.sentence)
        else:
            print(f"- {finding.sentence}")
    if stopping:
        raise Refused("\n".join(stopping))


def deploy(
    session: Any, package: Package, stage: str, settings: dict[str, str], *, poll: float = 3.0
) -> dict[str, str]:
    """Upload the package and bring the stage's stack to it; the stack's outputs.

    `settings` are parameters of the template; those left out keep their value.

    Raises:
        NotDeployed: CloudFormation refused or failed.
        NotOurs: The bucket for the package is somebody else's.
        Refused: A setting is none of the template's.
    """
    account, region, name = account_of(session), session.region_name, stack_name(stage)
    template = json.loads(package.template.read_text(encoding="utf-8"))
    if unknown := settings.keys() - template["Parameters"].keys():
        raise Refused(f"The template has no parameter {', '.join(sorted(unknown))}.")
    formation = session.client("cloudformation")
    bucket = code_bucket(account, region)
    artefacts = Artefacts(session.client("s3"), bucket, account, region, stage)
    artefacts.ensure()
    code_key = artefacts.upload(package.zip)
    template_key = artefacts.upload(package.template)
    former = (describe_stack(formation, name).parameters or {}).get("CodeKey", code_key)
    target = Target(
        name=name,
        template_url=artefacts.address(template_key),
        template_parameters=frozenset(template["Parameters"]),
        parameters={
            **settings,
            "CodeBucket": bucket,
            "CodeKey": code_key,
            "Prefix": name,
            "Version": template["Parameters"]["Version"]["Default"],
        },
        initial=preflight.initial_parameters(session),
    )
    facts = {"Prefix": name, "AWS::AccountId": account, "AWS::Region": region}
    _refuse_table_changes(session, template, facts)
    around = stack.Account(finder(session, template, facts), artefacts.store_template)
    root_keys.ensure(session, name)
    first_owner.note(first_owner.caller(session.client("dynamodb")), name)
    outputs = stack.converge(formation, target, around, print, poll=poll)
    root_keys.forget_former(session, name)
    artefacts.forget({code_key, template_key, former})
    return outputs


def _refuse_table_changes(session: Any, template: dict[str, Any], facts: dict[str, str]) -> None:
    """A stage may be some releases behind: what each could do, all of them together may not."""
    dynamodb = session.client("dynamodb")
    there = {
        logical_id: as_it_is
        for logical_id, (kind, table) in names(template, facts).items()
        if kind == "AWS::DynamoDB::Table" and (as_it_is := table_as_it_is(dynamodb, table))
    }
    tables = {name: template["Resources"][name]["Properties"] for name in there}
    if problems := table_changes.problems(there, tables):
        advice = 'Deploy the releases in between one by one (docs/deploy.md, "Changing tables").'
        raise Refused("\n".join([*problems, advice]))


def publish(session: Any, outputs: dict[str, str], files: list[static_site.StaticFile]) -> None:
    """Bring the front ends' files to the site and have CloudFront fetch the changed ones."""
    stale = static_site.upload(session.client("s3"), outputs["SiteBucketName"], files)
    print(f"{len(files)} files are up, {stale} of former releases went.")
    paths = static_site.paths_to_invalidate(files)
    session.client("cloudfront").create_invalidation(
        DistributionId=outputs["SiteId"],
        InvalidationBatch={
            "Paths": {"Quantity": len(paths), "Items": paths},
            "CallerReference": str(time.time_ns()),
        },
    )


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.packaging.deploy", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--stage", default="prod", help="the deployment's name (default: prod)")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--check", action="store_true", help="only look whether it would work")
    return parser.parse_args(arguments)


def _settings(assignments: list[str]) -> dict[str, str]:
    settings = dict(assignment.partition("=")[::2] for assignment in assignments)
    if ours := settings.keys() & _OURS:
        raise Refused(f"{', '.join(sorted(ours))} is for the deployer itself to set.")
    return settings


def _say_where(outputs: dict[str, str]) -> None:
    print(f"Dashboard  {outputs['SiteUrl']}")
    print(f"API        {outputs['SiteUrl']}/v1")
    print(f"Widget     {outputs['SiteUrl']}/widget/loader.js")
    print(f"Socket     {outputs['SocketUrl']}")
    print(f"An own domain's record points to {outputs['SiteDomain']}.")


if __name__ == "__main__":
    sys.exit(main())
