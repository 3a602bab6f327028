from analysis.listing import difference, few


def test_few_names_stand_whole_and_many_are_counted():
    assert few(["a", "b", "c"], 3) == "a, b, c"
    assert few(map(str, range(1000)), 3) == "0, 1, 2 and 997 more"
    assert few([]) == "none"


def test_difference_of_long_lists_is_short():
    classes = [f"class {label}" for label in range(1000)]

    assert difference(classes[1:], classes) == "none unexpected, 'class 0' missing"
    assert difference(["x"], classes, 2) == "'x' unexpected, 'class 0', 'class 1' and 998 more missing"
