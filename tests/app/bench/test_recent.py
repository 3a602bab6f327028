from concurrent.futures import ThreadPoolExecutor

from app.bench.recent import Recent


def test_what_was_not_used_for_longest_makes_room():
    recent = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    recent.get("a")

    recent.put("c", 3)

    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)


def test_a_value_put_again_takes_no_second_place():
    recent = Recent(2)
    for value in (1, 2, 3):
        recent.put("a", value)

    recent.put("b", 4)

    assert (recent.get("a"), recent.get("b")) == (3, 4)


def test_threads_get_back_what_they_put_however_little_fits():
    recent = Recent(1)

    def visit(key):
        return all(recent.put(key, key) == key and recent.get(key) in (key, None) for _ in range(2000))

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(visit, range(8)))
