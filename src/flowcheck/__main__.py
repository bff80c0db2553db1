"""`python -m flowcheck`."""

from __future__ import annotations

from flowcheck.cli.main import main

if __name__ == "__main__":
    main()
