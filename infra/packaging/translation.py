"""From SAM to CloudFormation, here and not in AWS: what is tested is what is deployed."""

from __future__ import annotations

import copy
import logging
import os
from typing import Any

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform

_DEFAULT_REGION = "us-east-1"

# It counts what it does for its own operators and warns that nobody asked for the counts.
logging.getLogger("samtranslator.metrics").setLevel(logging.ERROR)


class NotTranslated(Exception):
    """The SAM template is invalid; the message names each cause."""


class _NoManagedPolicies:
    """The template names no managed policy, so there is nothing to look up in an account."""

    def load(self) -> dict[str, str]:
        """No names, no ARNs."""
        return {}


def translate(sam: dict[str, Any]) -> dict[str, Any]:
    """The CloudFormation template that `sam` stands for.

    Raises:
        NotTranslated: SAM refuses it.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", _DEFAULT_REGION)  # the translator asks boto3
    try:
        template: dict[str, Any] = transform(copy.deepcopy(sam), {}, _NoManagedPolicies())
    except InvalidDocumentException as error:
        raise NotTranslated("; ".join(cause.message for cause in error.causes)) from error
    return template
