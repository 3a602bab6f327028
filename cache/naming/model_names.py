"""One name for one weight of a model, whatever wrapped it and whichever library saved it."""

from collections.abc import Collection

from cache.errors import CheckpointError
from cache.naming.hugging_face_clip import as_open_clip
from cache.naming.renamed import Renamed
from cache.naming.wrappers import canonical_names


def model_names(names: Collection[str], *, where: str, keeps_names: bool = False) -> list[Renamed]:
    """Every tensor of a model under its canonical name, with the names of the file it is made of.

    Args:
        names: As the files give them, in their order.
        where: Whose tensors, to begin a sentence: "'model.safetensors'".
        keeps_names: Whether they are no model's, such as an adapter's, and are called as the files do.

    Raises:
        CheckpointError: Two tensors stand for one.
    """
    if keeps_names:
        return [Renamed(name, (name,)) for name in names]
    sources: dict[str, str] = {}
    for source, name in zip(names, canonical_names(names), strict=True):
        if name in sources:
            raise CheckpointError(
                f"{where}: '{sources[name]}' and '{source}' both stand for '{name}'; keep one of them."
            )
        sources[name] = source
    return [
        Renamed(one.name, tuple(sources[name] for name in one.sources), one.is_transposed)
        for one in as_open_clip(sources)
    ]
