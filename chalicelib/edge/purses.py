"""Whose purse holds how much: docs/limits.md says why (and a test holds it to these numbers).

One unit is about one cheap read. What an action costs stands where it is declared: `cost` of a
route (`edge.http`) or of a frame (`edge.frames`); each kB of a body costs one more.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.kit.buckets import Bucket

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Purse:
    """A kind of purse. What is in one stays in its process until `step` units were spent of it
    within its window: from then on each `step` is added to what other processes know, and when
    all together have spent two purses in a window, it is shut until the window ends. 0: never.
    """

    name: str
    bucket: Bucket
    step: int = 0


VISITOR = Purse("visitor", Bucket(300, 5), step=75)
VISITOR_FRAMES = Purse("visitor-frames", Bucket(60, 2), step=30)
OPERATOR = Purse("operator", Bucket(1_200, 20), step=400)
OPERATOR_FRAMES = Purse("operator-frames", Bucket(600, 20), step=200)
SOURCE = Purse("source", Bucket(12_000, 200), step=600)
NETWORK = Purse("network", Bucket(16_000, 300), step=900)
CUSTOMERS = Purse("customers", Bucket(20_000, 500))
PROVED = Purse("proved", Bucket(20_000, 500))
TEAM = Purse("team", Bucket(20_000, 500))
STORAGE = Purse("kept", Bucket(3_000, 3_000 / DAY), step=300)
STORAGE_OF_SOURCE = Purse("kept-of-source", Bucket(100_000, 100_000 / DAY), step=3_000)
STORAGE_OF_NETWORK = Purse("kept-of-network", Bucket(400_000, 400_000 / DAY), step=12_000)
PROBLEMS = Purse("problems", Bucket(10, 1))
PATIENCE = Purse("patience", Bucket(200, 1))
PRESENCE = Purse("shown", Bucket(200, 20))
SUMMARIES = Purse("summaries", Bucket(1, 0.2))

ALL = (
    VISITOR, VISITOR_FRAMES, OPERATOR, OPERATOR_FRAMES, SOURCE, NETWORK, CUSTOMERS, PROVED, TEAM,
    STORAGE, STORAGE_OF_SOURCE, STORAGE_OF_NETWORK, PROBLEMS, PATIENCE, PRESENCE, SUMMARIES,
)  # fmt: skip
