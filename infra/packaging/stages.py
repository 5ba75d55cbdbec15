"""What a stage is called, and what its resources are called after it."""

from __future__ import annotations

import re

PRODUCT = "foyer"

# A bucket's name has at most 63 characters, of which `foyer-`, `-files-`, the account (12), a
# hyphen and the region take 40 where regions are longest today (14). Three are left for longer.
LONGEST = 20
_STAGE = re.compile(rf"[a-z]([a-z0-9-]{{0,{LONGEST - 2}}}[a-z0-9])?")


class NoStage(ValueError):
    """A stage can't be called so; the message says what it may be called."""


def valid_stage(stage: str) -> str:
    """`stage`, if one can be called so.

    Raises:
        NoStage: It is too long, or has other characters than names of AWS's resources take.
    """
    if _STAGE.fullmatch(stage):
        return stage
    raise NoStage(
        f"A stage is called by 1 to {LONGEST} small letters, digits and hyphens, a letter first "
        f"and no hyphen last (such as prod or staging-2): not {stage!r}."
    )


def stack_name(stage: str) -> str:
    """The stack of a stage. The template's `Prefix`, so everything's name begins with it."""
    return f"{PRODUCT}-{valid_stage(stage)}"


def code_bucket(account: str, region: str) -> str:
    """The bucket with the zips and templates of every stage of an account and region."""
    return f"{PRODUCT}-code-{account}-{region}"


def stage_of(stack: str) -> str:
    """The stage whose stack has this name or ARN."""
    name = stack.partition(":stack/")[2].partition("/")[0] or stack
    return name.removeprefix(f"{PRODUCT}-")
