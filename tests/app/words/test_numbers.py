import csv
import io
import math
from functools import partial

import pytest

from app.words.numbers import (
    as_csv,
    count,
    decimals_within,
    exact_percent,
    file_size,
    fixed,
    number_or_none,
    percent,
    points,
    signed,
)


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0, "0 %"),
        (1e-9, "<0.001 %"),
        (0.00001, "0.001 %"),
        (0.00046, "0.046 %"),
        (0.0031, "0.31 %"),
        (0.0046, "0.46 %"),
        (0.0096, "0.96 %"),
        (0.00996, "1.0 %"),
        (0.0312, "3.1 %"),
        (0.05, "5.0 %"),
        (0.0994, "9.9 %"),
        (0.0996, "10 %"),
        (0.0999, "10 %"),
        (0.5, "50 %"),
        (0.99, "99 %"),
        (0.995, "99.5 %"),
        (0.9997, "99.97 %"),
        (0.99996, "99.996 %"),
        (1 - 1e-9, ">99.999 %"),
        (1, "100 %"),
        (1.0003, "100 %"),
        (1.234, "123 %"),
        (-0.05, "−5.0 %"),
        (-0.5, "−50 %"),
        (-1e-9, ">−0.001 %"),
    ],
)
def test_share_has_two_digits_that_count(share, written):
    assert percent(share) == written.replace(" ", "\xa0")


@pytest.mark.parametrize(
    ("share", "decimals", "written"),
    [
        (0, 1, "0.0 %"),
        (0.0004, 1, "<0.1 %"),
        (0.0046, 0, "<1 %"),
        (0.0046, 1, "0.5 %"),
        (0.4862, 0, "49 %"),
        (0.4862, 2, "48.62 %"),
        (0.9997, 0, ">99 %"),
        (0.9997, 1, ">99.9 %"),
        (0.9997, 2, "99.97 %"),
        (1, 1, "100.0 %"),
        (1.02, 1, "102.0 %"),
    ],
)
def test_share_in_a_column_has_the_decimals_of_the_column_but_no_false_end(share, decimals, written):
    assert percent(share, decimals) == written.replace(" ", "\xa0")


@pytest.mark.parametrize("decimals", [None, 0, 1, 2])
def test_only_nothing_is_written_as_0_and_only_everything_as_100_percent(decimals):
    inner = [10.0**-k for k in range(1, 12)]

    written = [percent(share, decimals) for one in inner for share in (one, 1 - one)]

    assert all(float(text.split("\xa0")[0].lstrip("<>")) not in (0, 100) for text in written)


@pytest.mark.parametrize("nothing", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    "write", [percent, exact_percent, partial(signed, decimals=1), partial(fixed, decimals=1)]
)
def test_what_is_not_finite_is_a_dash(write, nothing):
    assert write(nothing) == "–"


def test_chosen_share_is_written_as_it_was_chosen():
    assert [exact_percent(share) for share in (0.01, 0.07, 0.125, 0.2, 1)] == [
        "1\xa0%",
        "7\xa0%",
        "12.5\xa0%",
        "20\xa0%",
        "100\xa0%",
    ]


@pytest.mark.parametrize(
    ("width", "decimals"),
    [(0, 1), (0.5, 0), (0.1, 0), (0.09, 1), (0.013, 1), (0.0099, 2), (0.00099, 3), (1e-9, 3)],
)
def test_interval_is_written_in_ten_to_a_hundred_units_of_the_last_digit(width, decimals):
    assert decimals_within(0.0, width) == decimals


def test_sign_of_a_difference_is_a_true_minus_and_nothing_has_none():
    assert [signed(value, 1) for value in (0, 0.04, -0.04, 0.06, -0.06, 12, -12)] == [
        "0.0",
        "0.0",
        "0.0",
        "+0.1",
        "−0.1",
        "+12.0",
        "−12.0",
    ]
    assert (signed(2.6, 0), signed(-0.4, 0)) == ("+3", "0")


def test_number_that_may_be_negative_has_no_plus():
    assert [fixed(value, 2) for value in (0.5, -0.5, -0.004, 0)] == ["0.50", "−0.50", "0.00", "0.00"]


def test_difference_of_shares_is_in_points():
    assert (points(0.0123), points(-0.2, 0), points(0)) == ("+1.2 points", "−20 points", "0.0 points")


def test_digits_of_a_count_stand_in_threes_on_one_line():
    assert [count(n) for n in (0, 999, 1000, 1234567, -1234)] == [
        "0",
        "999",
        "1\xa0000",
        "1\xa0234\xa0567",
        "−1\xa0234",
    ]


@pytest.mark.parametrize(
    ("n_bytes", "written"),
    [
        (0, "0 bytes"),
        (1, "1 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_960, "10 kB"),
        (999_600, "1.0 MB"),
        (3_775_104, "3.8 MB"),
        (340_000_000, "340 MB"),
        (1_025_000_000, "1.0 GB"),
        (10**10, "10 GB"),
        (2_000_000_000_000, "2000 GB"),
    ],
)
def test_size_has_two_digits_that_count(n_bytes, written):
    assert file_size(n_bytes) == written.replace(" ", "\xa0")


def test_cell_is_empty_where_there_is_no_number():
    assert number_or_none(math.nan) is None
    assert number_or_none(0.25) == 0.25


ROWS = [
    {"task": "cars, old", "n": 3, "share": 0.1 + 0.2, "clear": True, "note": 'said "no"'},
    {"task": "Füße", "n": None, "share": None, "clear": False, "note": "two\nlines"},
    {"task": "‖τ‖₂", "n": 2**53 + 1, "share": 1e-9, "clear": None, "note": ""},
]


def test_csv_is_what_the_standard_library_writes():
    out = io.StringIO()
    writer = csv.DictWriter(out, list(ROWS[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(ROWS)

    assert as_csv(ROWS) == out.getvalue()


def test_csv_read_back_has_every_digit():
    first, second, third = csv.DictReader(io.StringIO(as_csv(ROWS)))

    assert (first["task"], first["note"], float(first["share"])) == ("cars, old", 'said "no"', 0.1 + 0.2)
    assert (second["task"], second["n"], second["share"], second["note"]) == ("Füße", "", "", "two\nlines")
    assert (int(third["n"]), float(third["share"])) == (2**53 + 1, 1e-9)


def test_csv_of_uneven_rows_has_every_column():
    assert as_csv([{"a": 1}, {"a": 2, "b": 3}]) == "a,b\n1,\n2,3\n"


def test_csv_of_no_rows_is_empty():
    assert as_csv([]) == ""
