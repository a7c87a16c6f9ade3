"""Who acts: the person whom the token is about, or somebody for them (RFC 8693 section 4.1)."""

from collections.abc import Mapping

from jwt_verifier import VerifiedToken


def in_person(token: VerifiedToken, _path_parameters: Mapping[str, str]) -> bool | str:
    """Deny a token whose claim `act` says that another acts for its subject.

    Returns:
        True, or the reason for the log.
    """
    return "acts_for_another" if "act" in token.claims else True
