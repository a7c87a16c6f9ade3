"""What a failed synth says in the local stack: the error in one line, and a place that is ours."""

from local.surroundings import ROOT
from local.this_app.synthesis.app_process import _reason

IN_OURS = f'  File "{ROOT}/stacks/api/api_stack.py", line 41, in __init__\n    function.add(name)\n'
IN_CDK = (
    f'  File "{ROOT}/.venv/lib/python3.11/site-packages/jsii/_kernel/providers/process.py", '
    "line 359, in send\n    raise RuntimeError(resp.error) from JavaScriptError(resp.stack)\n"
)
JAVASCRIPT = (
    "jsii.errors.JavaScriptError: \n  @jsii/kernel.RuntimeError: Error: AWS_REGION is reserved\n\n"
    "The above exception was the direct cause of the following exception:\n\n"
)
TRACEBACK = "Traceback (most recent call last):\n"


def test_the_place_of_an_error_is_the_last_one_outside_the_virtual_environment() -> None:
    text = f"{JAVASCRIPT}{TRACEBACK}{IN_OURS}{IN_CDK}RuntimeError: Error: AWS_REGION is reserved\n"
    assert _reason(text) == (
        "RuntimeError: Error: AWS_REGION is reserved (stacks/api/api_stack.py, line 41)"
    )


def test_an_error_all_of_whose_places_are_foreign_names_none() -> None:
    text = f"{TRACEBACK}{IN_CDK}RuntimeError: Error: no place of ours\n"
    assert _reason(text) == "RuntimeError: Error: no place of ours"


def test_an_error_of_several_lines_is_told_whole() -> None:
    text = (
        f"{TRACEBACK}{IN_OURS}RuntimeError: two problems:\n  [Api] the first\n  [Api] the second\n"
    )
    assert _reason(text) == (
        "RuntimeError: two problems: [Api] the first [Api] the second "
        "(stacks/api/api_stack.py, line 41)"
    )


def test_what_the_app_itself_says_is_its_last_line() -> None:
    text = "npm notice\ncontext.stage is 'x': it must be one of dev, prod, local\n"
    assert _reason(text) == "context.stage is 'x': it must be one of dev, prod, local"


def test_silence_is_called_so() -> None:
    assert _reason("\n \n") == "it said nothing"
