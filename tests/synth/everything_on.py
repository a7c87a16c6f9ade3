"""A stage with everything on and a table that uses all of it: what a template can hold at most.

Two stages, for the page's people are signed in by the pool or by an issuer of the table, and never
by both.
"""

from dataclasses import replace
from typing import Any

from aws_jwt_authorizer.access.rules import (
    ALL_SCOPES,
    AccessTable,
    HttpBackend,
    Issuer,
    MachineClient,
    NativeClient,
    Route,
    Rule,
    WebClient,
)
from tests.sample.access import ACCESS, MAY_READ, OWN_TOKEN

STAGE = "prod"
"""The stage of the sample's cdk.json that these fields are put over."""

SECRET = {"secret": "prod/login", "json_key": "client_secret"}
PROFILE = {"email": "email", "email_verified": "email_verified", "name": "name"}
OIDC = {
    "kind": "oidc",
    "issuer": "https://login.corp.example.com",
    "client_id": "id-oidc",
    "client_secret": SECRET,
    "scopes": ["openid", "email", "profile"],
    "attributes": PROFILE,
}
SOCIAL = {"client_id": "id-1", "client_secret": SECRET, "attributes": PROFILE}
LINK = {
    "subnet_ids": ["subnet-0a1b2c3d", "subnet-0e4f5a6b"],
    "security_group_ids": ["sg-0123456789abcdef0"],
}
LISTENER = (
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/stock/50dc6c495c0c9188/f2"
)
SERVICE = "arn:aws:servicediscovery:eu-west-1:111122223333:service/srv-abcdefghij"
CERTIFICATE = "arn:aws:acm:eu-west-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555"
ZONE = {"id": "Z0123456789ABCDEFGHIJ", "name": "orders.example.com"}
DOMAIN = {
    "name": "api.orders.example.com",
    "certificate_arn": CERTIFICATE,
    "hosted_zone": ZONE,
    "mutual_tls": {"bucket": "orders-trust", "key": "clients/ca.pem", "version": "3sL4kqtJlcpXroD"},
}
ISSUER_DOMAIN = {
    "name": "issuer.orders.example.com",
    "certificate_arn": CERTIFICATE,
    "hosted_zone": ZONE,
}
SIGN_IN_DOMAIN = {
    "name": "login.orders.example.com",
    "certificate_arn": CERTIFICATE.replace("eu-west-1", "us-east-1"),
    "hosted_zone": ZONE,
}
KNOWN_BY = {"audiences": ["orders-api"], "client_ids": ["page"]}

FIELDS: dict[str, object] = {
    "account": "111122223333",
    "region": "eu-west-1",
    "self_sign_up": True,
    "cognito_issuer": "updated",
    "accept_both_cognito_issuers": True,
    "replica_regions": ["us-east-1"],
    "authorizer_provisioned_concurrency": 2,
    "authorizer_cache_ttl_seconds": 5,
    "revocation": "closed",
    "origin_header_sha256": ["0" * 64, "f" * 64],
    "tenant_claim": True,
    "kms_issuer": True,
    "browser_storage_mode": True,
    "on_left_out": "stop",
    "tags": {"team": "orders"},
    "feature_plan": "plus",
    "threat_protection": "enforced",
    "email_sender": {
        "address": "no-reply@corp.example.com",
        "name": "Orders",
        "region": "eu-west-1",
        "verified_domain": "corp.example.com",
    },
    "alarm_emails": ["on-call@example.com"],
    "route_throttles": {"GET /stock": {"rate_per_second": 5, "burst": 10}},
    "domain": DOMAIN,
    "issuer_domain": ISSUER_DOMAIN,
    "clients": {
        "web": {
            "callback_urls": ["https://shop.example.com/callback"],
            "logout_urls": ["https://shop.example.com/"],
        },
        "back-office": {"callback_urls": ["https://staff.example.com/callback"]},
        "cli": {"password_sign_in": True},
        "mobile": {
            "callback_urls": ["com.example.shop:/callback", "https://shop.example.com/app"],
            "logout_urls": ["com.example.shop:/signed-out"],
        },
    },
    "sign_in_domain": SIGN_IN_DOMAIN,
    "sign_in_web_acl": "own",
    "identity_providers": {
        "corp": OIDC,
        "corp-saml": {
            "kind": "saml",
            "metadata_url": "https://idp.corp.example.com/metadata",
            "attributes": PROFILE,
        },
        "shop-saml": {
            "kind": "saml",
            "metadata_file": "tests/synth/saml_metadata.xml",
            "attributes": PROFILE,
        },
        "google": {"kind": "google", **SOCIAL},
        "facebook": {"kind": "facebook", "api_version": "v17.0", **SOCIAL},
        "amazon": {"kind": "amazon", **SOCIAL},
        "apple": {
            "kind": "apple",
            "client_id": "com.example.web",
            "team_id": "T1",
            "key_id": "K1",
            "private_key": {"secret": "prod/apple", "json_key": "private_key"},
            "attributes": {"email": "email"},
        },
    },
    "issuers": {
        "partner": {"url": "https://login.partner.example.com", "audiences": ["orders-api"]},
        "corp": {
            "url": "https://login.corp.example.com",
            "other_urls": ["https://login.former.example.com"],
            **KNOWN_BY,
        },
        "keyed": {"url": "keyed", "jwks_uri": "https://keys.example.com/jwks", **KNOWN_BY},
    },
    "http_backends": {
        "inventory": {"url": "https://inventory.example.com/v1"},
        "stock": {"alb_listener_arn": LISTENER, "server_name": "stock.example.com", **LINK},
        "billing": {"service_arn": SERVICE, "server_name": "billing.example.com", **LINK},
    },
}

_PAGE = {
    "name": "partner",
    "client_id": "page",
    "scopes": ["openid", "email"],
    "public_client_id": "page-in-browser",
}
BY_SECRET = {"page_issuer": {**_PAGE, "client_secret": SECRET}}
BY_KEY = {"page_issuer": {**_PAGE, "private_key": {"secret": "prod/page", "json_key": "jwk"}}}
BY_PREFIX = {"sign_in_domain": {}, "domain_prefix": "orders-sign-in"}
MOVING = {"issuer_domain": {**ISSUER_DOMAIN, "switch": "accept_both"}}
FROM_A_SNAPSHOT = {"authorizer_provisioned_concurrency": 0, "authorizer_snap_start": True}

EXISTING_POOL: dict[str, Any] = {
    "user_pool": {
        "id": "eu-west-1_AbC123xyz",
        "client_ids": ["1example23456789", "another1client"],
    },
    **{name: {} for name in ("clients", "identity_providers", "email_sender", "sign_in_domain")},
    "sign_in_web_acl": "none",
}

VARIANTS: dict[str, dict[str, object]] = {
    "pool that is there already": {**FIELDS, **EXISTING_POOL},
    "page by pool": FIELDS,
    "page by partner's secret": {**FIELDS, **BY_SECRET, **FROM_A_SNAPSHOT, **BY_PREFIX},
    "page by partner's key": {**FIELDS, **BY_KEY, **MOVING},
}
"""By what differs."""

STOCK, BILLING = HttpBackend("stock"), HttpBackend("billing")

ACCESS_TO_EVERYTHING: AccessTable = replace(
    ACCESS,
    issuers=(
        *ACCESS.issuers,
        Issuer("corp", from_stage=True),
        Issuer("keyed", from_stage=True),
    ),
    clients=(
        *ACCESS.clients,
        WebClient("back-office", scopes=ALL_SCOPES, token_minutes=5),
        NativeClient("mobile", scopes=("orders/write",), scheme="com.example.shop", refresh_days=1),
        MachineClient("reports", scopes=ALL_SCOPES, token_minutes=10),
    ),
    routes=(
        *ACCESS.routes,
        Route("GET /stock", STOCK, "public"),
        Route("ANY /stock/{path+}", STOCK, "lambda", rule=MAY_READ),
        Route("PUT /stock/{item}", STOCK, "jwt", rule=OWN_TOKEN, accepts_revoked="an example"),
        Route("PATCH /billing/{path+}", BILLING, "lambda", rule=MAY_READ),
        Route("GET /reports", "reports", "public"),
        Route("GET /corp", "whoami", "lambda", rule=Rule(issuers=("corp", "keyed"))),
    ),
)

ACCESS_WHILE_MOVING: AccessTable = replace(
    ACCESS_TO_EVERYTHING,
    routes=tuple(
        replace(route, authorizer="lambda", accepts_revoked="")
        if route.key == "GET /machine/me"
        else route
        for route in ACCESS_TO_EVERYTHING.routes
    ),
)
"""While the issuer of machines moves, the built-in authorizer would refuse one of its addresses."""
