from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta, timezone
from urllib.parse import quote

import botocore.auth
import pytest
import time_machine
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.platform.transport.sigv4 import Credentials, sign, signing_key

# The keys, moment and host of AWS's published suite, "aws-sig-v4-test-suite".
SUITE_SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
SUITE_KEYS = Credentials("AKIDEXAMPLE", SUITE_SECRET)
SUITE_NOW = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FORM_UTF8 = {"Content-Type": "application/x-www-form-urlencoded; charset=utf8"}
UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

VECTORS = {
    "get-vanilla": (
        ("GET", "/", {}, b""),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-vanilla-query-order-key-case": (
        ("GET", "/?Param2=value2&Param1=value1", {}, b""),
        "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ),
    "get-vanilla-empty-query-key": (
        ("GET", "/?Param1=value1", {}, b""),
        "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
    ),
    "get-vanilla-query-unreserved": (
        ("GET", f"/?{UNRESERVED}={UNRESERVED}", {}, b""),
        "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
    ),
    "get-vanilla-utf8-query": (
        ("GET", "/?ሴ=bar", {}, b""),
        "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
    ),
    "get-unreserved": (
        ("GET", f"/{UNRESERVED}", {}, b""),
        "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
    ),
    "get-utf8": (
        ("GET", "/ሴ", {}, b""),
        "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85",
    ),
    "get-space": (
        ("GET", "/example space/", {}, b""),
        "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741",
    ),
    "get-relative": (
        ("GET", "/example/..", {}, b""),
        "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ),
    "get-slashes": (
        ("GET", "//example//", {}, b""),
        "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84",
    ),
    "get-slash-pointless-dot": (
        ("GET", "/./example", {}, b""),
        "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
    ),
    "get-header-value-trim": (
        ("GET", "/", {"My-Header1": " value1", "My-Header2": ' "a   b   c"'}, b""),
        "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
    ),
    "post-vanilla": (
        ("POST", "/", {}, b""),
        "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
    ),
    "post-header-key-sort": (
        ("POST", "/", {"My-Header1": "value1"}, b""),
        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    ),
    "post-header-value-case": (
        ("POST", "/", {"My-Header1": "VALUE1"}, b""),
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    ),
    "post-vanilla-query": (
        ("POST", "/?Param1=value1", {}, b""),
        "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
    ),
    "post-x-www-form-urlencoded": (
        ("POST", "/", FORM, b"Param1=value1"),
        "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
    ),
    "post-x-www-form-urlencoded-parameters": (
        ("POST", "/", FORM_UTF8, b"Param1=value1"),
        "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_aws_published_vectors_get_their_published_signatures(name: str) -> None:
    (method, target, headers, body), signature = VECTORS[name]
    url = f"https://example.amazonaws.com{target}"

    signed = sign(method, url, headers, body, SUITE_KEYS, "us-east-1", "service", SUITE_NOW)

    assert signed["Authorization"].partition("Signature=")[2] == signature
    assert signed["Authorization"].startswith(
        "AWS4-HMAC-SHA256 "
        "Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders="
    )


def test_the_case_of_a_header_name_changes_nothing() -> None:
    signatures = {
        sign("POST", "https://a.example/", {name: "1"}, b"", SUITE_KEYS, "r", "s", SUITE_NOW)[
            "Authorization"
        ]
        for name in ("My-Header1", "my-header1", "MY-HEADER1")
    }
    assert len(signatures) == 1


def test_the_signing_key_is_the_one_in_aws_documentation() -> None:
    key = signing_key(SUITE_SECRET, "20150830", "us-east-1", "iam")
    assert key.hex() == "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"


def test_any_time_zone_signs_the_same_instant_and_a_naive_time_is_refused() -> None:
    elsewhere = SUITE_NOW.astimezone(timezone(timedelta(hours=-7)))
    here, there = (
        sign("GET", "https://a.example/", {}, b"", SUITE_KEYS, "r", "s", now)
        for now in (SUITE_NOW, elsewhere)
    )
    assert here == there
    with pytest.raises(ValueError, match="time zone"):
        sign(
            "GET",
            "https://a.example/",
            {},
            b"",
            SUITE_KEYS,
            "r",
            "s",
            SUITE_NOW.replace(tzinfo=None),
        )


def test_the_secret_does_not_show_when_credentials_are_printed() -> None:
    shown = repr(Credentials("AKIDEXAMPLE", "the-secret", "the-token"))
    assert "AKIDEXAMPLE" in shown
    assert "the-secret" not in shown
    assert "the-token" not in shown


texts = st.text(st.characters(codec="utf-8"), max_size=12)
names = st.text(string.ascii_letters + "-", min_size=1, max_size=12).map(lambda name: f"X-{name}")
values = st.text(string.ascii_letters + string.digits + " =;/,", max_size=20)
segments = st.one_of(
    texts.map(lambda text: quote(text, safe="@")), st.sampled_from(["", ".", ".."])
)
pairs = st.tuples(texts, texts).map(lambda pair: "=".join(quote(part, safe="") for part in pair))


@given(
    method=st.sampled_from(["GET", "POST", "DELETE"]),
    scheme_and_port=st.sampled_from(
        [("https", ""), ("https", ":443"), ("http", ":80"), ("http", ":8000")]
    ),
    path=st.lists(segments, max_size=5).map(lambda parts: "/" + "/".join(parts)),
    query=st.lists(pairs, max_size=4).map("&".join),
    headers=st.dictionaries(names, values, max_size=4),
    body=st.binary(max_size=50),
    token=st.none() | st.text(string.ascii_letters + "+/=", min_size=1, max_size=40),
    service=st.sampled_from(["dynamodb", "execute-api"]),
    now=st.datetimes(datetime(2015, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_any_request_is_signed_as_botocore_signs_it(
    method: str,
    scheme_and_port: tuple[str, str],
    path: str,
    query: str,
    headers: dict[str, str],
    body: bytes,
    token: str | None,
    service: str,
    now: datetime,
) -> None:
    headers = {name.title(): value for name, value in headers.items()}
    scheme, port = scheme_and_port
    url = f"{scheme}://host.example{port}{path}" + (f"?{query}" if query else "")

    ours = sign(
        method, url, headers, body, Credentials("AKID", "secret", token), "eu-west-1", service, now
    )

    theirs = AWSRequest(method, url, headers=dict(headers), data=body)
    with time_machine.travel(now, tick=False):
        botocore.auth.SigV4Auth(
            BotocoreCredentials("AKID", "secret", token), service, "eu-west-1"
        ).add_auth(theirs)
    assert ours["Authorization"] == theirs.headers["Authorization"]
    assert ours["X-Amz-Date"] == theirs.headers["X-Amz-Date"]
    assert ours.get("X-Amz-Security-Token") == theirs.headers.get("X-Amz-Security-Token")
