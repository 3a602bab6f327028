"""Recipes that have runs, in memory: most that are looked up have none."""

from threading import Lock

from cache.database import Database


class Measured:
    """Recipes that may have runs; any thread may ask.

    A query takes milliseconds of the interpreter, and every move of a slider looks up dozens of recipes.
    No other process adds runs to a database that this one has open.
    """

    def __init__(self) -> None:
        self._recipes: set[tuple[str, str]] = set()
        self._is_read = False
        self._reading = Lock()

    def add(self, zoo_fingerprint: str, recipe_digest: str) -> None:
        """Count a recipe in before its run is written: once there is a run, it is looked for."""
        self._recipes.add((zoo_fingerprint, recipe_digest))

    def may_hold(self, database: Database, zoo_fingerprint: str, recipe_digest: str) -> bool:
        """Whether there may be a run; False only where there is none.

        Raises:
            StoreError: The file was damaged.
        """
        with self._reading:
            if not self._is_read:
                query = "select distinct zoo_fingerprint, recipe_digest from runs"
                self._recipes.update((zoo, recipe) for zoo, recipe in database.rows(query))
                self._is_read = True
        return (zoo_fingerprint, recipe_digest) in self._recipes
