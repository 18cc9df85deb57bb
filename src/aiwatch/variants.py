"""The words behind a family's name, and what each says of which model is meant.

How outlets write them, in every script, and what else they tell is data (``[variants]`` and the tables behind it in
``rules/words.toml``), which a person may add to. What parts one model from another is not: keys of stored stories hang on it.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# They name a stage and not a model: "Gemini 2.5 Pro Preview" is Gemini 2.5 Pro, in preview.
STAGES = _set(
    """preview beta alpha ga official latest release 프리뷰 베타 정식 プレビュー ベータ 预览 预览版 正式版 测试版 公测版 内测版"""
)
# Members of one launch that outlets name together or one by one, by size or rank.
TIERS = _set("""pro flash nano ultra mini micro lite opus sonnet haiku small medium large xl plus max scout maverick base instruct chat it
    turbo tiny premier dense moe think thinking""")
# Members by a name of their own.
MEMBERS = _set("air behemoth deep fable fast heavy high instant light mythos next speciale terminus")
# One model's weights before and after tuning; and its experiment.
FLAVOURS = _set("base instruct it chat exp")
SPELLINGS = {"experimental": "exp"}
# Kinds of model that stand behind the name they are of (GPT-5 Codex, Qwen Image).
VARIETIES = _set("coder code codex math vl vision omni audio tts asr realtime live image edit embedding")
# Kinds of which makers have lines with versions of their own (Mistral OCR 4, Firefly Video 3).
LINES = _set("""prover speech voice stt transcribe translate video music embed reranker rerank guard cyber robotics ocr vla world med
    medical search research computer use avatar path gov edu canvas reel sonic robot er swe vlm vlo t2i t2v i2v""")
# They make a model of its own; any other word beside the version (Sol, Edge, Spark) names a member of the launch.
KINDS = VARIETIES | LINES
# What follows a family's name and is none of it, also where no version stands between.
FOLLOWING = STAGES | TIERS | MEMBERS | FLAVOURS | SPELLINGS.keys() | VARIETIES
# A line's whole name, and the brand alone, as outlets shorten it: Doubao Seed 2.0 is what they call Doubao 2.0, or 豆包2.0. And a
# brand's short form and the whole (HY 3.0 is Hunyuan 3.0), or with the platform it runs on before it.
BRANDS = {
    "doubaoseed": "doubao",
    "isaacgr00t": "gr00t",
    "hy": "hunyuan",
    "hymt": "hunyuanmt",
    "hyworld": "hunyuanworld",
    "hymotion": "hunyuanmotion",
}
