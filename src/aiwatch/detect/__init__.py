"""From an item to what the rules say of it. ``detect`` is pure, total and deterministic; nothing here knows a clock or a file.

``item -> fold -> hits -> mentions -> masked views -> rules that fire -> score, models, stage``
"""

from aiwatch.detect.engine import detect

__all__ = ["detect"]
