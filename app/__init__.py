"""The app: pages, figures and the use cases behind them."""

import hashlib
import os
from pathlib import Path

from cache.folders import compiled_folder

# Read by OpenMP when torch is first loaded, hence here. Threads that spin while they wait make an evaluation
# 3 to 10 times slower as soon as anything else wants a core; sleeping costs nothing that we could measure.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# Read by numba when it is first loaded. Its own choice, beside the sources, may be read-only, and it does not
# notice when a loop calls another file that changed; a folder named by all of their sources is never stale.
_LOOPS = sorted((Path(__file__).parents[1] / "analysis" / "kernels").glob("*.py"))
_VERSION = hashlib.sha256(b"".join(path.read_bytes() for path in _LOOPS)).hexdigest()[:16]
os.environ.setdefault("NUMBA_CACHE_DIR", str(compiled_folder(_VERSION)))
