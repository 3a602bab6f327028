"""Files of images with labels, by what their names end in."""

from collections.abc import Mapping

from app.zoo.head_reference import head_parts
from app.zoo.images.labelled import Labelled
from app.zoo.images.numpy_archive import array_images
from app.zoo.images.parquet import holds_parquet, parquet_images
from app.zoo.images.pickled_batches import is_pickled_batch, pickled_batch
from app.zoo.images.table_of_files import TABLES, listed_images
from app.zoo.roots import Roots


def labelled_file(source: str, split: str, roots: Roots) -> Labelled | None:
    """Open a file of images that states their labels.

    Args:
        source: A path, with "#column" behind it where there are several columns or lists of labels.
        split: "val" or "test".
        roots: Where a table's pictures may lie.

    Returns:
        None for a source of another kind.

    Raises:
        FileError: A file cannot be opened.
        ZooError: It cannot be read.
    """
    path, column = head_parts(source)
    if path.suffix == ".npz":
        return array_images(path, split)
    if path.suffix in TABLES:
        return listed_images(path, roots, column)
    if path.suffix == ".parquet" or (path.is_dir() and holds_parquet(path)):
        return parquet_images(path, split, column)
    if is_pickled_batch(path):
        return pickled_batch(path, split, column)
    return None


def class_names(sources: Mapping[str, str], roots: Roots) -> tuple[str, ...] | None:
    """Names of the classes that a task's files of images state, by their split; None where none does.

    Raises:
        FileError: A file cannot be opened.
        ZooError: It cannot be read.
    """
    opened = (labelled_file(source, split, roots) for split, source in sources.items())
    return next((found.class_names for found in opened if found is not None and found.class_names), None)
