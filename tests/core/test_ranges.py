"""What a constraint says of a number that lies outside its range."""

import pytest

from opportunities.core.ranges import in_range


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.00000001, 1_000_000, "rate lies between 0.00000001 and 1,000,000."),
        (0.5, 4000, "rate lies between 0.5 and 4,000."),
        (0, 1.0, "rate lies between 0 and 1."),
    ],
)
def test_a_range_is_written_with_all_its_digits(low, high, said):
    assert in_range("exchange_rate", "rate", low, high).violation_error_message == said
