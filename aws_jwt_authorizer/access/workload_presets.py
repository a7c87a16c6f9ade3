"""Issuers of tokens for programs at work: a pipeline, an AWS role, a pod. `presets` has them."""

from aws_jwt_authorizer.access.issuers import Issuer


def github_actions(name: str, *, audience: str, enterprise: str | None = None) -> Issuer:
    """GitHub Actions (GitHub, OpenID Connect reference): ask for `repository` and `ref` by rules.

    Args:
        name: What rules call it.
        audience: What the workflow asks the token for.
        enterprise: The slug of a GitHub Enterprise Cloud with an issuer of its own.
    """
    url = "https://token.actions.githubusercontent.com"
    of_enterprise = f"{url}/{enterprise}" if enterprise else url
    return Issuer(name, of_enterprise, (audience,), says_token_use=False)


def aws_sts(name: str, issuer: str, *, audience: str) -> Issuer:
    """AWS roles by GetWebIdentityToken (IAM, outbound identity federation): `sub` is the role.

    Args:
        name: What rules call it.
        issuer: The account's, "https://<id>.tokens.sts.global.api.aws".
        audience: What the role asks the token for.
    """
    return Issuer(
        *(name, issuer, (audience,)),
        algorithms=("ES384", "RS256"),
        says_token_use=False,
        object_claims=("https://sts.amazonaws.com/",),
    )


def eks_service_accounts(name: str, cluster_issuer: str, *, audience: str) -> Issuer:
    """Projected service account tokens of an EKS cluster (Kubernetes, service account tokens).

    Args:
        name: What rules call it.
        cluster_issuer: "https://oidc.eks.<region>.amazonaws.com/id/<id>".
        audience: What the pod's volume asks the token for.
    """
    return Issuer(
        *(name, cluster_issuer, (audience,)),
        says_token_use=False,
        object_claims=("kubernetes.io",),
    )
