"""`POST /` with `X-Amz-Target` -> the operation's answer, from our own code or from moto.

An operation is served because it is listed here; administrators must sign their
request as AWS asks, which no page of a browser can do across origins.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from typing import TYPE_CHECKING

from moto.moto_server.werkzeug_app import create_backend_app
from werkzeug.wrappers import Request, Response

from local.cognito.api.auth_flows import AuthFlows
from local.cognito.api.list_limits import check_limit, has_limit
from local.cognito.api.parameters import Parameters
from local.cognito.api.token_operations import TokenOperations
from local.cognito.backend import StrictBackend
from local.cognito.errors import Refused
from local.json_value import JsonObject

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_TARGET = "AWSCognitoIdentityProviderService."
_JSON = "application/x-amz-json-1.1"
_SIGNATURE = "AWS4-HMAC-SHA256"

_Operation = Callable[[Parameters], JsonObject]

MOTO_SIGNED = frozenset(
    {
        "AdminAddUserToGroup",
        "AdminConfirmSignUp",
        "AdminCreateUser",
        "AdminDeleteUser",
        "AdminDeleteUserAttributes",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminGetUser",
        "AdminListGroupsForUser",
        "AdminRemoveUserFromGroup",
        "AdminResetUserPassword",
        "AdminSetUserPassword",
        "AdminUpdateUserAttributes",
        "CreateGroup",
        "CreateResourceServer",
        "CreateUserPoolClient",
        "DeleteGroup",
        "DeleteUserPoolClient",
        "DescribeResourceServer",
        "DescribeUserPool",
        "DescribeUserPoolClient",
        "GetGroup",
        "ListGroups",
        "ListResourceServers",
        "ListUserPoolClients",
        "ListUserPools",
        "ListUsers",
        "ListUsersInGroup",
        "UpdateGroup",
        "UpdateUserPoolClient",
    }
)
"""Operations that moto does as Cognito does; they need a signed request."""

MOTO_UNSIGNED = frozenset({"SignUp"})
"""The same, for everybody."""


class CognitoApi:
    """The API of all pools of a backend.

    Args:
        backend: The pools.
        flows: Sign-in.
        tokens: What is done with tokens.
    """

    def __init__(self, backend: StrictBackend, flows: AuthFlows, tokens: TokenOperations) -> None:
        self._region = backend.region_name
        self._account_id = backend.account_id
        self._signed: Mapping[str, _Operation] = {
            "AdminInitiateAuth": flows.admin_initiate_auth,
            "AdminRespondToAuthChallenge": flows.admin_respond_to_auth_challenge,
            "AdminUserGlobalSignOut": tokens.admin_user_global_sign_out,
        }
        self._unsigned: Mapping[str, _Operation] = {
            "GetTokensFromRefreshToken": tokens.get_tokens_from_refresh_token,
            "GetUser": tokens.get_user,
            "GlobalSignOut": tokens.global_sign_out,
            "InitiateAuth": flows.initiate_auth,
            "RespondToAuthChallenge": flows.respond_to_auth_challenge,
            "RevokeToken": tokens.revoke_token,
        }
        self._moto = create_backend_app("cognito-idp")

    @property
    def names(self) -> frozenset[str]:
        """Every operation that is served."""
        return frozenset({*self._signed, *self._unsigned}) | MOTO_SIGNED | MOTO_UNSIGNED

    def serve(
        self, request: Request, environ: "WSGIEnvironment", start: "StartResponse"
    ) -> Iterable[bytes]:
        """Answer one request (WSGI)."""
        name = request.headers.get("X-Amz-Target", "").removeprefix(_TARGET)
        try:
            self._check(name, request)
            if has_limit(name):
                check_limit(name, _body(request))
                # What was read is read once more, by moto.
                environ["wsgi.input"] = BytesIO(request.get_data())
            if name in MOTO_SIGNED | MOTO_UNSIGNED:
                return self._ask_moto(environ, start)
            operation = self._signed.get(name) or self._unsigned[name]
            answer = operation(Parameters(_body(request)))
        except Refused as refused:
            problem: JsonObject = {"__type": refused.code, "message": str(refused)}
            return _response(400, problem, {"x-amzn-ErrorType": refused.code})(environ, start)
        return _response(200, answer, {})(environ, start)

    def _check(self, name: str, request: Request) -> None:
        if request.method != "POST" or name not in self.names:
            raise Refused(
                "UnknownOperationException",
                f"{name or 'a request without X-Amz-Target'} is not modelled by the local stack;"
                " docs/local-cognito.md lists what is",
            )
        signature = request.headers.get("Authorization", "")
        needs_signature = name in self._signed or name in MOTO_SIGNED
        if needs_signature and not signature.startswith(_SIGNATURE):
            raise Refused("MissingAuthenticationTokenException", "Missing Authentication Token")

    def _ask_moto(self, environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        # moto reads region and account from these where a request is not signed by a real key.
        environ["HTTP_HOST"] = f"cognito-idp.{self._region}.amazonaws.com"
        environ["HTTP_X_MOTO_ACCOUNT_ID"] = self._account_id
        return self._moto(environ, start)


def _body(request: Request) -> JsonObject:
    try:
        body = json.loads(request.get_data())
    except ValueError as error:
        raise Refused("SerializationException", "the body is not JSON") from error
    if not isinstance(body, dict):
        raise Refused("SerializationException", "the body is not a JSON object")
    return body


def _response(status: int, body: JsonObject, headers: Mapping[str, str]) -> Response:
    # Browser applications sign people in by the API too.
    sent = {"Access-Control-Allow-Origin": "*", **headers}
    return Response(json.dumps(body), status, sent, mimetype=_JSON)
