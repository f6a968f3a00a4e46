"""`python -m tests.bench.pictures`; see `running`."""

import sys

from tests.bench.pictures.running import main

if __name__ == "__main__":
    sys.exit(main())
