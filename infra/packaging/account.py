"""Whose account it is that we are let into, and what its refusals mean."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

# What AWS calls credentials that were good for some hours.
_EXPIRED = {"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"}
INTERRUPTED = (
    "\nStopped looking. What CloudFormation was set to do it goes on doing; the same command goes "
    "on from there."
)


class Refused(Exception):
    """Nothing was done; the message says in one sentence why."""


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


def explain(error: Exception) -> str:
    """An error as somebody can act on it."""
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    if code in _EXPIRED:
        return (
            "The AWS credentials have expired. What CloudFormation was set to do it goes on doing: "
            "sign in again and run the same command, which waits for it and goes on from there."
        )
    return str(error)
