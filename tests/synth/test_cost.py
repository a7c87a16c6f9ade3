import pytest

from benchmarks.cost.__main__ import main
from tests.synth.synthesis import Synthesis


def test_what_an_assembly_costs_is_printed_part_by_part(
    dev: Synthesis, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(dev.folder)])
    table = capsys.readouterr().out
    assert "| secrets | 2 | 0.40 | 0.80 |" in table
    assert "**while nobody calls it**" in table
