"""Tokens of programs at work, as each provider documents them: names, ids and keys are invented."""

from aws_jwt_authorizer.access import presets
from tests.integration.issuers.shape import Shape

STS = "https://a1b2c3d4-e5f6-7890-abcd-ef0123456789.tokens.sts.global.api.aws"
EKS = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"

WORKLOAD_SHAPES = {
    "GitHub Actions": Shape(
        "GitHub docs, OpenID Connect reference, understanding the OIDC token",
        presets.github_actions("github", audience="orders-api"),
        {
            "iss": "https://token.actions.githubusercontent.com",
            "aud": "orders-api",
            "sub": "repo:acme/shop:ref:refs/heads/main",
            "repository": "acme/shop",
            "ref": "refs/heads/main",
        },
        header={"typ": "JWT", "x5t": "k"},
    ),
    "GitHub Actions of an enterprise": Shape(
        "GitHub docs, switching to a unique token URL; jsr-io/jsr#1489",
        presets.github_actions("github", audience="orders-api", enterprise="acme"),
        {
            "iss": "https://token.actions.githubusercontent.com/acme",
            "aud": "orders-api",
            "sub": "repo:acme/shop:ref:refs/heads/main",
        },
    ),
    "AWS STS": Shape(
        "IAM user guide, outbound identity federation, understanding token claims",
        presets.aws_sts("sts", STS, audience="https://api.example.com"),
        {
            "iss": STS,
            "aud": "https://api.example.com",
            "sub": "arn:aws:iam::123456789012:role/worker",
            "https://sts.amazonaws.com/": {"aws_account": "123456789012", "org_id": "o-1"},
        },
        algorithm="ES384",
    ),
    "AWS STS by RSA": Shape(
        "STS API reference, GetWebIdentityToken, SigningAlgorithm",
        presets.aws_sts("sts", STS, audience="https://api.example.com"),
        {
            "iss": STS,
            "aud": "https://api.example.com",
            "sub": "arn:aws:iam::123456789012:role/worker",
        },
    ),
    "EKS": Shape(
        "Kubernetes documentation, service account token volume projection",
        presets.eks_service_accounts("eks", EKS, audience="orders-api"),
        {
            "iss": EKS,
            "aud": ["orders-api"],
            "sub": "system:serviceaccount:shop:worker",
            "kubernetes.io": {"namespace": "shop", "serviceaccount": {"name": "worker"}},
        },
        header={},
    ),
}
