"""Run the command line: `python -m octavo`."""

import sys

from octavo.cli import main

if __name__ == "__main__":
    sys.exit(main())
