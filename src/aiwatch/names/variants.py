"""The words behind a family's name, and what each says of which model is meant.

How outlets write them, in every script, and what else they tell is data (``[variants]`` and the tables behind it in
``rules/words.toml``), which a person may add to. What parts one model from another is data of another kind (``rules/stories.toml``): keys
of stored stories hang on it.
"""

from __future__ import annotations

from aiwatch.names.wordbook import names, standing_for

STAGES = names("stages")
TIERS = names("tiers")
MEMBERS = names("members")
FLAVOURS = names("flavours")
SPELLINGS = standing_for("spellings")
VARIETIES = names("varieties")
LINES = names("lines")
# They make a model of its own; any other word beside the version (Sol, Edge, Spark) names a member of the launch.
KINDS = VARIETIES | LINES
# What follows a family's name and is none of it, also where no version stands between.
FOLLOWING = STAGES | TIERS | MEMBERS | FLAVOURS | SPELLINGS.keys() | VARIETIES
BRANDS = standing_for("brands")
NUMERALS = standing_for("numerals")
GENERIC = names("generic")
