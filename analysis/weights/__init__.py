"""Statistics of the updates before anything is merged: sums, signs, norms, spectra."""
