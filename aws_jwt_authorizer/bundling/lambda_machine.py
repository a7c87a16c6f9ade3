"""Target -> what Lambda is told of the machine that a bundle is for."""

from aws_cdk import aws_lambda as lambda_

from aws_jwt_authorizer.bundling.target import Target

ARCHITECTURES = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}


def runtime(target: Target) -> lambda_.Runtime:
    """Return the Python that a bundle is for.

    Lambda has snapshots of Python 3.12 and later, on both processors ("Lambda SnapStart", AWS
    Lambda developer guide).
    """
    return lambda_.Runtime(
        f"python{target.python}", lambda_.RuntimeFamily.PYTHON, supports_snap_start=True
    )


def architecture(target: Target) -> lambda_.Architecture:
    """Return the processor that a bundle is for."""
    return ARCHITECTURES[target.machine]
