import json
import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import Parser
from pathlib import Path

from jwt_verifier.version import VERSION
from tests.issuer import Issuer

from .conftest import Run

TEN_LINES = """
import json, sys
from jwt_verifier import JwtVerifier, KeysUnavailable, TokenRejected
jwks, jwt = json.loads(sys.argv[1]), sys.argv[2]
verifier = JwtVerifier.cognito("eu-west-1_Abc123", client_ids=["c"], token_use="access", jwks=jwks)
try:
    token = verifier.verify(jwt)
    print(token.subject, *token.groups)
except TokenRejected as rejection:
    print(rejection.code)
"""


def metadata(wheel: Path) -> dict[str, list[str]]:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith("/METADATA")]
        message = Parser().parsestr(archive.read(name).decode())
    return {field: message.get_all(field) or [] for field in set(message.keys())}


def test_ten_lines_verify_a_token_of_cognito_in_a_clean_environment(run_installed: Run) -> None:
    pool = Issuer("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Abc123")
    claims = {"client_id": "c", "token_use": "access", "cognito:groups": ["admins"]}
    jwks = json.dumps(pool.jwks())
    assert run_installed("-c", TEN_LINES, jwks, pool.mint(**claims)) == "someone admins\n"
    forged = Issuer(pool.url).signing_key.sign(
        {"iss": pool.url, "exp": 4_000_000_000, **claims}, {"kid": pool.signing_key.kid}
    )
    assert run_installed("-c", TEN_LINES, jwks, forged) == "signature_invalid\n"


def test_cryptography_is_all_that_the_verifier_requires(wheel: Path, run_installed: Run) -> None:
    required = metadata(wheel)["Requires-Dist"]
    assert [line for line in required if "extra ==" not in line] == ["cryptography>=44.0.0"]
    program = (
        "from importlib.metadata import distributions;"
        "print(*sorted(found.metadata['Name'] for found in distributions()))"
    )
    assert run_installed("-c", program).split() == [
        "aws-jwt-authorizer",
        "cffi",
        "cryptography",
        "pycparser",
    ]


def test_the_extra_for_cdk_apps_names_what_they_need(wheel: Path) -> None:
    required = metadata(wheel)["Requires-Dist"]
    of_extra = [line for line in required if line.endswith("; extra == 'cdk'")]
    extra = {re.split("[<>=]", line)[0] for line in of_extra}
    assert extra == {"aws-cdk-lib", "constructs", "packaging", "pip", "pyopenssl"}


def test_the_extra_for_bills_of_materials_names_what_they_need(wheel: Path) -> None:
    required = metadata(wheel)["Requires-Dist"]
    of_extra = [line for line in required if line.endswith("; extra == 'sbom'")]
    extra = {re.split("[<>=[]", line)[0] for line in of_extra}
    assert extra == {"cyclonedx-python-lib", "packaging"}


def test_the_sdist_has_the_name_by_which_a_release_knows_its_version(sdist: Path) -> None:
    assert sdist.name == f"aws_jwt_authorizer-{VERSION}.tar.gz"


def test_the_wheel_says_its_version_licence_and_that_it_is_typed(wheel: Path) -> None:
    fields = metadata(wheel)
    assert fields["Version"] == [VERSION]
    assert fields["License-Expression"] == ["Apache-2.0"]
    with zipfile.ZipFile(wheel) as archive:
        typed = {"jwt_verifier/py.typed", "aws_jwt_authorizer/py.typed"}
        assert typed.issubset(archive.namelist())


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_nothing_but_the_two_libraries_is_in_the_wheel(wheel: Path) -> None:
    folders = {name.split("/")[0] for name in contents(wheel)}
    assert folders == {
        "aws_jwt_authorizer",
        "jwt_verifier",
        f"aws_jwt_authorizer-{VERSION}.dist-info",
    }


def test_of_the_functions_the_authorizer_alone_is_in_the_wheel(wheel: Path) -> None:
    packed = "aws_jwt_authorizer/lambda_src/"
    found = {name.removeprefix(packed) for name in contents(wheel) if name.startswith(packed)}
    assert {name.split("/")[0] for name in found} == {"authorizer", "function_kit", "jwt_verifier"}
    assert "authorizer/requirements.txt" in found
    assert not {name for name in found if name.endswith(".pyc")}


def test_the_verifier_that_is_imported_is_the_one_that_is_bundled(wheel: Path) -> None:
    files = contents(wheel)
    imported = {name for name in files if name.startswith("jwt_verifier/")}
    for name in imported:
        assert files[name] == files[f"aws_jwt_authorizer/lambda_src/{name}"], name


def test_the_sdist_makes_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    [unpacked] = tmp_path.iterdir()
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=unpacked, check=True, capture_output=True)
    [again] = tmp_path.glob("*.whl")
    assert contents(again) == contents(wheel)


def test_an_algorithm_beyond_rsa_needs_nothing_else(run_installed: Run) -> None:
    issuer = Issuer("https://issuer.example", "ES256")
    program = (
        "import json, sys; from jwt_verifier import JwtVerifier;"
        "verifier = JwtVerifier.oidc('https://issuer.example', audiences=['a'],"
        " algorithms=['ES256'], jwks=sys.argv[1]);"
        "print(verifier.verify(sys.argv[2]).subject)"
    )
    token = issuer.mint(aud="a")
    assert run_installed("-c", program, json.dumps(issuer.jwks()), token) == "someone\n"
