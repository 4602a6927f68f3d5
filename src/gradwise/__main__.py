"""`python -m gradwise` is `gradwise`."""

import sys

from gradwise.cli import main

if __name__ == "__main__":
    sys.exit(main())
