"""AWS's list prices: US dollars, us-east-1, without free tiers. The one home of each.

They were read on 28 November 2026 in stored copies of public pages, not on AWS's own list:
`SOURCES` says which copies, and of when.
"""

import math
from collections.abc import Mapping
from typing import Final

MILLION: Final = 10**6
GB: Final = 10**9
MONTH_SECONDS: Final = 30 * 86_400

PRICES: Final[Mapping[str, float]] = {
    "lambda_million_requests": 0.20,
    "lambda_gb_second_arm64": 0.0000133334,
    "http_api_first_million": 1.00,
    "http_api_next_million": 0.90,
    "snapstart_cached_gb_second": 0.0000015046,
    "snapstart_restored_gb": 0.0001397998,
    "provisioned_gb_second_arm64": 0.0000033334,
    "secret": 0.40,
    "alarm_metric": 0.10,
    "composite_alarm": 0.50,
    "dashboard": 3.00,
    "custom_metric": 0.30,
    "log_gb_month": 0.03,
    "kms_key": 1.00,
    "kms_million_rsa_2048": 3.00,
    "cognito_machine_client": 6.00,
    "cognito_thousand_machine_tokens": 2.25,
    "cognito_essentials_user": 0.015,
    "cognito_plus_user": 0.02,
    "ses_thousand_mails": 0.10,
    "web_acl": 5.00,
    "web_acl_rule": 1.00,
    "web_acl_million_requests": 0.60,
    "dynamodb_million_reads": 0.125,
    "dynamodb_million_writes": 0.625,
}
HTTP_API_FIRST_MILLIONS: Final = 300
LOG_TIERS: Final = ((10_000, 0.50), (20_000, 0.25), (20_000, 0.10), (math.inf, 0.05))
"""Lambda's logs in CloudWatch: GB a month, and the price of each."""

SOURCES: Final[Mapping[str, str]] = {
    "Lambda, SnapStart, provisioned concurrency, HTTP APIs, Lambda's log tiers": (
        "AWS's pricing pages, 2026, as docs/performance.md has them"
    ),
    "alarms, dashboards, custom metrics, logs": "two guides to CloudWatch's prices, 2026",
    "KMS keys": "AWS's own page, and two undated listings for signatures with RSA 2048",
    "Cognito": "a price list of September 2026 (users), guides of 2025 (machine clients, tokens)",
    "Amazon SES": "a tutorial without a date",
    "DynamoDB on demand": "a guide of July 2025, after the cut of November 2024",
    "AWS WAF": "guides of 2026",
    "Secrets Manager, composite alarms": "guides without a date",
}
