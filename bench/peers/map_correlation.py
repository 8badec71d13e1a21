#!/usr/bin/env python3
"""How alike the maps in two folders are: Spearman's rank correlation of every pair of .npy files of one name, as
`explain --format npy` writes them.

  python3 map_correlation.py FOLDER FOLDER

Needs NumPy. A constant map has no ranks and is counted apart.
"""
import pathlib
import sys

import numpy as np


def ranks(values):
    """Positions in rising order; equal values share the mean of theirs."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts + 1) / 2)[place.ravel()]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    first, second = map(pathlib.Path, sys.argv[1:])
    names = sorted(path.name for path in first.glob("*.npy") if (second / path.name).exists())
    pairs = [(np.load(first / name), np.load(second / name)) for name in names]
    found = [np.corrcoef(ranks(a), ranks(b))[0, 1] for a, b in pairs if np.ptp(a) > 0 and np.ptp(b) > 0]
    if not found:
        sys.exit("no pair of maps that are not constant")
    print(f"{len(found)} pairs, {len(pairs) - len(found)} constant: median {np.median(found):.4f}, least {min(found):.4f}")


if __name__ == "__main__":
    main()
