"""What a person sees: pages, figures and the use cases behind them."""

import os

# Read by OpenMP when torch is first loaded, hence here. Threads that spin while they wait make an evaluation
# 3 to 10 times slower as soon as anything else wants a core; sleeping costs nothing that we could measure.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
