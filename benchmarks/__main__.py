"""`python -m benchmarks`: every ratio in one run."""

from benchmarks.merge_paths import main

if __name__ == "__main__":
    main()
