"""A start that is refused, and what it says."""

from typing import Any

import pytest

from local.errors import TemplateUnsupported

from .conftest import Serve
from .templates import route


def refusal(serve: Serve, *routes: dict[str, Any], **changes: Any) -> str:
    with pytest.raises(TemplateUnsupported) as raised:
        serve(*(routes or (route("GET /a"),)), **changes)
    assert "\n" not in str(raised.value)
    return str(raised.value)
