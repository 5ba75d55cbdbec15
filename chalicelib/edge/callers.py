"""Which machine a request comes from."""

from __future__ import annotations

import hmac

from chalice.app import Request

from chalicelib.kit.actors import Client
from chalicelib.platform.config import config

_AGENT_LENGTH = 500


def client_of(request: Request) -> Client:
    """The machine that asks: its address, what it calls itself, its country where that is known."""
    return Client(
        ip=_address(request),
        agent=request.headers.get("user-agent", "")[:_AGENT_LENGTH],
        country=request.headers.get("cloudfront-viewer-country", "")[:2],
    )


def _address(request: Request) -> str:
    """Behind the site, API Gateway sees CloudFront; who called CloudFront is named before it.

    Only CloudFront knows the site's key (infra/site.yaml), so nobody else is believed.
    """
    key = config().site_key
    forwarded = request.headers.get("x-forwarded-for", "").split(",")
    proof = request.headers.get("x-foyer-site", "")
    if key and len(forwarded) > 1 and hmac.compare_digest(proof.encode(), key.encode()):
        return str(forwarded[-2]).strip()
    return str(request.context.get("identity", {}).get("sourceIp", ""))
