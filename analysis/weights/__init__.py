"""What the updates say before anything is merged: sums, signs, norms, spectra."""
