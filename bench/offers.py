"""20,000 negotiations by robots over 200 random valid policies: `make drill-offers`."""

import sys
import time

from tests.negotiation import Drill, negotiate


def main() -> None:
    began = time.monotonic()
    drill = negotiate(Drill(), policies=200, talks=100, seed=1)
    print(f"{drill.report()}; {time.monotonic() - began:.0f} s")
    for fault in drill.faults[:20]:
        print(fault)
    sys.exit(1 if drill.faults else 0)


if __name__ == "__main__":
    main()
