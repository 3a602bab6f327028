"""Make the demo zoo: draw eight tasks, pre-train an encoder on all of them, fine-tune it on each, measure.

    python zoos/demo/build.py [--out FOLDER] [--seed 0] [--strangeness 0.65] ...

The same settings on the same kind of device give the same files.
"""

import argparse
import json
import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from families import FAMILIES
from figures import measured
from report import accuracy_table, readme, zoo_toml
from safetensors.torch import save_file
from stages import ENCODER, Settings, fine_tune, heads, pictures, pretrain
from training import deterministic_device


def main() -> None:
    """Build the zoo in the folder the user names, this one by default."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    for field in fields(Settings):
        parser.add_argument(f"--{field.name}", type=type(field.default), default=field.default)
    chosen = vars(parser.parse_args())
    out = chosen.pop("out")
    settings = Settings(**chosen)

    deterministic_device()  # the heads' last bits depend on it, too
    out.mkdir(parents=True, exist_ok=True)
    (out / "config.json").write_text(json.dumps(ENCODER, indent=2) + "\n")
    save_file(heads(settings), out / "heads.safetensors")
    sets = {
        split: {task: pictures(task, split, n, settings) for task in FAMILIES}
        for split, n in [("val", 256), ("test", 512)]
    }
    for split, tasks in sets.items():
        for task, (pixels, labels) in tasks.items():
            save_file({"images": pixels, "labels": labels}, out / f"{task}_{split}.safetensors")

    print("pre-training", flush=True)
    pretrain(out, settings)
    print("fine-tuning", flush=True)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        list(pool.map(partial(fine_tune, folder=out, settings=settings), FAMILIES))
    print("measuring", flush=True)
    figures = measured(out, settings, **sets)
    (out / "zoo.toml").write_text(zoo_toml(figures), encoding="utf-8")
    (out / "README.md").write_text(readme(figures, settings), encoding="utf-8")
    print(accuracy_table(figures))


if __name__ == "__main__":
    main()
