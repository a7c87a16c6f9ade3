"""cdk.json's `user_pool` -> a user pool that is there already. Imports no CDK."""

from dataclasses import dataclass

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields, ConfigInvalid

POOL_ID = check.text(
    r"[a-z]+(?:-[a-z]+)+-[0-9]+_[A-Za-z0-9]{1,45}", "a user pool's id such as us-east-1_AbC123xyz"
)
CLIENT_IDS = check.texts(
    r"[a-z0-9]{1,128}", "a list of one or more app clients' ids of that pool, none twice"
)


@dataclass(frozen=True, slots=True)
class ExistingPool:
    """A user pool that another stack, or a person, has made.

    Attributes:
        id: "<region>_<id>".
        client_ids: Its app clients whose tokens are accepted.
    """

    id: str
    client_ids: tuple[str, ...]

    @property
    def region(self) -> str:
        """Where it is."""
        return self.id.partition("_")[0]


def existing_pool(
    fields: ConfigFields,
    loopback: bool,  # noqa: FBT001  # the signature of every reader in fields.PARTS
) -> ExistingPool | None:
    """Read `{"id": "us-east-1_AbC123xyz", "client_ids": [...]}`.

    Args:
        fields: The object; an empty one makes a pool.
        loopback: Whether the stage is served on this machine.

    Returns:
        None for a pool of the stage's own.

    Raises:
        ConfigInvalid: One line that names the field.
    """
    if not fields.names:
        return None
    fields.only(("id", "client_ids"))
    if loopback:
        raise ConfigInvalid(
            f"{fields.path} must be {{}}: this machine plays a pool of the stage's own, and none "
            "that is there already"
        )
    client_ids = fields.take("client_ids", CLIENT_IDS)
    return ExistingPool(str(fields.take("id", POOL_ID)), tuple(map(str, client_ids)))  # type: ignore[call-overload]
