"""A provider's authorization code -> its tokens, and what its userInfo endpoint says.

The client secret goes in the form, the only way that Cognito knows (Amazon Cognito,
"Using OIDC identity providers with a user pool": `client_secret_post`).
"""

import re
from dataclasses import dataclass, field

from local.cognito.federation.errors import FederationFailed, provider_failed
from local.cognito.federation.provider_metadata import CALL_SECONDS, ProviderMetadata
from local.json_value import JsonObject, JsonValue
from local.loopback.fetch import OK, FetchFailed, json_object, send
from local.template.pool_config import IdentityProviderConfig

_ERROR = re.compile(r"[ !#-\[\]-~]{1,200}")
"""What an error and its description may hold (RFC 6749 section 4.1.2.1), and how long one is."""


@dataclass(frozen=True, slots=True)
class ProviderTokens:
    """What a provider gave for a code; nothing of it is verified."""

    unverified_id_token: str = field(repr=False)
    access_token: str = field(repr=False)


def exchange(
    provider: IdentityProviderConfig, metadata: ProviderMetadata, code: str, redirect_uri: str
) -> ProviderTokens:
    """Exchange a code (OpenID Connect Core section 3.1.3).

    Raises:
        FederationFailed: The provider refuses, in its words, or answers something else.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": provider.client_id,
        "client_secret": provider.client_secret,
    }
    try:
        status, body = send("POST", metadata.token_endpoint, seconds=CALL_SECONDS, form=form)
        answer = json_object(body)
    except FetchFailed as error:
        raise provider_failed(provider.name, f"the token endpoint failed: {error}") from error
    if status != OK:
        raise refusal(provider, answer.get("error"), answer.get("error_description"), str(status))
    id_token, access_token = answer.get("id_token"), answer.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access_token, str):
        raise provider_failed(provider.name, "the token endpoint gives no ID and access token")
    return ProviderTokens(id_token, access_token)


def user_info(
    provider: IdentityProviderConfig, url: str, tokens: ProviderTokens, subject: str
) -> JsonObject:
    """Return what the userInfo endpoint says of a person (OpenID Connect Core section 5.3).

    Args:
        provider: Whose.
        url: The endpoint.
        tokens: Of the person.
        subject: The `sub` of their ID token, which must be the same here (section 5.3.2).

    Raises:
        FederationFailed: It fails, or speaks of somebody else.
    """
    headers = {"Authorization": f"Bearer {tokens.access_token}"}
    method = provider.attributes_request_method
    try:
        status, body = send(method, url, seconds=CALL_SECONDS, headers=headers)
        if status != OK:
            raise provider_failed(provider.name, f"userInfo answers {status}")
        claims = json_object(body)
    except FetchFailed as error:
        raise provider_failed(provider.name, f"userInfo failed: {error}") from error
    except ValueError:
        # The token cannot be a header's value; what http.client says would show it.
        raise provider_failed(provider.name, "the access token is malformed") from None
    if claims.get("sub") != subject:
        raise provider_failed(provider.name, "userInfo describes another person")
    return claims


def refusal(
    provider: IdentityProviderConfig, error: JsonValue, description: JsonValue, status: str = ""
) -> FederationFailed:
    """Return a provider's error, with its name before it as Cognito does.

    (Amazon Cognito, "Managed login and federation error responses".)
    """
    if not isinstance(error, str) or not _ERROR.fullmatch(error):
        said = f" ({status})" if status else ""
        return provider_failed(provider.name, f"it answers with an error without a code{said}")
    legal = isinstance(description, str) and _ERROR.fullmatch(description)
    words = (f"{provider.name} Error -", status, error, str(description) if legal else "")
    return FederationFailed(error, " ".join(word for word in words if word))
