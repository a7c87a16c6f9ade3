"""`make first-admin` against the AWS that moto plays, and what it makes of a refusal.

moto's CloudFormation asks for packages that nothing else here needs, so its one answer is played; the
rehearsal deploys the real stack.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.backends import get_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from stacks.deployment.__main__ import main

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ROOT = Path(__file__).parents[2]
REGION, ACCOUNT = "eu-west-1", "123456789012"
ADA = "ada@example.com"
IDENTITY = "jwt-authorizer-dev-identity"
GROUPS = ("admins", "support")


STACK = """<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
<DescribeStacksResult><Stacks><member><StackName>{name}</StackName>
<CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs><member><OutputKey>UserPoolId</OutputKey><OutputValue>{pool}</OutputValue></member></Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>"""
QUERY_ERROR = """<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error>
<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error></ErrorResponse>"""
READS = ("Describe", "Get", "AdminGet", "AdminList")


@dataclass
class Aws:
    """Services behind one address, which refuse what a test says.

    Attributes:
        refused: The error's code and message, by the operation.
        asked: The operations of the user pool, in order.
        url: Where they are.
        pool_id: The pool of the stage dev.
    """

    refused: dict[str, tuple[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""
    pool_id: str = ""

    def __post_init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: "WSGIEnvironment", start: "StartResponse") -> "Iterable[bytes]":
        signed = environ.get("HTTP_AUTHORIZATION", "")
        if "/cloudformation/" in signed:
            return self._stack(Request(environ))(environ, start)
        if "/sts/" in signed and "GetCallerIdentity" in self.refused:
            return _query_error(*self.refused["GetCallerIdentity"])(environ, start)
        operation = environ.get("HTTP_X_AMZ_TARGET", "").rpartition(".")[2]
        if operation in self.refused:
            code, message = self.refused[operation]
            body = json.dumps({"__type": code, "message": message})
            return Response(body, 400, content_type="application/x-amz-json-1.1")(environ, start)
        if operation:
            self.asked.append(operation)
        answer: Iterable[bytes] = self._moto(environ, start)
        return answer

    def _stack(self, request: Request) -> Response:
        name = request.form["StackName"]
        if "DescribeStacks" in self.refused:
            code, message = self.refused["DescribeStacks"]
        elif name == IDENTITY:
            return Response(STACK.format(name=name, pool=self.pool_id), content_type="text/xml")
        else:
            code, message = "ValidationError", f"Stack with id {name} does not exist"
        return _query_error(code, message)

    @cached_property
    def cognito(self) -> Any:
        return boto3.client("cognito-idp", region_name=REGION, endpoint_url=self.url)

    def written(self) -> list[str]:
        """The operations since the last look that change something."""
        found = [name for name in self.asked if not name.startswith(READS)]
        self.asked.clear()
        return found


def _query_error(code: str, message: str) -> Response:
    body = QUERY_ERROR.format(code=code, message=message)
    return Response(body, 400, content_type="text/xml")


@pytest.fixture(scope="module")
def served() -> Iterator[Aws]:
    aws = Aws()
    server = make_server("127.0.0.1", 0, aws, threaded=True)
    aws.url = f"http://127.0.0.1:{server.port}"
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield aws
    server.shutdown()
    thread.join()


_session = cache(boto3.session.Session)


@pytest.fixture
def aws(served: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    """An account in which the stage dev is deployed, and nobody is in its pool."""
    for name in ("CDK_DEPLOY_ACCOUNT", "CDK_DEPLOY_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {
        "AWS_ENDPOINT_URL": served.url,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }.items():
        monkeypatch.setenv(name, value)
    # A session reads the descriptions of services, which are megabytes: one does for all runs.
    monkeypatch.setattr(boto3.session, "Session", _session)
    served.refused.clear()
    get_backend("cognito-idp")[ACCOUNT][REGION].reset()
    pool = served.cognito.create_user_pool(
        PoolName="people",
        UsernameAttributes=["email"],
        MfaConfiguration="ON",
        Policies={"PasswordPolicy": {"MinimumLength": 12, "TemporaryPasswordValidityDays": 7}},
    )
    served.pool_id = pool["UserPool"]["Id"]
    for name in GROUPS:
        served.cognito.create_group(UserPoolId=served.pool_id, GroupName=name)
    served.asked.clear()
    return served


def first_admin(*more: str, email: str = ADA) -> int:
    return main(["first-admin", "--app", "tests.sample.app", *more, "--", email])


def refusal(capsys: pytest.CaptureFixture[str], *more: str, email: str = ADA) -> str:
    """The one line with which the command is refused."""
    assert first_admin(*more, email=email) == 1
    [line] = capsys.readouterr().err.splitlines()
    return line.removeprefix("first-admin: ")


def groups(aws: Aws) -> list[str]:
    listed = aws.cognito.admin_list_groups_for_user(UserPoolId=aws.pool_id, Username=ADA)
    return [item["GroupName"] for item in listed["Groups"]]


def person(aws: Aws) -> Any:
    return aws.cognito.admin_get_user(UserPoolId=aws.pool_id, Username=ADA)


def test_somebody_is_invited_by_mail_into_the_first_group_of_the_table(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    assert first_admin() == 0
    announced, invited, member = capsys.readouterr().out.splitlines()
    assert f"user pool {aws.pool_id}, account {ACCOUNT}, region {REGION}; asked" in announced
    assert "a temporary password, good for 7 days" in invited
    assert invited.endswith("chooses another one, and adds an authenticator app")
    assert member == f"{ADA} is in 'admins' now, which counts from the next token on"
    made = person(aws)
    attributes = {item["Name"]: item["Value"] for item in made["UserAttributes"]}
    assert attributes["email_verified"] == "true"
    assert made["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert groups(aws) == ["admins"]


def test_a_second_run_says_so_and_changes_nothing(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    first_admin()
    assert aws.written() == ["AdminCreateUser", "AdminAddUserToGroup"]
    capsys.readouterr()
    assert first_admin() == 0
    _, invited, member = capsys.readouterr().out.splitlines()
    assert "has not signed in; an invitation is good for 7 days, and RESEND=1 sends a" in invited
    assert member == f"{ADA} is in 'admins' already"
    assert aws.written() == []


def test_a_run_that_was_cut_short_is_finished_by_the_next(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.refused["AdminAddUserToGroup"] = ("AccessDeniedException", "no")
    line = refusal(capsys)
    assert line.startswith("these credentials may not cognito-idp:AdminAddUserToGroup: ask for")
    aws.refused.clear()
    assert first_admin() == 0
    assert groups(aws) == ["admins"]


def test_another_administrator_and_another_group_are_asked_for_by_name(aws: Aws) -> None:
    assert first_admin() == 0
    assert first_admin("--group", "support") == 0
    assert sorted(groups(aws)) == ["admins", "support"]


def test_an_invitation_that_was_not_used_is_sent_again_if_asked(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    first_admin()
    aws.written()
    capsys.readouterr()
    assert first_admin("--resend") == 0
    assert "a temporary password, good for 7 days" in capsys.readouterr().out
    assert aws.written()[0] == "AdminCreateUser"


def test_who_has_signed_in_gets_no_invitation_again(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    first_admin()
    aws.cognito.admin_set_user_password(
        UserPoolId=aws.pool_id, Username=ADA, Password="Correct-horse-7", Permanent=True
    )
    assert "so there is no invitation to send again" in refusal(capsys, "--resend")
    assert first_admin() == 0
    assert f"{ADA} has had an account since 20" in capsys.readouterr().out


def test_somebody_who_is_disabled_is_not_raised(
    aws: Aws, capsys: pytest.CaptureFixture[str]
) -> None:
    first_admin("--group", "support")
    aws.cognito.admin_disable_user(UserPoolId=aws.pool_id, Username=ADA)
    assert refusal(capsys).startswith(f"{ADA} is disabled: aws cognito-idp admin-enable-user lets")
    assert groups(aws) == ["support"]


@pytest.mark.parametrize("verified", ["false", None])
def test_an_account_that_somebody_made_with_this_address_is_not_raised(
    aws: Aws, capsys: pytest.CaptureFixture[str], verified: str | None
) -> None:
    attributes = [{"Name": "email_verified", "Value": verified}] if verified else []
    aws.cognito.admin_create_user(
        UserPoolId=aws.pool_id, Username=ADA, UserAttributes=attributes, MessageAction="SUPPRESS"
    )
    assert "has not shown that the address is theirs" in refusal(capsys)
    assert groups(aws) == []


@pytest.mark.parametrize(
    ("arguments", "email", "words"),
    [
        ((), "ada", "EMAIL is 'ada': it must be an e-mail address such as ada@example.com"),
        ((), "", "EMAIL is '': it must be an e-mail address such as ada@example.com"),
        (
            ("--group", "admin"),
            ADA,
            "GROUP is 'admin': stacks/access.py declares admins, support, buyers; the nearest is ",
        ),
        (("--group", "buyers"), ADA, "the pool has no group 'buyers' yet: make deploy STAGE=dev"),
        (("--stage", "local"), ADA, "the stage local has its people at every start: make token"),
        (
            ("--stage", "prod"),
            ADA,
            "prod is not deployed in account 123456789012, region eu-west-1: there is no stack jwt",
        ),
        (("--stage", "production"), ADA, "context.stage is 'production': it must be one of dev,"),
    ],
)
def test_what_cannot_be_meant_is_one_line_and_nothing_is_written(
    aws: Aws, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], email: str, words: str
) -> None:
    assert refusal(capsys, *arguments, email=email).startswith(words)
    assert aws.written() == []


def test_credentials_of_another_account_are_refused(
    aws: Aws, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_DEPLOY_ACCOUNT", "111122223333")
    line = refusal(capsys)
    assert line.startswith("dev is deployed to account 111122223333, and these credentials are of")
    assert ACCOUNT in line
    assert aws.written() == []


@pytest.mark.parametrize(
    ("operation", "code", "words"),
    [
        ("GetCallerIdentity", "ExpiredToken", "the AWS credentials have expired: sign in again ("),
        ("DescribeStacks", "AccessDenied", "the stack jwt-authorizer-dev-identity does not say wh"),
        ("DescribeUserPool", "AccessDeniedException", "these credentials may not cognito-idp:Desc"),
        ("AdminGetUser", "NotAuthorizedException", "Cognito refuses cognito-idp:AdminGetUser: no"),
        (
            "AdminCreateUser",
            "CodeDeliveryFailureException",
            'Cognito refuses cognito-idp:AdminCreateUser: no; docs/user-pool.md, "Mail", says what',
        ),
        ("DescribeUserPool", "ResourceNotFoundException", "Cognito refuses cognito-idp:DescribeU"),
    ],
)
def test_what_aws_refuses_is_one_line_with_the_operation(
    aws: Aws, capsys: pytest.CaptureFixture[str], operation: str, code: str, words: str
) -> None:
    aws.refused[operation] = (code, "no")
    assert refusal(capsys).startswith(words)


def test_the_page_names_every_right_that_the_command_needs(aws: Aws) -> None:
    first_admin()
    first_admin()  # who is there already is asked about groups
    needed = {f"cognito-idp:{name}" for name in aws.asked}
    page = (ROOT / "docs/first-administrator.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(cognito-idp:\w+)`", page)) == needed
