"""Each field of a stage: what it means and what it may hold. Imports no CDK."""

from collections.abc import Callable, Mapping
from functools import partial

from aws_jwt_authorizer import field_checks as check
from stacks.stage.config_fields import ConfigFields
from stacks.stage.parts.addresses import addresses, http_address, issuer_address
from stacks.stage.parts.client_addresses import client_addresses
from stacks.stage.parts.domain import api_domain, issuer_domain, sign_in_domain
from stacks.stage.parts.email_sender import email_sender
from stacks.stage.parts.existing_pool import existing_pool
from stacks.stage.parts.identity_provider import identity_providers
from stacks.stage.parts.page_issuer import page_issuer
from stacks.stage.parts.route_throttles import LIMIT, route_throttles
from stacks.stage.parts.tags import tags

REGION = r"[a-z]+(?:-[a-z]+)+-[0-9]+"
SESSION_HOURS = 30 * 24
"""The longest session: what seals it is replaced every 30 days, and opens for twice as long."""

CANARIES = (
    "off",
    "10_percent_5_minutes",
    "10_percent_10_minutes",
    "10_percent_15_minutes",
    "10_percent_30_minutes",
)
"""How much of the calls a new version of the authorizer decides about at first, and how long."""

OWN_ISSUER = "machines"
"""What the access table calls the issuer that `kms_issuer` adds to a stage."""

LOCAL_STAGE = "local"
"""The stage that is served on this machine and never deployed."""

MOST_REVOCATION_SECONDS = 10
"""Within this a revocation counts everywhere, where a stage has it on."""

PLANS = ("essentials", "plus")
"""Not lite: it lacks the sign-in page, the claim `tenant` and the history of passwords."""

NO_PROTECTION = "off"
THREAT_PROTECTION = (NO_PROTECTION, "audit", "enforced")
OWN_TOPIC = "own"
NO_TOPIC = "none"

OWN_WEB_ACL = "own"
NO_WEB_ACL = "none"

CHECKS: Mapping[str, check.Check] = {
    # The only account and region that the stage is deployed to; auto leaves them to the environment
    # (stacks/stage/deploy/destination.py), and without that to the credentials.
    "account": check.text(r"auto|[0-9]{12}", "auto, or the 12 digits of an account's id"),
    "region": check.text(rf"auto|{REGION}", "auto, or a region such as us-east-1"),
    # People may create their own account in the user pool.
    "self_sign_up": check.boolean(),
    # Second factor, always an authenticator app: Cognito sends no SMS and no e-mail codes.
    "mfa": check.one_of("off", "optional", "required"),
    # What Cognito does for each person who signs in, and is paid for: docs/user-pool.md.
    "feature_plan": check.one_of(*PLANS),
    # What it does about a sign-in that looks like somebody else's: nothing, a note, or refusing it.
    "threat_protection": check.one_of(*THREAT_PROTECTION),
    # How long an invitation's password is good for; Cognito takes a year.
    "temporary_password_days": check.integer(1, 365),
    # A log of each mail that the pool could not hand over, and with `operations` an alarm.
    "log_failed_mail": check.boolean(),
    # Deletion protection, retained data and a stack that refuses to be deleted.
    "retain": check.boolean(),
    # Which `iss` the pool writes into new tokens (Cognito's IssuerConfiguration).
    "cognito_issuer": check.one_of("original", "updated"),
    # Accept both forms while tokens of the other one are still about.
    "accept_both_cognito_issuers": check.boolean(),
    # Regions that replicate the pool: with the original form, a replica's tokens name its region.
    "replica_regions": check.texts_or_none(
        REGION, "a list of regions such as us-east-1, none twice"
    ),
    # Life of access and ID tokens; Cognito allows no less than five minutes. A client of the access
    # table may have shorter ones.
    "token_validity_minutes": check.integer(5, 15),
    # Life of refresh tokens; Cognito allows ten years. Likewise.
    "refresh_token_days": check.integer(1, 3650),
    # CORS; an empty list turns it off.
    "allowed_origins": check.origins(),
    # What a page of those origins may send besides what every page may: its token and more.
    "allowed_headers": check.texts(
        r"[a-z0-9][a-z0-9_-]{0,127}",
        "a list of one or more names of headers in lower case, none twice",
    ),
    # Throttling of each route for itself; an account has 10,000 requests a second in all.
    # `route_throttles` gives single routes limits of their own: docs/operate.md, "Throttling".
    "throttle_rate_per_second": LIMIT,
    "throttle_burst": LIMIT,
    # The same of each public route of the table: a call of it costs nobody a token. Those below
    # /app and /session have `browser_rate_per_second` and `browser_burst`.
    "public_rate_per_second": LIMIT,
    "public_burst": LIMIT,
    # How a new version of the authorizer takes over: at once, or by CodeDeploy, which takes it back
    # when an alarm rings. Until then it decides about a part of the calls, and the version before
    # it about the others.
    "canary": check.one_of(*CANARIES),
    # Environments that no other function can take from the authorizer, and that it cannot exceed;
    # 0 reserves none, for an account whose limit is still the first one of ten.
    "authorizer_reserved_concurrency": check.integer(0, 1000),
    # What spares callers the authorizer's cold starts, for money: environments that are kept
    # started, or a snapshot of a started one. docs/performance.md says what each is worth.
    "authorizer_provisioned_concurrency": check.integer(0, 1000),
    "authorizer_snap_start": check.boolean(),
    # What CloudFront in front of the API proves itself with, by its SHA-256 digest: a header that
    # the Lambda authorizer then asks for, docs/cloudfront.md. Two while it is changed.
    "origin_header_sha256": check.texts_or_none(
        "[0-9a-f]{64}",
        "a list of SHA-256 digests, each in 64 lower-case hexadecimals, none twice; never the "
        "value itself",
    ),
    # How long the gateway keeps the Lambda authorizer's answer; 0 turns its cache off.
    "authorizer_cache_ttl_seconds": check.integer(0, 3600),
    # Whether a token can be taken back before it expires, and what the authorizer does while the
    # list of those cannot be read: answer 500, or decide by what it knows:
    # docs/revocation.md.
    "revocation": check.one_of("off", "closed", "open"),
    # How old that list may be where a decision is made by it; with the gateway's cache, ten seconds
    # at most.
    "revocation_list_age_seconds": check.integer(1, MOST_REVOCATION_SECONDS),
    # Clock difference that the authorizer forgives.
    "leeway_seconds": check.integer(0, 300),
    # How long an issuer's keys are served without asking, for how long at most while it does not
    # answer, how much lies between two questions for a key that is not there, and how long each of
    # a fetch's two requests may take: SECURITY.md, "Keys".
    "jwks_fresh_seconds": check.integer(1, 86_400),
    "jwks_max_age_seconds": check.integer(1, 604_800),
    "jwks_cooldown_seconds": check.integer(1, 3600),
    "jwks_fetch_timeout_ms": check.integer(100, 4000),
    # Only these are known to CloudWatch Logs (PutRetentionPolicy).
    "log_retention_days": check.integer_of(
        *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
        *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
    ),
    # CloudWatch looks for tokens in all that is logged, and masks them: docs/runbook.md.
    "log_protection": check.boolean(),
    "log_level": check.one_of("DEBUG", "INFO", "WARNING", "ERROR"),
    # Where people sign in: https://<prefix>.auth.<region>.amazoncognito.com, one such in the world;
    # auto makes it of the stage's name and the account's id.
    "domain_prefix": check.domain_prefix(),
    # A web ACL of AWS WAF before the user pool: none, one with AWS's common rules and a limit for
    # each address, or one that is there: docs/domains.md.
    "sign_in_web_acl": check.text(
        rf"{NO_WEB_ACL}|{OWN_WEB_ACL}"
        r"|arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional/webacl/[A-Za-z0-9_-]{1,128}/[0-9a-f-]{36}",
        "none, own, or the ARN of a web ACL of the scope REGIONAL",
    ),
    # A function adds the claim `tenant` to people's tokens and drops what the client did not ask
    # for; without it the routes that ask for that claim are left out.
    "tenant_claim": check.boolean(),
    # An issuer of our own for machines, on KMS, called `machines` in the access table: two keys
    # and a stack that is deployed before the API's.
    "kms_issuer": check.boolean(),
    # The web page may also keep tokens in the browser's storage, by a public client: an injected
    # script can then get tokens, whichever way a session is kept. docs/web-page.md.
    "browser_storage_mode": check.boolean(),
    # A session in cookies is over when it was not renewed for so long, and after so many hours at
    # the latest; a page that is open renews it in time.
    "session_idle_minutes": check.integer(15, 1440),
    "session_hours": check.integer(1, SESSION_HOURS),
    # Environments that nobody else's requests can take from /session, and that it cannot exceed;
    # 0 reserves none, for an account whose limit is still the first one of ten.
    "session_reserved_concurrency": check.integer(0, 1000),
    # Throttling of each public route below /app and /session: what they cost, they cost the API.
    "browser_rate_per_second": LIMIT,
    "browser_burst": LIMIT,
    # What synth does about an issuer or a route of the table that this stage leaves out: say so in
    # one line, or stop.
    "on_left_out": check.one_of("say", "stop"),
    # CloudWatch metrics of each route beside those of the whole API: docs/cost.md.
    "route_metrics": check.boolean(),
    # A stack with alarms, a dashboard and saved queries: docs/runbook.md, docs/cost.md.
    "operations": check.boolean(),
    # Where alarms are sent: nowhere, to a topic of the operations stack, or to one that is there.
    "alarm_topic": check.text(
        rf"{NO_TOPIC}|{OWN_TOPIC}|arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{{12}}:[A-Za-z0-9_-]{{1,256}}",
        "none, own, or the ARN of an SNS topic that is not FIFO",
    ),
    # Who gets mail from the own topic, after confirming it once.
    "alarm_emails": check.texts_or_none(
        check.EMAIL_ADDRESS, "a list of e-mail addresses, none twice"
    ),
}
PARTS: Mapping[str, Callable[[ConfigFields, bool], object]] = {
    # A user pool that is there already, in the place of one of the stage's own: docs/user-pool.md.
    "user_pool": existing_pool,
    # What single routes of the access table let through: docs/operate.md, "Throttling".
    "route_throttles": route_throttles,
    # The API's name of its own, instead of execute-api: docs/domains.md; empty for none.
    "domain": api_domain,
    # The same of the issuer of `kms_issuer`: the `iss` of its tokens.
    "issuer_domain": issuer_domain,
    # Where the access table's app clients may be sent, and who may take a password itself: a
    # WebClient or NativeClient that is not here is left out. docs/clients.md.
    "clients": client_addresses,
    # The same of the pages where people sign in, instead of `domain_prefix`.
    "sign_in_domain": sign_in_domain,
    # Who else may sign people in to the pool: docs/federation.md.
    "identity_providers": identity_providers,
    # Who sends the pool's mail, by Amazon SES: docs/user-pool.md; empty for Cognito itself.
    "email_sender": email_sender,
    # The issuers that the access table leaves to the stage.
    "issuers": partial(addresses, issuer_address),
    # Where the access table's HTTP backends are: docs/backends.md.
    "http_backends": partial(addresses, http_address),
    # Who signs people in to the web page: docs/web-page.md; empty for the user pool.
    "page_issuer": page_issuer,
    # Of every resource that can have tags: whose it is, who pays.
    "tags": tags,
}
