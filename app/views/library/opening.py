"""Needs of a zoo that is about to be opened."""

from app.words.numbers import file_size
from app.zoo.devices import device_named
from app.zoo.room import memory_budget
from app.zoo.zoo_file import ZooFile


def memory_sentence(file: ZooFile, device: str | None) -> str:
    """How much memory a zoo takes and how much there is.

    Args:
        file: The zoo's description.
        device: It would be opened on; None for the best there is.

    Raises:
        ZooError: The base has no weights.
        CacheError: The base cannot be read.
    """
    budget = memory_budget(file, device_named(device))
    n = len(file.tasks)
    where = "" if budget.on_device else " The task vectors stay in main memory."
    return (
        f"{file.name}: {n} task{'' if n == 1 else 's'}, {file_size(budget.needed)} in memory; this machine "
        f"has {file_size(budget.available)} free of {file_size(budget.machine)}.{where}"
    )
