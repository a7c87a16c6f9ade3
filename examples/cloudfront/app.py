"""CDK's entry: the context's values -> the stack. `-c name=... -c target=...` and so on."""

import aws_cdk as cdk

from examples.cloudfront.front import Front, FrontStack

VALUES = ("name", "target", "certificate_arn", "secret", "json_key")


def build(app: cdk.App) -> None:
    """Add the stack.

    Args:
        app: With a context value for the account and for each field of `Front`.

    Raises:
        SystemExit: One is missing.
    """
    given = {name: app.node.try_get_context(name) for name in ("account", *VALUES)}
    for name, value in given.items():
        if not value:
            raise SystemExit(f"pass -c {name}=...: docs/cloudfront.md says what each is")
    account = given.pop("account")
    FrontStack(app, "api-front", front=Front(**given), account=account)


if __name__ == "__main__":
    cdk_app = cdk.App()
    build(cdk_app)
    cdk_app.synth()
