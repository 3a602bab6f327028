from cache.database import Database, insertion
from cache.measured import Measured


class CountedDatabase(Database):
    """A database in memory that counts its queries."""

    n_queries = 0

    def rows(self, query, parameters=()):
        self.n_queries += 1
        return super().rows(query, parameters)


def test_runs_of_an_earlier_start_are_counted_in():
    database = CountedDatabase(None)
    database.append([insertion("runs", {"zoo_fingerprint": "zoo", "recipe_digest": "old"})])
    measured = Measured()

    assert measured.may_hold(database, "zoo", "old")
    assert not measured.may_hold(database, "zoo", "new")
    assert not measured.may_hold(database, "other zoo", "old")


def test_recipes_are_read_once_and_new_ones_are_added_to_them():
    database, measured = CountedDatabase(None), Measured()

    found = [measured.may_hold(database, "zoo", "recipe")]
    measured.add("zoo", "recipe")
    found.append(measured.may_hold(database, "zoo", "recipe"))

    assert found == [False, True]
    assert database.n_queries == 1
