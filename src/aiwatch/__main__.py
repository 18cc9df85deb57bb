"""``python -m aiwatch``."""

from aiwatch.cli import main

main()
