"""Which machine a request comes from."""

from __future__ import annotations

import hmac

from chalice.app import Request

from chalicelib.kit.actors import Client
from chalicelib.kit.problems import Forbidden
from chalicelib.platform.config import config

_AGENT_LENGTH = 500
_CACHE_KEY = "_foyer_client"


def client_of(request: Request) -> Client:
    """The machine that asks: its address, what it calls itself, its country where that is known."""
    client: Client | None = vars(request).get(_CACHE_KEY)
    if client is None:
        client = vars(request)[_CACHE_KEY] = _client_of(request)
    return client


def _client_of(request: Request) -> Client:
    told_by_site = _comes_through_site(request)
    country = request.headers.get("cloudfront-viewer-country", "") if told_by_site else ""
    return Client(
        ip=_address(request, told_by_site),
        agent=request.headers.get("user-agent", "")[:_AGENT_LENGTH],
        country=country[:2],
    )


def admit(request: Request) -> None:
    """Where a firewall stands before the site, nobody walks around it to API Gateway's own address.

    Raises:
        Forbidden: It didn't come through the site (`site.only`).
    """
    if config().site_only and not _comes_through_site(request):
        raise Forbidden("Ask at the site's own address", code="site.only")


def _comes_through_site(request: Request) -> bool:
    """Only CloudFront knows the site's key (infra/site.yaml), so nobody else is believed."""
    key, proof = config().site_key, request.headers.get("x-foyer-site", "")
    return bool(key) and hmac.compare_digest(proof.encode(), key.encode())


def _address(request: Request, told_by_site: bool) -> str:
    """Behind the site, API Gateway sees CloudFront; who called CloudFront is named before it."""
    forwarded = request.headers.get("x-forwarded-for", "").split(",")
    if told_by_site and len(forwarded) > 1:
        return str(forwarded[-2]).strip()
    return str(request.context.get("identity", {}).get("sourceIp", ""))
