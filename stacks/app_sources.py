"""What an app of this repository is made from. Imports no CDK.

`app.py` names the files that a user edits, and `tests/sample/app.py` those that our own tests
stand on.
"""

from dataclasses import dataclass
from pathlib import Path

from aws_jwt_authorizer.access.rules import AccessTable


@dataclass(frozen=True, slots=True)
class AppSources:
    """The two things that make one app differ from another.

    Attributes:
        access: Who may call what, and where the code behind it is.
        cdk_json: The file with the stages, and with CDK's own switches.
    """

    access: AccessTable
    cdk_json: Path
