from invoices.totals import with_total


def test_the_total_is_the_last_line():
    assert with_total([("a", 1), ("b", 2)])[-1] == ("total", 3)
