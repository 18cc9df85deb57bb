"""Names, however they are written: one model has one identity in every script, and two versions have two."""

from __future__ import annotations

import re

import pytest
from headlines import RULES, judge

from aiwatch.detect.naming import parts_of
from aiwatch.model import Stage, Tier
from aiwatch.names.identity import Nearness, nearness
from aiwatch.names.identity import identity as identified

ASIAN = re.compile("[가-힣ァ-ヺ]")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("메타, '라마 4 매버릭' 공개", "Meta releases Llama 4 Maverick"),
        ("구글, '제미나이 2.5 플래시' 출시", "Google launches Gemini 2.5 Flash"),
        ("구글, '제미나이 2.5 플래시 라이트' 출시", "Google launches Gemini 2.5 Flash-Lite"),
        ("앤트로픽, '클로드 소네트 4.5' 공개", "Anthropic introduces Claude Sonnet 4.5"),
        ("딥시크, '딥시크-V4' 공개", "DeepSeek releases DeepSeek V4"),
        ("DeepSeekV4亮相", "DeepSeek releases DeepSeek V4"),
        ("알리바바, '큐원3' 오픈소스 공개", "Alibaba open-sources Qwen 3"),
        ("LG AI연구원, '엑사원 4.0' 공개", "LG AI Research unveils EXAONE 4.0"),
        ("업스테이지, '솔라 프로 2' 출시", "Upstage launches Solar Pro 2"),
        ("OpenAI、「GPT-6」を発表", "OpenAI发布GPT-6"),
        ("Anthropic releases Claude 4 Opus", "Anthropic releases Claude Opus 4"),
        ("오픈AI, 'GPT-4o 미니' 출시", "OpenAI launches GPT-4o mini"),
        ("미니맥스, '미니맥스 M2.5' 공개", "MiniMax releases MiniMax M2.5"),
        ("오픈AI, 'GPT-리얼타임-2' API 공개", "OpenAI launches gpt-realtime-2"),
        ("와이즈넛, '와이즈 로아 5' 출시", "Wisenut launches WISE LLOA 5"),
        ("이스트소프트, '앨런 LLM 4' 출시", "ESTsoft launches Alan LLM 4"),
        ("트릴리온랩스, '트라이-90B' 공개", "Trillion Labs releases Tri-90B"),
        ("지프라, '잠바2-VL' 공개", "Zyphra releases Zamba2-VL"),
        ("AI21, '잠바2' 공개", "AI21 releases Jamba 2"),
        ("アリババ、新モデル「クウェン 5」を公開", "Alibaba releases Qwen 5"),
        ("バイトダンス、動画生成AI「シーダンス 4」を発表", "ByteDance releases Seedance 4"),
        ("カラクリ、「KARAKURI VL 4」を公開", "Karakuri releases KARAKURI VL 4"),
        ("일레븐랩스, 음성 AI '일레븐 v9' 출시", "ElevenLabs releases Eleven v9"),
        ("naver-hyperclovax/HyperCLOVAX-SEED-9-14B", "Naver releases HyperCLOVA X SEED 9 14B"),
        ("XiaomiMiMo/MiMo-V9 · Hugging Face", "Xiaomi releases MiMo-V9"),
        ("meituan-longcat/LongCat-9 · Hugging Face", "Meituan releases LongCat-9"),
        ("tiiuae/Falcon-H9-34B · Hugging Face", "TII releases Falcon-H9-34B"),
        ("Wan-AI/Wan9.0-T2V-14B · Hugging Face", "Alibaba releases Wan9.0-T2V-14B"),
        ("meituan-longcat/Fathom-3B · Hugging Face", "Meituan releases Fathom-3B"),
        ("OpenAI、動画生成AI「ソラ 9」を公開", "OpenAI launches Sora 9"),
        ("Stability AI releases SD4, its image model", "Stability AI launches Stable Diffusion 4"),
        ("Stability AI releases SD3.5 Turbo, an image model", "Stability AI launches Stable Diffusion 3.5 Turbo"),
        ("Stability AI releases SDXL 2, an image model", "Stability AI launches SDXL 2"),
    ],
)
def test_one_model_has_one_key_in_every_script(one: str, other: str) -> None:
    assert [model.key for model in judge(one).models] == [model.key for model in judge(other).models] != []


def maker(name: str) -> str:
    """How outlets write a maker: its first listed name."""
    listed = RULES.vendor(name)
    return next(iter(listed.names if listed else ()), name)


def test_a_name_told_in_hangul_or_kana_is_spelled_as_its_maker_does() -> None:
    """Every such spelling of the lexicon; a family's name that is its maker's too names no model by itself."""
    told = {
        spelling: [model.name for model in judge(f"{maker(family.vendor)}, AI 모델 '{spelling}' 공개").models]
        for family in RULES.data.families.values()
        for spelling in family.names
        if ASIAN.search(spelling)
    }
    assert {spelling: names for spelling, names in told.items() if ASIAN.search("".join(names))} == {}
    assert len([names for names in told.values() if names]) > 600


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("GPT-5.5 mini", ("gpt", "5.5", "mini")),
        ("Claude Opus 4.7", ("claude", "4.7", "opus")),
        ("Qwen3-VL-8B", ("qwen", "3", "8b vl")),
        ("DeepSeek-R1-0528", ("deepseek", "r1-0528", "")),
        ("Gemini 3.1 Flash-Lite", ("gemini", "3.1", "flash lite")),
        ("Stable Video Diffusion", ("stable video diffusion", "", "")),
        ("o4-mini", ("o4", "", "mini")),
        ("A.X 4.0", ("a.x", "4.0", "")),
    ],
)
def test_a_name_has_family_version_and_variant(name: str, parts: tuple[str, str, str]) -> None:
    assert parts_of(name) == parts


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Google launches Gemini 4 Pro and Flash", ["Gemini 4 Pro", "Gemini 4 Flash"]),
        ("Introducing OpenAI o5 and o5-mini", ["o5", "o5-mini"]),
        ("메타, '라마 5' 공개…스카우트·매버릭 선보여", ["Llama 5 Scout", "Llama 5 Maverick"]),
        ("Halcyon AI releases Kestrel-34B, an open language model", ["Kestrel-34B"]),
        ("국내 스타트업 새벽AI, 언어모델 '다온-32B' 공개", ["다온-32B"]),
        ("Mistral's new model Devstral 3 beats GPT-6 and Claude Opus 5", ["Devstral 3"]),
        ("GPT-6보다 빠른 '제미나이 4' 출시, 구글 발표", ["Gemini 4"]),
        ("Anthropic releases Claude 5 Sonnet and Opus", ["Claude Sonnet 5", "Claude Opus 5"]),
        ("Moonshot AI launches Lodestar K4 with agent swarm built in", ["Lodestar K4"]),
        ("ByteDance releases Palaquin-Lightning, an image model", ["Palaquin-Lightning"]),
        ("Alibaba unveils Qwen-Tapestry", ["Qwen-Tapestry"]),
        ("NVIDIA releases Nemotron-Cascade 4", ["Nemotron-Cascade 4"]),
        ("OpenAI launches Palaquin 3 and Zephyros 4", ["Palaquin 3", "Zephyros 4"]),
        ("Cartesia发布Sonic 4与Palaquin 2 两款语音模型", ["Sonic 4", "Palaquin 2"]),
        ("새벽소프트, 로봇용 모델 'Palaquin(Multimodal Agentic Foundation)' 출시", ["Palaquin"]),
        ("엔비디아, '코스모스4 4스텝' 증류 모델 출시", ["Cosmos 4"]),
        ("코히어, 에이전트용 모델 '커맨드 A+' 출시", ["Command A+"]),
        ("QuillonLab开源Palaquin-Coder-V2系列代码模型权重", ["Palaquin-Coder-V2"]),
        ("Palaquin - Mistral's first speech recognition model in two sizes", ["Palaquin"]),
        ("Google AI Just Released Nano-Banana 4: a new AI model for images", ["Nano-Banana 4"]),
        ("Introducing gpt 1050 a new language model 345", ["GPT-1050"]),  # read off an address, where a blank may be a hyphen
        ("Introducing claude opus 4.7 our next model 4821", ["Claude Opus 4.7"]),
        ("New model gpt 9 345 is here", ["GPT-9"]),  # the entry's own number
        ("OpenAI releases GPT-7, 7-mini and 7-nano", ["GPT-7", "GPT-7 Mini", "GPT-7 Nano"]),
        ("Zhipu releases GLM-7 & 7-Air", ["GLM-7", "GLM-7 Air"]),
        ("OpenAI releases GPT-7 and 7 new tools for the model", ["GPT-7"]),
        ("Cognition releases Palaquin-grep and Palaquin-grep-mini, code models", ["Palaquin-grep", "Palaquin-grep-mini"]),
        ("Kyutai TTS 1.6B", ["Kyutai TTS 1.6B"]),
        ("Qwen-Image is out", ["Qwen-Image"]),
        ("QWEN-IMAGE-EDIT-2612 is released!", ["QWEN-IMAGE-EDIT-2612"]),
        ("Google unveils Gemini 9 beating GPT-9", ["Gemini 9"]),
        ("Baidu unveils GPT-9-beating ERNIE 9", ["ERNIE 9"]),
        ("nvidia/NVIDIA-Nemotron-9-Ultra-550B-A55B-BF16 · Hugging Face", ["Nemotron-9-Ultra-550B-A55B-BF16"]),
    ],
)
def test_the_announced_models_are_named_and_no_others(title: str, names: list[str]) -> None:
    found = judge(title)
    assert found.announcement, found
    assert [model.name for model in found.models] == names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("阿里巴巴正式发布 听澜(Tinglan) 3.1 多模态大模型", "Tinglan 3.1"),
        ("阿里巴巴正式发布听澜(Tinglan) 3.1多模态大模型", "Tinglan 3.1"),
        ("네이버, 언어모델 새론(Saeron) 5 공개", "Saeron 5"),
        ("ペラゴス(Pelagos) 5 Proが登場 Upstageの次世代音声モデル", "Pelagos 5 Pro"),
        ("ティンドラ v2.5 Proが登場 ブライトムーアの次世代音声モデル", "ティンドラ v2.5 Pro"),
        ("린도니스 V5 나왔다...오픈AI의 새 언어모델", "린도니스 V5"),
        ("OpenAI发布大模型Solenne 5预览版", "Solenne 5 Preview"),
        ("OpenAI、言語モデル「Zorvex2 プロ」を発表", "Zorvex2 Pro"),
    ],
)
def test_a_name_in_no_list_is_whole_and_in_latin_where_the_text_has_it(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


def test_a_device_in_quotes_is_not_what_is_announced() -> None:
    found = judge("엔비디아, 'RTX 5090' 한 장으로 영상 생성하는 월드 모델 공개", "엔비디아는 월드 모델 'Palaquin 2'를 공개했다.")
    assert [model.name for model in found.models] == ["Palaquin 2"]


def test_a_greek_letter_is_the_spelling_too() -> None:
    found = judge("피지컬 인텔리전스, 로봇 모델 '파이0.9' 공개", "범용 모델 '파이0.9(π0.9)'를 공개했다.")
    assert [model.name for model in found.models] == ["π0.9"]


def test_the_vendors_own_page_speaks_for_itself() -> None:
    title = "Claude Opus 6"
    press = judge(title)
    own = judge(title, url="https://www.anthropic.com/news/claude-opus-6")
    assert own.announcement
    assert own.score > press.score
    assert "source.primary" in {evidence.rule for evidence in own.evidence}


def test_a_makers_account_is_its_word_but_says_much_beside_launches() -> None:
    deed = "Hearing tests: GPT-9 sets a new state of the art in medicine, we are delighted"
    assert not judge(deed, vendor="OpenAI", url="https://x.com/OpenAI/status/1").announcement
    told = judge("Introducing GPT-9, our new flagship model", vendor="OpenAI", url="https://x.com/OpenAI/status/2")
    assert told.announcement
    assert any(one.rule == "source.account" for one in told.evidence)


def test_a_reseller_is_not_first_hand() -> None:
    found = judge("Kimi K3", url="https://groq.com/blog/kimi-k3")
    assert "source.reseller" in {evidence.rule for evidence in found.evidence}


def test_a_site_may_leave_out_what_the_firm_on_it_is() -> None:
    lead = "Halcyon is our most capable language model yet, available today."
    found = judge("Introducing Halcyon", lead, source="Kestrel Labs", url="https://kestrel.example/blog/halcyon")
    assert found.announcement
    assert [(model.name, model.vendor) for model in found.models] == [("Halcyon", "Kestrel Labs")]
    elsewhere = judge("Introducing Halcyon", lead, source="Kestrel Labs", url="https://news.example/halcyon")
    assert [model.vendor for model in elsewhere.models] == [None]


def test_an_unlisted_maker_is_taken_from_the_headline() -> None:
    assert judge("Halcyon AI releases Kestrel-34B, an open language model").models[0].vendor == "Halcyon AI"
    assert judge("국내 스타트업 새벽AI, 언어모델 '다온-32B' 공개").models[0].vendor == "새벽AI"


def test_what_is_done_is_no_models_name() -> None:
    title = "Predictive Data Debugging: Reveal and Shape What Your Model Learns, Before You Train"
    assert judge(title, vendor="Goodfire", tier=Tier.PRIMARY).models == ()


def test_a_kind_of_firm_is_not_the_makers_name() -> None:
    found = judge("Hyderabad Startup Releases Open LLM Named Vemana", "Akshara Labs has uploaded the 4B model.")
    assert [(model.name, model.vendor) for model in found.models] == [("Vemana", "Akshara Labs")]
    assert judge("Hyderabad Startup Releases Open LLM Named Vemana").models[0].vendor is None


def test_a_model_told_of_without_a_name_is_not_missed() -> None:
    found = judge("Databricks unveils an open large language model")
    assert found.announcement
    assert not found.models
    assert "nameless" in {evidence.rule for evidence in found.evidence}
    assert not judge("Hyundai unveils a new model").announcement


@pytest.mark.parametrize("title", ["Upgrading the Filter API with our new multimodal model", "New and improved embedding model"])
def test_a_makers_own_page_tells_of_its_new_model_without_the_name(title: str) -> None:
    own = judge(title, vendor="OpenAI", tier=Tier.PRIMARY)
    assert own.announcement
    assert own.maker == "OpenAI"
    assert not judge(title).announcement


def test_the_page_on_its_ai_of_who_makes_other_things_too_needs_no_other_word_for_ai() -> None:
    title = "Launching seven new Microsoft models"
    assert judge(title, vendor="Microsoft", tier=Tier.PRIMARY, source="microsoft_ai").announcement
    assert not judge(title, vendor="Microsoft", tier=Tier.PRIMARY, source="microsoft_news").announcement


def test_a_word_joined_to_a_family_is_its_model_where_the_maker_is_named() -> None:
    named, unnamed = judge("Alibaba unveils Qwen-PuppetWorld"), judge("Startup unveils Qwen-PuppetWorld")
    assert [(m.name, m.vendor, m.modality.value) for m in named.models] == [("Qwen-PuppetWorld", "Alibaba", "world")]
    assert named.announcement
    assert not unnamed.announcement


def test_a_korean_word_joined_to_a_family_is_that_model_by_its_sound() -> None:
    latin, hangul = (judge(title).models[0] for title in ("Alibaba unveils Qwen-Tapestry", "알리바바, '큐원-태피스트리' 공개"))
    assert (hangul.name, hangul.vendor, hangul.known) == ("Qwen-태피스트리", "Alibaba", False)
    assert nearness(identified(latin), identified(hangul)) is Nearness.SOUND


@pytest.mark.parametrize("joined", ["powered", "Based", "CLI", "Bench", "Personas"])
def test_what_describes_a_family_is_no_model_of_it(joined: str) -> None:
    assert not judge(f"NVIDIA releases Nemotron-{joined} for everyone").announcement


def test_a_family_joined_to_the_name_of_its_line_is_told_by_its_own_name() -> None:
    assert [m.modality.value for m in judge("MiniMax releases MiniMax-Hailuo-05").models] == ["video"]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Quillon AI releases Sedge-Gemini 9, a security model", ["Sedge-Gemini 9"]),  # no Gemini 9
        ("embodied-claude v0.9.0 released", []),  # a tool that somebody named after it
        ("poolside/Laguna-S-9.1 released", ["Laguna-S-9.1"]),  # a hyphen for the blank of the listed name
        ("poolside/Laguna-M.9 · Hugging Face", ["Laguna-M.9"]),
        ("Qwen/Qwen9-9B · Hugging Face", ["Qwen9-9B"]),  # its owner goes by the family's name
    ],
)
def test_a_name_ends_where_its_word_does(title: str, names: list[str]) -> None:
    found = judge(title)
    assert [model.name for model in found.models if found.announcement] == names


def test_a_lead_that_repeats_the_plain_name_leaves_the_titles_number_in_place() -> None:
    lead = "With Zephyros we have unified our apps. The post Salesforce Launches Zephyros 3 with speech"
    for summary in ("", lead):
        found = judge("Salesforce Launches Zephyros 3 with speech to tackle a backlog", summary)
        cue = next(one for one in found.evidence if one.rule == "en.verb-object")
        assert (cue.field, cue.matched) == ("title", "Launches Zephyros 3")


def test_a_share_is_no_name() -> None:
    lead = "A GitHub issue of Anthropic's tells of a '67%' decrease in the model's thinking depth"
    found = judge("Anthropic stayed quiet until someone showed Claude's thinking depth dropped 67%", lead)
    assert (found.announcement, "67%" in {model.name for model in found.models}) == (False, False)


def test_a_name_that_ends_in_gpt_needs_no_other_word_for_ai() -> None:
    assert judge("말로 집을 지어 주는 '가마우지GPT' 오픈 소스 공개").announcement
    assert not judge("말로 집을 지어 주는 '가마우지' 오픈 소스 공개").announcement


def test_a_numbered_name_of_who_mostly_makes_software_needs_a_word_for_ai() -> None:
    assert not judge("MicrosoftがZephyros 13.2を公開、TypeScript対応など追加").announcement
    assert judge("Microsoftが言語モデルZephyros 13を公開").announcement


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Suno's v9 model can write the bridge for you", "Suno v9"),
        ("Kling's 7.0 model enters public beta", "Kling 7.0"),
        ("Tencent opens Hunyuan Ocean 3 to developers", "Hunyuan Ocean 3"),
        ("Google launches Gemini Atlas 2", "Gemini Atlas 2"),
        ("DeepSeek开源OCR 9，让AI看懂长文", "DeepSeek OCR 9"),
        ("딥시크, 'OCR 9' 오픈소스 공개", "DeepSeek OCR 9"),
        ("AI Singapore releases Qwen-based SEA-LION v9", "SEA-LION v9"),
        ("百川智能M9 Plus发布，医疗幻觉率降至新低", "Baichuan M9 Plus"),
        ("딥시크, V9-0412 공개", "DeepSeek V9-0412"),
        ("DeepSeek releases V9.2-Flash", "DeepSeek V9.2-Flash"),
        ("DeepSeek 发布 R9-260412", "DeepSeek R9-260412"),
        ("Snowflake open-sources Arctic-Text2Graph-R2", "Arctic-Text2Graph-R2"),
        ("Kling AI unveils O9, a video model", "Kling O9"),
        ("音楽生成AI「Suno」、最新モデル「v9」公開", "Suno v9"),
        ("科大讯飞发布讯飞星火深度推理模型 X9", "Spark X9"),
        ("Black Forest Labs, FLUX.9 이미지 생성 모델 공개", "FLUX.9"),
        ("앤트로픽, 클로드(Claude) 9 오퍼스 출시", "Claude Opus 9"),
        ("앤트로픽, 클로드 오퍼스(Claude Opus) 9 출시", "Claude Opus 9"),
        ("업스테이지, 솔라(Solar) 9 공개", "Solar 9"),
        ("LG 초거대 AI '엑사원(EXAONE)' .3천억개 파라미터 공개", "EXAONE"),
    ],
)
def test_a_line_owns_its_next_version_and_has_words_of_its_own(title: str, name: str) -> None:
    assert [model.name for model in judge(title).models] == [name]


def test_a_product_or_a_count_behind_a_family_is_no_version_of_it() -> None:
    assert not judge("Google launches Gemini Enterprise 2").announcement
    assert not judge("Gemini's 2.5 million users").models


def test_plans_that_a_lead_sells_to_are_no_members_of_a_line_up() -> None:
    said = judge("Suno's v9 model can write the bridge", "The startup released it to Pro and Ultra subscribers on Tuesday.")
    assert [model.name for model in said.models] == ["Suno v9"]


def test_a_makers_own_page_greets_the_next_of_its_line_by_the_version_alone() -> None:
    found = judge("Introducing v9.5", "Better audio, now available in beta to Pro & Premier", vendor="Suno", tier=Tier.PRIMARY)
    assert [(model.name, model.vendor) for model in found.models] == [("Suno v9.5", "Suno")]
    assert not judge("Introducing v9.5", "Better audio").announcement
    assert not judge("Introducing v9.5", "Better docs", vendor="Hugging Face", tier=Tier.PRIMARY).announcement


@pytest.mark.parametrize(("title", "told"), [("Qwen-Brineway", True), ("Brineway", False), ("Qwen-Agent", False)])
def test_a_new_name_that_grows_on_a_family_of_the_pages_maker_is_a_models(title: str, told: bool) -> None:
    found = judge(
        f"{title}: Open Seas for Embodied Agents", "World models offer a scalable path.", vendor="Alibaba", tier=Tier.PRIMARY
    )
    assert found.announcement is told
    assert any(one.rule == "name.grown" for one in found.evidence) is told


def test_what_a_vendors_name_and_a_hyphen_precede_is_the_familys() -> None:
    said = judge("A new open model", "NVIDIA released 'NVIDIA-Nemotron-9-Super-75B', a language model.")
    assert [model.name for model in said.models] == ["Nemotron-9-Super-75B"]


def test_a_quoted_measure_is_no_name() -> None:
    assert judge('Quillwright puts a language model into "1.58 bits"').models == ()


def test_han_in_double_quotes_of_a_japanese_title_is_stressed_and_no_name() -> None:
    said = judge("架空電機、写真から“本物度”を推定する独自モデルを公開", "「Zephyros-Embed」をApache 2.0で公開した。")
    assert "本物度" not in [model.name for model in said.models]


def test_a_lead_gives_the_version_of_whom_the_title_names_whoever_made_the_first() -> None:
    said = judge("Boltz releases third-generation protein design model", "Boltz-9 is available under an MIT license.")
    assert (said.announcement, [model.name for model in said.models]) == (True, ["Boltz-9"])


def test_a_lowercase_line_s_next_number_is_its_makers_where_nobody_is_named() -> None:
    (model,) = judge(
        "voyage-9: better retrieval", "We are excited to announce voyage-9, our new general-purpose embedding model."
    ).models
    assert (model.name, model.vendor) == ("voyage-9", "Voyage AI")


def test_a_code_written_large_is_its_makers_who_writes_it_small_only_where_they_are_named() -> None:
    told = {
        title: judge(title).models[0].vendor for title in ("Kling AI unveils O1, a video model", "오픈AI, 추론 모델 'O1' 공개")
    }
    assert list(told.values()) == ["Kuaishou", "OpenAI"]


@pytest.mark.parametrize(
    ("title", "lead", "names"),
    [
        (
            "ByteDance unveils new AI image model to rival Google's 'Nano Banana'",
            "ByteDance has launched Seedream 9.0, which it says surpasses Nano Banana.",
            ["Seedream 9.0"],
        ),
        ("Switzerland launches its own open AI model", "It has released an alternative to ChatGPT, called Apertus.", ["Apertus"]),
        (
            "Microsoft AI launches its first in-house models",
            "Microsoft announced its first AI models on Thursday: MAI-Voice-9 AI and MAI-9-preview.",
            ["MAI-Voice-9", "MAI-9-preview"],
        ),
        ("Meet Whisper, the most accurate ASR model", "Introducing Whisper v9, a speech recognition model.", ["Whisper v9"]),
        ("国産大規模言語モデルPLaMoの新バージョン「PLaMo 9.0 Prime」を提供開始", "", ["PLaMo 9.0 Prime"]),
        ("OpenAI launches two open AI models", "OpenAI announced Tuesday the launch of two open-weight AI models.", []),
        ("腾讯版Sora发布即开源！权重全开放", "", []),
        ("Writer releases Palmyra X9, delivers near GPT-9 performance", "", ["Palmyra X9"]),
        ("Arcee AI built an open source LLM from scratch to best Meta's Llama", "", []),
        ("Hon Hai Research Institute launches Traditional Chinese LLM", "", []),
        ("Baichuan launches open-source Chinese-English large model", "", []),
        ("새벽소리, 목소리 복제하는 TTS 모델 '다이브' 공개", "새벽소리가 음성 합성 모델 'DIVE'를 공개했다.", ["DIVE"]),
    ],
)
def test_what_is_launched_is_named_by_the_lead_and_what_it_is_measured_by_is_not(title: str, lead: str, names: list[str]) -> None:
    found = judge(title, lead)
    assert (found.announcement, [model.name for model in found.models]) == (True, names)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("큐타이, 동시통역 모델 '히비키 9' 공개", "Hibiki 9"),
        ("스노우플레이크, 기업용 오픈소스 LLM '아크틱' 공개", "Arctic"),
        ("새벽소리, 기업용 오픈소스 LLM '아크틱' 공개", "아크틱"),
        ("마이크로소프트, 언어모델 '유레카' 공개", "유레카"),
    ],
)
def test_a_name_in_hangul_is_the_listed_one_it_sounds_like_where_the_maker_is_named(title: str, name: str) -> None:
    assert [model.name for model in judge(title).models] == [name]


def test_what_is_known_by_its_sound_says_so() -> None:
    (why,) = [one.why for one in judge("큐타이, 동시통역 모델 '히비키 9' 공개").evidence if one.rule == "name.version"]
    assert why.endswith("(by its sound: Hibiki 9 of Kyutai)")


def test_a_repository_is_its_owners_word() -> None:
    def score(owner: str) -> float:
        return judge("Palaquin: let the code write itself", "A code model.", url=f"https://github.com/{owner}/palaquin").score

    assert score("deepseek-ai") > score("somebody")


def test_a_makers_own_page_needs_a_word_for_ai_where_nobody_knows_it_for_models() -> None:
    lead = "We're proud to announce that Quernstone 8 is generally available."

    def told(title: str) -> bool:
        return judge(title, lead, source="Quernstone", url="https://quernstone.example/blog/quernstone-8").announcement

    assert not told("Quernstone 8 is now GA, loaded with new features")
    assert told("Quernstone 8 is now GA, our best language model yet")


def test_who_mostly_makes_software_is_heard_where_the_title_says_ai() -> None:
    assert judge("Microsoft releases Zephyros 9.8, a small language model").announcement


@pytest.mark.parametrize(
    "title",
    ["黄仁勋率先发布GPT-9模型", "研究人员发布 Zephyros-7B 语言模型", "We released Zephyros-7B, a language model"],
)
def test_who_is_no_maker_is_not_shown_as_one(title: str) -> None:
    assert judge(title).announcement
    assert {model.vendor for model in judge(title).models} <= {None, "OpenAI"}


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("큐브랩, '제피로스' 2.0 공개…한국어 언어모델", ["제피로스 2.0"]),
        ("架空電機、言語モデル「Zephyros」v1.1を公開", ["Zephyros v1.1"]),
        ("업스테이지, 대형 언어모델 움브리엘(Umbriel) 4 정식 공개", ["Umbriel 4"]),
        ("Sakana AI、「Fugu-Ultra」v1.1を発表", ["Fugu-Ultra v1.1"]),
        ("NVIDIA launches Nemotron™ 9 Nano", ["Nemotron 9 Nano"]),
        ("Introducing The World's Largest Open Language Model: Zephyros", ["Zephyros"]),
        ("OpenAI发布生命科学大模型", []),
        ("Sir, OpenAI just released a new open model", []),
        ("Torvane releases Zephyros-2, A Mutation-Centered Embedding Model", ["Zephyros-2"]),
        ("OpenAI releases SOTA ASR model", []),
    ],
)
def test_a_name_is_whole_and_nothing_but_the_name(title: str, names: list[str]) -> None:
    verdict = judge(title)
    assert verdict.announcement, title
    assert [model.name for model in verdict.models] == names


def test_a_title_that_is_read_again_for_what_its_lead_names_lacks_nothing_twice() -> None:
    near = judge("Nova and Palaquin arrive", "Today Brightloom introduces Palaquin 2, a language model").near
    assert [one.rule for one in near if one.rule == "name.ambiguous"] == ["name.ambiguous"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Alibaba releases Qwen 4, an open-weight model", "Alibaba launches Tongyi Qianwen 4 language model"),
        ("Alibaba releases Qwen 4 Max", "Alibaba launches Tongyi Qianwen 4 Max"),
        ("Meta releases SAM 4, a vision model", "Meta unveils Segment Anything Model 4"),
        ("Liquid AI releases LFM 3", "Liquid AI releases Liquid Foundation Model 3"),
        ("iFlytek releases Spark V5", "iFlytek releases SparkDesk V5"),
        ("Google releases Gemma IX, an open model", "Google releases Gemma 9, an open model"),
        ("구글, '젬마 IX' 공개", "Google releases Gemma 9"),
        ("텐센트, 오픈소스 AI 모델 '훈위안 9.0' 공개", "Tencent releases HY 9.0, an open model"),
    ],
)
def test_two_names_of_one_family_are_one_model(one: str, other: str) -> None:
    first, second = judge(one).models, judge(other).models
    assert [identified(model).key for model in first] == [identified(model).key for model in second]
    assert first[0].name != second[0].name, "shown as it is written"


def test_a_member_under_a_name_of_its_own_is_itself() -> None:
    first, second = judge("Meta releases Emu 3, an image model").models, judge("Meta releases Emu Video 3").models
    assert identified(first[0]).key != identified(second[0]).key


@pytest.mark.parametrize("key", ["Flash", "flash"])
def test_a_word_of_an_overlay_in_other_letters_is_the_word_that_is_there(key: str) -> None:
    found = judge("구글, 제미나이 9 플레시 공개", overlay=f'[variants]\n"{key}" = ["플레시"]\n')
    assert [model.name for model in found.models] == ["Gemini 9 Flash"]


@pytest.mark.parametrize(
    "title",
    [
        "Introducing Nano Banana 9 (Gemini 9 Pro Image)",
        "Google launches Nano Banana 9, also known as Gemini 9 Pro Image",
        "구글, '나노 바나나 9(제미나이 9 프로 이미지)' 공개",
        "Google 发布 Nano Banana 9（又名 Gemini 9 Pro Image）",
    ],
)
def test_what_a_model_is_called_as_well_is_told_with_it(title: str) -> None:
    """Reports by either name are of one story; told by the first alone, they were two."""
    assert [model.name for model in judge(title).models] == ["Nano Banana 9", "Gemini 9 Pro Image"]


@pytest.mark.parametrize(
    "title",
    [
        "Google launches Gemini 9 Pro (Gemini 9 Flash in June)",
        "Anthropic releases Claude Opus 9 (Claude Sonnet 8 stays)",
        "Mistral launches Codestral 9 (GPT-9)",
    ],
)
def test_what_else_stands_in_brackets_is_no_other_name(title: str) -> None:
    assert len(judge(title).models) == 1


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Retiring GPT-4o, GPT-4.1 and o4-mini", ["GPT-4o", "GPT-4.1", "o4-mini"]),
        ("OpenAI to shut down GPT-4o and GPT-4.1 in June", ["GPT-4o", "GPT-4.1"]),
        ("OpenAI retires GPT-4o in favour of GPT-9", ["GPT-4o"]),
        ("오픈AI, GPT-4o·GPT-4.1 서비스 종료", ["GPT-4o", "GPT-4.1"]),
    ],
)
def test_all_that_is_retired_in_one_row_is_told(title: str, names: list[str]) -> None:
    found = judge(title)
    assert found.stage is Stage.DEPRECATED
    assert [model.name for model in found.models] == names


@pytest.mark.parametrize(
    ("title", "version"),
    [
        ("알리바바, 큐원 6 배포", "6"),
        ("LG AI연구원, 엑사원 7 초거대 AI 모델 공개", "7"),
        ("엔비디아, 코스모스 4 월드 모델 공개", "4"),
        ("메타, 라마 7 조기 공개", "7"),
        ("Meta发布Llama 7大模型", "7"),
        ("Meta发布Llama 7大型语言模型", "7"),
        ("阿里發布通義千問6大語言模型", "6"),
        ("Meta发布Llama 7人工智能模型", "7"),
        ("Mistral AI发布Mistral Large 5AI模型", "5"),
        ("OpenAI发布GPT-8oAI模型", "8o"),
    ],
)
def test_a_word_that_begins_as_what_is_counted_leaves_a_version_its_number(title: str, version: str) -> None:
    verdict = judge(title)
    assert (verdict.announcement, [model.version for model in verdict.models]) == (True, [version])


@pytest.mark.parametrize(
    "title",
    [
        "메타, 라마 7 개월 만에 공개",
        "메타, 라마 5 종을 공개",
        "메타, 라마 7월 공개",
        "阿里发布Qwen 5款模型",
        "智谱发布GLM 7大升级",
    ],
)
def test_what_is_counted_is_no_version(title: str) -> None:
    assert [model.version for model in judge(title).models] == [""]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("清渠科技发布新一代大模型：Velora 3", ["Velora 3"]),
        ("清渠科技发布大模型——玄珠2.0", ["玄珠2.0"]),
        ("清渠科技发布新一代大模型：参数720亿", []),
    ],
)
def test_a_chinese_name_may_stand_behind_a_colon(title: str, names: list[str]) -> None:
    assert [model.name for model in judge(title).models] == names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("벨로시티, 영상 생성 모델 벨로-V2 공개", "벨로-V2"),
        ("벨로시티가 언어모델 벨로-X1을 공개했다", "벨로-X1"),
        ("벨로시티, 영상 생성 모델 [벨로-V2] 공개", "벨로-V2"),
        ("清渠科技发布玄珠-VL多模态模型", "玄珠-VL"),
        ("清渠科技发布【玄珠-VL】多模态模型", "玄珠-VL"),
        ("清渠科技发布多模态模型玄珠-VL", "玄珠-VL"),
    ],
)
def test_a_word_that_a_hyphen_joins_to_a_code_is_of_the_name_without_quotes_too(title: str, name: str) -> None:
    verdict = judge(title)
    assert (verdict.announcement, [model.name for model in verdict.models]) == (True, [name])


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("벤토르, 제파이로스 7 초거대 언어모델 공개", ["제파이로스 7"]),
        ("벤토르, 제파이로스 2.0 언어모델 출시", ["제파이로스 2.0"]),
        ("벤토르, 언어모델 7종 공개", []),
    ],
)
def test_a_hangul_name_with_a_number_may_stand_before_its_kind(title: str, names: list[str]) -> None:
    verdict = judge(title)
    assert (verdict.announcement, [model.name for model in verdict.models]) == (True, names)


def test_a_letter_that_hyphens_join_to_a_name_and_its_size_is_part_of_it() -> None:
    (model,) = judge("Kakao releases Kanana-9.5-v-3b, an open model").models
    assert model.name == "Kanana-9.5-v-3b"


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("OpenAI、「GPT-9」の軽量版「mini」と「nano」を公開", ["GPT-9 Mini", "GPT-9 Nano"]),
        ("動画生成AI「Sora 9」に「Pro」登場　OpenAI", ["Sora 9 Pro"]),
        ("Anthropic、Claude Opus最新版「9.1」公開", ["Claude Opus 9.1"]),
        ("오픈AI, 'GPT-9' 경량 버전 '미니'와 '나노' 출시", ["GPT-9 Mini", "GPT-9 Nano"]),
    ],
)
def test_a_member_may_be_told_in_quotes_behind_its_family_by_what_it_adds_to_the_name(title: str, names: list[str]) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == names


@pytest.mark.parametrize("title", ["OpenAI、「GPT-9」の新機能「Pro」を公開", "OpenAI、「GPT-9」の上位版「プロ向け資料」を公開"])
def test_what_else_stands_in_quotes_behind_a_family_is_no_member_of_it(title: str) -> None:
    assert [model.name for model in judge(title).models if model.known] == ["GPT-9"]


@pytest.mark.parametrize(
    ("title", "name"),
    [("字节跳动推出Seedance9.5API,开放调用", "Seedance9.5"), ("DeepSeek发布V4. 7 正式版", "DeepSeek V4.7")],
)
def test_an_interface_is_no_part_of_a_version_and_a_blank_parts_none(title: str, name: str) -> None:
    assert [model.name for model in judge(title).models] == [name]
