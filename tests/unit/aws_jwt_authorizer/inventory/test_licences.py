from email.message import Message

import pytest

from aws_jwt_authorizer.inventory.licences import LicenceUnknown, licence_of, may_be_handed_on


def metadata(**fields: str) -> Message:
    message = Message()
    for name, value in {"Name": "widgets", "Version": "1.0", **fields}.items():
        message[name.replace("_", "-")] = value
    return message


def test_the_expression_of_a_wheel_counts_before_its_older_field() -> None:
    found = licence_of(metadata(License_Expression="mit or apache-2.0", License="see LICENSE"))
    assert found == "MIT OR Apache-2.0"


def test_an_older_wheel_may_name_an_identifier_in_its_licence_field() -> None:
    assert licence_of(metadata(License="MIT")) == "MIT"


def test_a_licence_that_is_settled_here_is_told_whatever_the_wheel_says() -> None:
    assert licence_of(metadata(Name="python_dateutil", License="Dual License")) == "BSD-3-Clause"


@pytest.mark.parametrize("words", ["", "Dual License", "GPL", "Copyright (c) the authors\n\nUse"])
def test_a_licence_in_other_words_is_one_line_that_names_the_package_and_the_fix(
    words: str,
) -> None:
    with pytest.raises(LicenceUnknown) as refused:
        licence_of(metadata(License=words))
    assert str(refused.value).startswith("widgets 1.0: its wheel says")
    assert "add it to SETTLED" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND Apache-2.0", True),
        ("Apache-2.0 WITH LLVM-exception", False),
        ("MIT AND (GPL-3.0-only OR ISC)", False),
        ("LicenseRef-Proprietary", False),
    ],
)
def test_of_alternatives_one_is_enough_and_what_nobody_has_read_is_refused(
    licence: str, may: bool
) -> None:
    assert may_be_handed_on(licence) is may
