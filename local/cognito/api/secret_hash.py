"""`SECRET_HASH`: an app client with a secret proves at sign-in that it knows it."""

from moto.cognitoidp.utils import check_secret_hash

from local.cognito.errors import not_authorized
from local.cognito.pool import SignedPool


def check_hash(pool: SignedPool, client_id: str, username: str, given: str | None) -> None:
    """Check the hash over user name and client id.

    Args:
        pool: The client's.
        client_id: An app client of the pool.
        username: As the request has it; on a refresh the person's own user name.
        given: The request's `SECRET_HASH`, None if it has none.

    Raises:
        Refused: It is missing, wrong, or the client has no secret.
    """
    client = pool.clients[client_id]
    if client.generate_secret and given is None:
        raise not_authorized(
            f"Client {client_id} is configured with secret but SECRET_HASH was not received"
        )
    if given is None:
        return
    if not client.generate_secret or not check_secret_hash(
        client.secret, client_id, username, given
    ):
        raise not_authorized(f"Unable to verify secret hash for client {client_id}")
