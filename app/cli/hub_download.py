"""Download of models from the Hugging Face Hub into its cache on this machine, only when a person asks."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.errors import ZooError
from app.words.plain_text import sentence_of
from app.zoo.models.hub_models import hub_cache, hub_reference

_PLAIN_NAME = re.compile(r"[\w-][\w.-]*")
_PREFERRED = (".safetensors", ".bin")
"""Endings of weights, the better one first: what a model has in both is taken once."""
_DESCRIPTIONS = re.compile(r"(?:.*_)?config\.json|.*\.index\.json")


@dataclass(frozen=True, slots=True)
class HubFiles:
    """What of a model would be downloaded."""

    name: str
    """As the Hub has it, organisation/name."""
    commit: str
    """The revision's own name."""
    sizes: Mapping[str, int]
    """Bytes of each file."""

    @property
    def n_bytes(self) -> int:
        """Of all files."""
        return sum(self.sizes.values())


def hub_files(reference: str, environment: Mapping[str, str] = os.environ) -> HubFiles:
    """Ask the Hub which files a model has: weights, as safetensors where it can, and what describes them.

    Args:
        reference: `hf:organisation/name` or `hf:organisation/name@revision`.
        environment: Variables that name the Hub and a token, as huggingface_hub reads them.

    Raises:
        ZooError: The reference is none, the Hub does not answer, or has no such model or no weights of it.
    """
    from huggingface_hub import HfApi  # takes half a second, and nearly nobody downloads

    name, revision = hub_reference(reference)
    try:
        info = HfApi(endpoint=environment.get("HF_ENDPOINT")).model_info(
            name, revision=revision, files_metadata=True
        )
    except Exception as error:  # of httpx, of huggingface_hub, or of what answered in the Hub's place
        raise _failed(reference, error) from error
    sizes = {
        one.rfilename: one.size or 0 for one in info.siblings or () if _PLAIN_NAME.fullmatch(one.rfilename)
    }
    ending = next((end for end in _PREFERRED if any(file.endswith(end) for file in sizes)), None)
    if ending is None:
        raise ZooError(
            f"'{reference}' has no weights on the Hub that are read here ({', '.join(_PREFERRED)})."
        )
    taken = {
        file: size for file, size in sizes.items() if file.endswith(ending) or _DESCRIPTIONS.fullmatch(file)
    }
    return HubFiles(name, info.sha or revision, taken)


def fetch_model(reference: str, files: HubFiles, environment: Mapping[str, str] = os.environ) -> None:
    """Download a model's files into the cache; what is there already is not fetched again.

    Args:
        reference: As it was asked for, under which `hub_model` will find it.
        files: Of `hub_files`.
        environment: As there.

    Raises:
        ZooError: The Hub does not answer, or the disk is full.
    """
    from huggingface_hub import snapshot_download

    _, revision = hub_reference(reference)
    try:
        snapshot_download(
            files.name,
            revision=revision,
            allow_patterns=list(files.sizes),
            cache_dir=hub_cache(environment),
            endpoint=environment.get("HF_ENDPOINT"),
        )
    except Exception as error:  # the same
        raise _failed(reference, error) from error


def _failed(reference: str, error: Exception) -> ZooError:
    return ZooError(f"'{reference}' cannot be downloaded: {sentence_of(error).rstrip('.')}.")
