"""All measurements of this folder, one after the other."""

from tests.bench.report import main

if __name__ == "__main__":
    main()
