"""A call to AWS and credentials -> the headers that sign it: Signature Version 4, without an SDK.

("Create a signed AWS API request", IAM user guide.) Pure.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit

_ALGORITHM: Final = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a role is known by for a while."""

    access_key_id: str
    secret_access_key: str = field(repr=False)
    session_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A POST to the root of a service.

    Attributes:
        url: the service's endpoint, without a path.
        service: its name in signatures, "dynamodb".
        region: where it is.
        headers: the call's own, in lower case.
        content: its body.
    """

    url: str
    service: str
    region: str
    headers: Mapping[str, str]
    content: bytes


def signed_headers(call: Call, credentials: Credentials, now: float) -> dict[str, str]:
    """Return the call's headers with those that sign it.

    Args:
        call: the call.
        credentials: whose it is.
        now: seconds since the epoch; AWS takes the signature for five minutes.
    """
    time = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {**call.headers, "x-amz-date": time}
    if credentials.session_token:
        headers["x-amz-security-token"] = credentials.session_token
    signed = {**headers, "host": urlsplit(call.url).netloc}
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{signed[name].strip()}\n" for name in sorted(signed))
    digest = sha256(call.content).hexdigest()
    request = f"POST\n/\n\n{lines}\n{names}\n{digest}"
    scope = f"{time[:8]}/{call.region}/{call.service}/aws4_request"
    text = f"{_ALGORITHM}\n{time}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    signature = _hmac(_key(credentials, scope), text).hex()
    headers["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access_key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return headers


def _key(credentials: Credentials, scope: str) -> bytes:
    key = f"AWS4{credentials.secret_access_key}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
