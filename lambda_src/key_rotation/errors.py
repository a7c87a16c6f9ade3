"""Every failure of the rotation. Each stops the run; the next run begins where this one stopped.

RotationError
├── SettingsInvalid       ours: at cold start, names the variable and the fix
├── RingInvalid           what the table holds is no key ring: nothing is guessed, nothing deleted
├── RingChanged           another run has written the ring meanwhile
├── KeyNotReady           KMS does not give the public half of a key that it has just made
├── IssuerNotReady        the issuer's documents do not answer, so no authorizer may be made yet
└── DeploymentInvalid     what CloudFormation has sent is no custom resource of ours

Messages hold no secret: they reach CloudFormation's events.
"""


class RotationError(Exception):
    """Root of all failures: the message is one line, meant for a person."""


class SettingsInvalid(RotationError):
    """The function's own configuration is wrong; the message names the variable and the fix."""


class RingInvalid(RotationError):
    """The stored key ring cannot be read; the message names the field."""


class RingChanged(RotationError):
    """The ring was written by another run between our reading and our writing."""


class KeyNotReady(RotationError):
    """A key that KMS has made cannot be asked for its public half."""


class IssuerNotReady(RotationError):
    """Discovery or the key set does not answer as an authorizer needs it."""


class DeploymentInvalid(RotationError):
    """An event with a RequestType that is no custom resource request of ours."""
