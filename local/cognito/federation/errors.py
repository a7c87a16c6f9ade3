"""Why a provider signs nobody in: one exception, which the app client is told as an OAuth error."""


class FederationFailed(Exception):
    """A sign-in by a provider that comes to nothing.

    Args:
        code: An error code of RFC 6749 section 4.1.2.1, or the provider's own.
        description: One sentence for a developer; never a token, a code or a secret.
    """

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


def provider_failed(name: str, problem: str) -> FederationFailed:
    """Return the failure of a provider that does not do as OpenID Connect says."""
    return FederationFailed("server_error", f"{name}: {problem}")
