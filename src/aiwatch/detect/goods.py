"""Names that say themselves that they are no model's: they end as those of apps and tools do, or begin with whose they are."""

from __future__ import annotations

from aiwatch.detect.naming import Mention
from aiwatch.detect.scene import Scene
from aiwatch.rules import Hit


def goods_named(scene: Scene, mention: Mention) -> bool:
    """Whether a name ends as those of goods do (Zephyros Workspace 2), or is its maker's own and a number (Notepadia 3.0)."""
    family, name = mention.family, scene.rules.piece("namegoods")
    if family is not None and (mention.told_by or name.search(family.shown) or name.search(f"{family.shown} 1")):
        return False  # a line that is listed under such a name is a model's, also one that looks a plural beside its number (Kolors 2)
    return name.search(mention.model.name) is not None or (family is None and _namesake(scene, mention))


def by_maker(scene: Scene, mention: Mention) -> bool:
    """Whether a name begins with its maker's, who lives on other things than models: a service of theirs bears it, a model seldom."""
    return any(hit.start == mention.start for hit in _others(scene, mention))


def _namesake(scene: Scene, mention: Mention) -> bool:
    stem = mention.model.spelled.removesuffix(mention.model.version).strip(" -").casefold()
    if not mention.model.version or mention.model.variant:
        return False
    text = scene.texts[mention.field].low
    return any(text[hit.start : hit.end] == stem for hit in _others(scene, mention))


def _others(scene: Scene, mention: Mention) -> list[Hit]:
    """Where makers stand in its field whose trade is not models alone."""
    return [hit for hit in scene.hits[mention.field] if hit.names_maker and hit.term.key not in scene.rules.labs]
