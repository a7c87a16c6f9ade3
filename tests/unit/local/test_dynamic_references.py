"""Dynamic references: one invented secret for each, and nothing else is resolved."""

import pytest

from local.template.dynamic_references import ReferenceUnknown, with_invented_secrets

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:corp-AbCdEf"


def secret(reference: str) -> str:
    return with_invented_secrets(f"{{{{resolve:secretsmanager:{reference}}}}}")


def test_each_secret_and_key_has_a_value_of_its_own_that_stays() -> None:
    references = ("a:SecretString:x::", "a:SecretString:y::", "b:SecretString:x::", "a", ARN)
    values = [secret(reference) for reference in references]
    assert len(set(values)) == len(references)
    assert values == [secret(reference) for reference in references]
    assert all(len(value) >= 32 and "resolve" not in value for value in values)


def test_a_version_does_not_make_it_another_secret() -> None:
    plain = secret("a:SecretString:x")
    assert secret("a:SecretString:x::") == plain
    assert secret("a:SecretString:x:AWSCURRENT:") == plain


def test_an_arn_is_one_secret_whatever_its_key() -> None:
    assert secret(f"{ARN}:SecretString:x::") != secret(f"{ARN}:SecretString:y::")
    assert secret(f"{ARN}:SecretString:x::") != secret(f"{ARN[:-1]}g:SecretString:x::")


def test_a_reference_inside_a_text_leaves_the_rest_as_it_is() -> None:
    value = secret("a:SecretString:x::")
    text = "user:{{resolve:secretsmanager:a:SecretString:x::}}@{{host}}"
    assert with_invented_secrets(text) == f"user:{value}@{{{{host}}}}"
    assert with_invented_secrets("no reference {{here}}") == "no reference {{here}}"


@pytest.mark.parametrize(
    ("reference", "service"),
    [
        ("ssm:name", "ssm"),
        ("ssm-secure:name:1", "ssm-secure"),
        ("secretsmanager:", "secretsmanager"),
        ("secretsmanager:a:SecretBinary:x", "secretsmanager"),
        ("secretsmanager:a:SecretString:x:1:2:3", "secretsmanager"),
        ("", ""),
    ],
)
def test_any_other_reference_is_refused_by_its_service(reference: str, service: str) -> None:
    with pytest.raises(ReferenceUnknown, match=f"a dynamic reference to {service!r}"):
        with_invented_secrets(f"{{{{resolve:{reference}}}}}")
