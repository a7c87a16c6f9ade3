"""Every failure that stops a run; the next run begins where this one stopped.

RotationError
├── RingChanged           another run has written the ring meanwhile
├── ClockWrong            our clock is not KMS's: nothing is done by it
├── KeyNotReady           KMS has made another key than the one that was asked for
├── KeysLeft              the issuer is deleted, and some of its keys could not be
├── IssuerNotReady        documents or signature do not answer, so no authorizer may be made yet
├── RequestUnknown        an event that is neither the schedule, a command nor CloudFormation
└── DeploymentInvalid     what CloudFormation has sent is not a custom resource of ours

Messages hold no secret: they reach CloudFormation's events.
"""


class RotationError(Exception):
    """Root of all failures: the message is one line, meant for a person."""


class RingChanged(RotationError):
    """The ring was written by another run between our reading and our writing."""


class ClockWrong(RotationError):
    """Our clock and KMS's differ by more than any two clocks of AWS may."""


class KeyNotReady(RotationError):
    """A key that KMS has made is not the RSA key that was asked for."""


class KeysLeft(RotationError):
    """Not every key could be found and deleted; the message names them."""


class IssuerNotReady(RotationError):
    """Discovery, the key set or a signature is not what an authorizer needs."""


class RequestUnknown(RotationError):
    """An event that asks for nothing that we do; the message says what can be asked."""


class DeploymentInvalid(RotationError):
    """An event with a RequestType that is not a custom resource request of ours."""
