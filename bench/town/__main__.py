"""`python -m bench.town drill`, `soak` or `rate`."""

import sys

if __name__ == "__main__":  # a process that is forked loads this file too, and needs nothing of it
    from bench.town.command import main

    sys.exit(main())
