"""Every failure of the rotation. Each stops the step; Secrets Manager runs the rotation again.

RotationError
├── RequestInvalid        the event is not a step of a rotation, or of a secret that is not ours
└── ClientInvalid         Cognito has no secret for the client

Messages hold no secret.
"""


class RotationError(Exception):
    """Root of all failures: the message is one line, meant for a person."""


class RequestInvalid(RotationError):
    """What has arrived is not a step of a rotation of a secret of ours."""


class ClientInvalid(RotationError):
    """The app client has no secret."""
