"""Japanese titles: names in corner brackets, launches said in so many words, and what stands before the name as a description."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Stage, Tier


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("OpenAI、「GPT-9」を発表", "GPT-9"),
        ("Anthropic、「Claude Sonnet 9」公開", "Claude Sonnet 9"),
        ("OpenAI、『GPT-9』公開 推論性能向上", "GPT-9"),
        ("Google、次世代モデル「Gemini 9 Pro」の提供を開始", "Gemini 9 Pro"),
        ("ある研究所、日本語LLM「Hayate-9B」をオープンソースで公開", "Hayate-9B"),
        ("ある研究所、大規模言語モデル「Shigure(しぐれ)」を公開", "Shigure"),
        ("ある研究所、大規模言語モデル「しぐれ(Shigure)」を公開", "Shigure"),
        ("Anthropicが「Claude Opus 9」リリース コーディング性能が向上", "Claude Opus 9"),
        ("Claude Opus 9 リリース!Fable 7に迫る性能を半額で", "Claude Opus 9"),
        ("OpenAI、12兆トークンで学習した「GPT-9モデル」をオープンソースライセンスで公開", "GPT-9"),
    ],
)
def test_the_model_is_named(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize("kind", ["新エディタ", "AIエージェント", "AI向け新チップ", "プラットフォーム"])
def test_a_product_with_a_number_is_no_model(kind: str) -> None:
    assert not judge(f"架空電機、{kind}「Zephyros 2.0」と「Zephyros 2.1」を発表").announcement


@pytest.mark.parametrize("maker", ["VAIO", "架空電機"])
@pytest.mark.parametrize("name", ["SX14-R2", "GA-2"])
def test_a_new_model_of_who_makes_things_is_none_of_ai(maker: str, name: str) -> None:
    """The letters of VAIO say no AI, and those of a listed family within the name no model."""
    assert not judge(f"{maker}、新モデル「{name}」を発表").announcement


def test_a_listed_model_that_is_called_a_tool_is_one() -> None:
    assert judge("Google DeepMind、AI予測ツール「AlphaFold 9」を発表").announcement


def test_a_plan_is_a_rumour() -> None:
    assert judge("OpenAI、GPT-9を来月にも公開へ").stage is Stage.RUMORED


def test_what_runs_a_model_and_devices_counted_as_models_are_no_launch() -> None:
    assert not judge("巨大AI「GLM-9」を普通のPCで動かす推論エンジン「Colibrix」が登場").announcement
    assert not judge("Amazon、次世代AIアシスタント搭載のEcho端末4モデルを発表").announcement


@pytest.mark.parametrize(
    "title",
    [
        "リーク：Metaの次世代モデルは「Papaya」か",
        "「GPT-9.5」は5月か 米メディア報道、科学研究に特化",
        "DeepSeek V9、国産チップのみで学習完了か ロイター",
        "Gemini 9のものとみられるベンチマークが流出",
        "イーロン・マスクが「Grok 9の学習は6週間以内に終わる」と発言",
        "ディープシーク、新型AI「R9」の投入延期か",
        "NTT社長「tsuzumi 9は2037年度内に」 決算会見で言及",
    ],
)
def test_what_is_only_heard_of_is_a_rumour(title: str) -> None:
    assert judge(title).stage is Stage.RUMORED


def test_a_rumour_of_a_models_own_thing_is_of_that_model() -> None:
    assert [model.name for model in judge("「Grok 9」の投入延期か").models] == ["Grok 9"]
    assert judge("「Grok 9」の使い方").stage is Stage.NONE


def test_a_firms_legal_form_is_not_its_name_and_a_line_is_not_its_version() -> None:
    [model] = judge("株式会社オトノハ、歌声生成AI「Palaquin 2」を正式リリース").models
    assert model.vendor == "オトノハ"
    found = judge("NEC、cotomi v9を発表", "NECは生成AI「cotomi」の新バージョン「cotomi v9」を開発した。")
    assert [model.name for model in found.models] == ["cotomi v9"]


def test_a_makers_own_word_for_introducing() -> None:
    assert judge("GPT-9 のご紹介: 速さと賢さ").announcement
    assert judge("GPT-9のご紹介: 速さと賢さ").announcement
    assert not judge("GPT-9 の使い方のご紹介").announcement


@pytest.mark.parametrize(
    ("lead", "told"),
    [
        ("OpenAI は推論モデル「GPT-9」の思考を人がどこまで追えるかを調べた研究を公開した。", False),
        ("OpenAI は推論モデル「GPT-9」を公開した。", True),
    ],
)
def test_a_makers_page_that_names_a_model_in_its_lead_alone_has_to_launch_it(lead: str, told: bool) -> None:
    assert judge("推論モデルの安全性を確かめる", lead, tier=Tier.PRIMARY, vendor="OpenAI").announcement is told


def test_a_launch_for_more_users_is_none() -> None:
    assert not judge("OpenAI、無料ユーザーにもGPT-9を開放 1日10回まで").announcement


@pytest.mark.parametrize("name", ["うたかた2", "つばさ", "ひらめき-7B"])
def test_a_word_in_hiragana_is_a_name_right_behind_a_word_for_model(name: str) -> None:
    verdict = judge(f"ソラト研究所、大規模言語モデル「{name}」を公開")
    assert (verdict.announcement, [model.name for model in verdict.models]) == (True, [name])
    assert not judge(f"ソラト研究所、大規模言語モデルで「{name}」を公開").models


def test_a_lead_says_what_the_model_is_called() -> None:
    found = judge("NTT、新しい大規模言語モデルを公開", "モデル名は「Sorato-72B」。")
    assert [model.name for model in found.models] == ["Sorato-72B"]
    assert [model.name for model in judge("云岫科技发布新一代大模型", "该模型名为Yunxiu-72B，参数720亿。").models] == [
        "Yunxiu-72B"
    ]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Google、画像生成AI「Imagen 9」　文字描画が正確に", True),
        ("Google、画像生成AI「Imagen 9」　写真の品質を動画の速度で", True),
        ("Google、動画生成AI「Veo 9」　スマホでも利用可能に", False),
        ("OpenAI、動画生成AI「Sora 2」　日本の権利者が声明", False),
        ("Adobe、画像生成AI「Firefly」　著作権訴訟の行方は", False),
    ],
)
def test_a_title_without_a_verb_says_behind_a_blank_what_is_new(title: str, told: bool) -> None:
    assert judge(title).announcement is told


def test_an_early_version_of_a_named_model_is_put_out() -> None:
    found = judge("アニメ特化の動画生成AI「Zephyros」α版公開　権利処理済みデータのみで学習")
    assert found.announcement
    assert [model.name for model in found.models] == ["Zephyros"]
    assert not judge("アニメ特化の動画生成AI「Zephyros」α版の評判").announcement


@pytest.mark.parametrize(
    "title",
    [
        "Anthropic、Claude Haiku 9 を発表、小型モデルの価格を引き下げ",
        "Gemini 9 Flash を発表",
        "LLMの文を削るモデル Zephyros を公開",
        "オープンAI、「GPT-9」 を公開",
    ],
)
def test_a_blank_between_a_name_and_its_particle_is_none(title: str) -> None:
    assert judge(title).score == judge(title.replace(" を", "を")).score
    assert judge(title).announcement


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("画像生成AI「Imagen 9」の公式スマホアプリが登場", False),
        ("LLMの「忖度」を計測するベンチマークが登場", False),
        ("OpenAIがLLM「GPT-9」をわずか3億円で訓練したと発表", False),
        ("Googleが鳥の声を聞き分けるAI「Zephyros」の強化版を公開", True),
        ("OpenAIが小型言語モデル「Zephyros」の詳細を発表", True),
        ("ソフトバンク、国産LLM「Sarashina 9」の改良版を公開", True),
        ("「Sarashina 9」の改良点を解説", False),
        ("「Zephyros」の詳細が明らかに", False),
    ],
)
def test_what_of_a_model_is_told_decides(title: str, told: bool) -> None:
    """Its app, its cost and a measure are none; a stronger version is, and so are the details of one that is only now told of."""
    assert judge(title).announcement is told


def test_what_stands_behind_a_dash_is_of_another_clause() -> None:
    assert judge("Anthropic、「Claude Sonnet 9」公開──停止中のOpusとは別").announcement
    assert not judge("Anthropic、「Claude Sonnet 9」公開を停止").announcement


@pytest.mark.parametrize(
    "told", ["1枚のGPUで動く「Shigure-5」を公開", "完全オープンな「Shigure-5」を公開", "「Shigure-5」を公開 写真から3D空間を生成"]
)
def test_what_is_said_of_models_alone_speaks_for_a_new_name(told: str) -> None:
    assert judge(f"架空電機、{told}").announcement
    assert not judge("架空電機、軽くて丈夫な「Shigure-5」を公開").announcement


def test_what_a_name_is_may_stand_behind_the_verb_and_a_dash() -> None:
    assert judge("OpenAI、「Shigure」を発表 ~手話を読み取る自社初の動画認識モデル/端末で動作").announcement
    assert not judge("OpenAI、「Shigure」を発表 ~全国で使える地図/登録は不要").announcement
