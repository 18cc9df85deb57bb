"""Names that no list has, found by where they stand and by how their version is counted."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Detection, Stage, Tier


def rule_of_name(found: Detection) -> str:
    return next((evidence.rule for evidence in found.evidence if evidence.rule.startswith("name.")), "")


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Google launches Palanquin 4.5", "Palanquin 4.5"),
        ("Palanquin 4 Flash is here", "Palanquin 4 Flash"),
        ("Palanquin 70B: an open model for the long haul", "Palanquin 70B"),
        ("Anthropic releases Palanquin 6 amid scrutiny of AI agents", "Palanquin 6"),
        ("OpenAI launches Palanquin-6.2-Codex for long coding tasks", "Palanquin-6.2-Codex"),
        ("네이버, 팔란퀸 4 공개", "팔란퀸 4"),
        ("네이버, 음성 모델 '팔란퀸 보이스 씽크 패스트 2.0' 출시", "팔란퀸 보이스 씽크 패스트 2.0"),
        ("팔란퀸 4.6 Flash 공개", "팔란퀸 4.6 Flash"),
        ("百度发布玄珠 5.1:搜索更强", "玄珠 5.1"),
        ("刚刚,玄珠 2.1 大模型发布,又一次跨越", "玄珠 2.1"),
        ("青禾智能开源大模型Palanquin-V3", "Palanquin-V3"),
        ("Halden launches Żubrzyk 2.5", "Żubrzyk 2.5"),
        ("Halden launches Lumière-7B, a language model", "Lumière-7B"),
        ("Halden launches Möwe 4, a language model", "Möwe 4"),
        ("Palanquin-0.6B, a tool-calling model I trained", "Palanquin-0.6B"),
        ("Nordic Alliance publishes Palanquin 70B", "Palanquin 70B"),
        ("律师考试满分:玄珠-30B大模型发布", "玄珠-30B"),
        ("若水科技开源玄珠-30B", "玄珠-30B"),
        ("架空電機、コマワリ-30Bモデルを公開", "コマワリ-30B"),
        ("谷歌 Palanquin 3.5 Flash 发布:更快更省", "Palanquin 3.5 Flash"),
    ],
)
def test_a_version_as_models_have_it_makes_a_word_a_models_name(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize(
    "title",
    [
        "Nimbo 9.0 released",
        "Nimbo 3.2 is out!",
        "Nimbo 1.0",
        "「Nimbo 6.1」公開、テスト協力を呼びかけ",
        "軽量スクリプト言語「Nimbo 5.5」リリース",
    ],
)
def test_a_version_of_nobodys_is_softwares_where_nothing_says_ai(title: str) -> None:
    assert not judge(title).announcement
    assert judge(title, "The language model was trained on text alone.").score > judge(title).score + 1


def test_a_site_in_no_list_tells_of_its_softwares_version_too() -> None:
    url = "https://nimbo.example/blog/2-8"
    software = "Nimbo 2.8 is here. This is our biggest release to date."
    assert not judge("Nimbo 2.8", software, source="Nimbo", url=url).announcement
    assert judge("Nimbo 2.8", "Nimbo 2.8 is here: our largest language model to date.", source="Nimbo", url=url).announcement


def test_a_shaped_name_weighs_more_than_a_number_and_less_than_a_known_name() -> None:
    coded = judge("Google launches Palanquin 4")
    shaped = judge("Google launches Palanquin 4.5")
    known = judge("Google launches Gemini 4.5")
    assert [rule_of_name(found) for found in (coded, shaped, known)] == ["name.coded", "name.shaped", "name.version"]
    assert coded.score < shaped.score < known.score


def test_a_tool_in_the_title_takes_the_shape_away() -> None:
    assert rule_of_name(judge("Google launches Palanquin 4.5")) == "name.shaped"
    assert rule_of_name(judge("Google launches Palanquin 4.5, a framework for agents")) == "name.coded"


def test_a_shaped_name_is_read_as_known_ones_are() -> None:
    assert judge("Google's Palanquin 4.5 Flash turns sketches into films").announcement
    assert judge("Palanquin 4.5: sharper and faster", tier=Tier.PRIMARY, vendor="Google").announcement


def test_a_makers_own_title_is_headed_by_two_new_names() -> None:
    found = judge("Palanquin-5 and Palanquin-5-lite: new state of the art in retrieval", tier=Tier.PRIMARY, vendor="Voyage AI")
    assert found.announcement
    assert {model.name for model in found.models} == {"Palanquin-5", "Palanquin-5-lite"}


def test_a_repository_of_a_maker_is_named_by_its_number() -> None:
    found = judge("qwen/palanquin-2.5-27b", tier=Tier.PRIMARY, vendor="Alibaba")
    assert found.announcement
    assert [model.name for model in found.models] == ["palanquin-2.5-27b"]
    assert not judge("qwen/palanquin", tier=Tier.PRIMARY, vendor="Alibaba").announcement


def test_a_lead_that_goes_on_about_the_model_explains_a_plain_name() -> None:
    title = "DeepMind launches Palanquin to predict how variants affect genes"
    assert not judge(title).announcement
    assert judge(title, "The model was trained on the genomes of mammals and is available through an API.").announcement


@pytest.mark.parametrize(
    ("title", "summary", "maker"),
    [
        ("MedQuarry introduces Clinician-2, an LLM trained on hospital notes", "", "MedQuarry"),
        ("Oslo's Fjellmind publishes Skald-70B, a Norwegian LLM", "", "Fjellmind"),
        (
            "Meet Tamarind 2, the 9B model that reads contracts",
            "Legal AI startup Quillwright says it is open to all.",
            "Quillwright",
        ),
        (
            "Tamarind 2.5, a 9B model",
            "Quillwright Labs has officially released Tamarind 2.5 with open weights.",
            "Quillwright Labs",
        ),
        ("Quillwright Health, 새 언어 모델 '타마린 2' 출시", "", "Quillwright Health"),
        ("Tamarind 2 - Quillwright의 오디오 생성을 위한 새로운 언어 모델 공개", "", "Quillwright"),
        ("언어 모델 '타마린 2' 공개", "Quillwright가 한국어 모델 '타마린 2'를 공개했다.", "Quillwright"),
        ("翻訳モデル「タマリン-7B」をナギサが公開", "", "ナギサ"),
        ("米Quillwright、言語モデル「タマリン-7B」を公開", "", "Quillwright"),
        ("拾贝云发布大模型Tamarind-V3", "", "拾贝云"),
    ],
)
def test_a_maker_in_no_list_is_who_launches_it(title: str, summary: str, maker: str) -> None:
    found = judge(title, summary)
    assert found.announcement
    assert [model.vendor for model in found.models] == [maker]


def test_a_repository_on_a_hub_is_its_owners() -> None:
    found = judge("pinecove/Palanquin-VL-7B-Instruct", tier=Tier.PRIMARY, vendor="Hugging Face")
    assert found.announcement
    assert [model.vendor for model in found.models] == ["pinecove"]


@pytest.mark.parametrize(
    ("title", "lead", "name"),
    [
        (
            "[Daily] Corvador 12B: Mistral beats Vespewyn to multimodality",
            "Mistral AI released Corvador 12B, an open-weights model that reads pictures.",
            "Corvador 12B",
        ),
        ("Corvador 3 pushes the limits", "Black Forest Labs released Corvador 3, a new text-to-image model.", "Corvador 3"),
    ],
)
def test_a_name_that_the_lead_gives_away_is_known_in_the_title(title: str, lead: str, name: str) -> None:
    found = judge(title, lead)
    assert [model.name for model in found.models] == [name]
    assert "lead.only" not in {one.rule for one in found.evidence}
    assert found.announcement


def test_what_spells_a_korean_name_out_does_not_part_it_from_its_verb() -> None:
    found = judge("메타, 가려진 부분을 예측하는 AI 모델 'Querowyn'(Video Joint Embedding Architecture) 공개")
    assert found.announcement
    cue = next(one for one in found.evidence if one.rule == "ko.object-verb")
    assert cue.matched.endswith("Architecture) 공개"), "the evidence stands where it is written"


def test_who_launched_it_may_stand_behind_it() -> None:
    found = judge("'Corvador 3.5' launched by Cohere, a new language model")
    assert [(model.name, model.vendor) for model in found.models] == [("Corvador 3.5", "Cohere")]


@pytest.mark.parametrize(
    ("vendor", "title", "stage"),
    [
        ("DeepSeek", "Introducing Palanquin 4.5", Stage.OPEN_WEIGHTS),  # all its families are
        ("DeepSeek", "Introducing Palanquin 4.5 Max", Stage.RELEASED),  # but what makers keep back is not
        ("OpenAI", "Introducing Palanquin 4.5", Stage.RELEASED),
    ],
)
def test_a_new_name_is_as_open_as_its_makers_families(vendor: str, title: str, stage: Stage) -> None:
    assert judge(title, tier=Tier.PRIMARY, vendor=vendor).stage is stage


def test_the_next_version_of_a_name_in_no_list_is_released_where_words_are_vague() -> None:
    assert judge("오픈AI, 팔란퀸 4.5 공개").stage is Stage.RELEASED


def test_a_model_is_not_its_own_maker() -> None:
    found = judge("Palanquin 2.5, a new language model, launched")
    assert [model.vendor for model in found.models] == [None]


@pytest.mark.parametrize(
    "title",
    [
        "Nvidia releases new robotics AI model",
        "Google and Cohere Launch New Audio AI Models",
        "Halcyon Labs Releases Foundation Model, Paired with a Robot Hand",
        "Meta Unveils AI Video Generator, Taking On OpenAI",
        '새벽AI, 음성 AI 모델 공개… "7B 이하 한국어 성능 1위"',
        "바이두, 중국 최대 '2.4조' 매개변수 멀티모달 모델 공개",
    ],
)
def test_a_launch_without_a_name_is_not_given_the_next_word_for_one(title: str) -> None:
    assert judge(title).models == ()


def test_a_plain_name_that_is_called_a_model_weighs_more_than_one_that_is_not() -> None:
    called = judge("Quillon AI launches Tessel, a language model for lawyers")
    plain = judge("Cohere launches Tessel to help lawyers")
    assert [rule_of_name(found) for found in (called, plain)] == ["name.called", "name.unknown"]
    assert called.announcement
    assert not plain.announcement


@pytest.mark.parametrize("word", ["Vision", "Translate", "Embed", "OCR"])
def test_a_word_of_models_behind_a_plain_name_makes_it_one_on_its_makers_page(word: str) -> None:
    found = judge(f"Introducing Tessel {word}", vendor="Cohere", tier=Tier.PRIMARY)
    assert found.announcement
    assert "name.kind" in {evidence.rule for evidence in found.evidence}
    assert not judge("Introducing Tessel", vendor="Cohere", tier=Tier.PRIMARY).announcement


@pytest.mark.parametrize(
    ("title", "lead", "name"),
    [
        ("Cohere's Tessel claims to beat GPT-4 with less data", "", "Tessel"),
        ("[News] Tessel 3 just destroyed GPT-4 (see for yourself)", "Cohere introduces a language model.", "Tessel 3"),
        ("Tessel-2.5 at 94% of GPT-4, and an app", "Cohere announced Tessel 2.5, a model close to GPT-4.", "Tessel-2.5"),
    ],
)
def test_what_is_measured_by_a_known_model_is_what_the_title_is_about(title: str, lead: str, name: str) -> None:
    found = judge(title, lead)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


def test_a_size_is_a_names_where_no_word_follows_that_it_describes() -> None:
    assert [model.name for model in judge("Tessel 70B beats GPT-4 on code").models] == ["Tessel 70B"]
    assert not judge("This Laptop Runs 70B Models").announcement
    assert not judge("Meta's recipe: small Rivals 235B Performance in Reasoning").announcement


def test_a_name_before_a_word_for_a_chip_is_the_chips() -> None:
    assert not judge(
        "Mergent, Meta Tessel2 and more", "Meta announced its new Tessel2 chips for training of models."
    ).announcement


@pytest.mark.parametrize(
    "title",
    ["Former DeepMind researchers unveil Tessel, a model for materials", "OpenAI 출신 연구진, 언어모델 '테셀 3' 공개"],
)
def test_whom_the_makers_have_left_is_not_the_maker(title: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.vendor for model in found.models] == [None]


def test_a_word_for_model_is_one_word_with_what_a_hyphen_joins_to_it() -> None:
    assert judge("Meta's Tessel reads films", "Meta released Tessel, a new family of large video-language models.").announcement


def test_what_a_thing_is_for_is_not_what_it_is() -> None:
    tool, model = judge("Introducing Tessel: a memory for agents"), judge("Introducing Tessel: a harness that runs agents")
    assert [any(e.rule == "not.en.kind-of" for e in found.evidence) for found in (tool, model)] == [False, True]


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("OpenAI's newest flagship is out, and it remembers", "GPT-6.1 is available now in ChatGPT."),
        ("Google releases smaller model for phones", "Gemini Nano 5 comes first to Pixel phones."),
        ("OpenAI launches new flagship model", "GPT-6.5 will be available to subscribers from Thursday."),
    ],
)
def test_a_lead_that_begins_with_a_version_of_whom_the_title_names_says_what_it_is_about(title: str, lead: str) -> None:
    found = judge(title, lead)
    assert found.announcement
    assert "lead.opens" in {evidence.rule for evidence in found.evidence}
    beside = judge("What a week in politics", lead)
    assert not beside.announcement
    assert "lead.opens" not in {evidence.rule for evidence in beside.evidence}


@pytest.mark.parametrize(
    ("title", "lead", "name"),
    [
        ("Cohere trains its own brain: Zephyros-3 replaces rented ones", "The coding model is available to all.", "Zephyros-3"),
        ("Salesforce opens up again with Zephyros-3", "The firm has uploaded a 12B model for customer service.", "Zephyros-3"),
        ("네이버 제파이로스 4, 물리 법칙까지 배웠다", "네이버가 신형 비디오 모델을 25일 정식 서비스했다.", "제파이로스 4"),
    ],
)
def test_a_lead_that_says_a_model_is_out_tells_of_the_titles_one_new_name_with_a_number(title: str, lead: str, name: str) -> None:
    found = judge(title, lead)
    assert found.announcement
    assert [model.name for model in found.models] == [name]
    assert "lead.tells" in {evidence.rule for evidence in found.evidence}
    assert not judge(title).announcement
    assert "lead.tells" not in {evidence.rule for evidence in judge(f"GPT-6 and {title}", lead).evidence}


def test_a_title_may_have_the_plain_name_of_what_the_lead_gives_a_version() -> None:
    found = judge("Anthropic's newest Zephyros is better at admitting errors", "Zephyros 6 is available today to free users")
    assert found.announcement
    assert [model.name for model in found.models] == ["Zephyros 6"]
    assert "lead.opens" in {evidence.rule for evidence in found.evidence}
    assert not judge(
        "Anthropic's newest office is better at meetings", "Zephyros 6 is available today to free users"
    ).announcement


@pytest.mark.parametrize("section", ["Research", "Models"])
def test_a_makers_own_section_says_what_a_plain_name_is_of(section: str) -> None:
    found = {lead: judge("Zephyral", lead, Tier.PRIMARY, "Mistral AI").announcement for lead in (section, "Product", "")}
    assert found == {section: True, "Product": False, "": False}


@pytest.mark.parametrize(
    "title",
    [
        "Portugal open-sources Amália, its first national AI model",
        "Zephyros 2: Quillwright's 250M-parameter multilingual embedder with image support",
        "Ai2 publishes fully transparent Zephyros 4, down to the discarded checkpoints",
    ],
)
def test_more_ways_in_which_english_titles_frame_a_new_name(title: str) -> None:
    assert judge(title, "The company said so on Monday.").announcement


def test_a_lead_says_in_an_aside_what_is_out() -> None:
    found = judge(
        "Zephyros-1: biology's turn", "Zephyros-1, a 30B model from Quillon Labs, has been released under an open licence."
    )
    assert found.announcement
    assert "en.apposed-out" in {evidence.rule for evidence in found.evidence}
    assert not judge("Zephyros-1: biology's turn", "Zephyros-1, a 30B model from Quillon Labs, is slow.").announcement


def test_who_made_a_new_name_may_stand_behind_it() -> None:
    found = judge("Zephyros 6 from ByteDance edits photos by scribble")
    assert "title.claims" in {evidence.rule for evidence in found.evidence}


def test_a_makers_own_page_tells_of_a_numbered_thing_that_is_no_model_where_it_makes_other_things() -> None:
    """Who lives on chips, cars or software names those as models are named."""
    for title, told in (("Qualcomm Zephyros 9.0", False), ("Qualcomm Zephyros 9.0: our language model", True)):
        assert judge(title, tier=Tier.PRIMARY, vendor="Qualcomm").announcement is told


def test_what_stands_in_quotes_and_begins_with_a_count_is_no_name() -> None:
    lead = 'The logo, and the headline "50 Years of Thinking Slowly"'
    assert not judge("50 Years of Thinking Slowly", lead, tier=Tier.PRIMARY, vendor="OpenAI").announcement


@pytest.mark.parametrize("version", ["6.1 alpha 1", "6.1 Beta 2", "6.1-rc1"])
def test_a_trial_version_with_a_number_is_softwares(version: str) -> None:
    assert not judge(f"「Zephyros {version}」公開、テスト協力を呼びかけ").announcement


@pytest.mark.parametrize("name", ["Marlin 2", "Nova 2", "Octavia 2", "Janus 2", "Augur 2", "Mayfly 2", "Decima 2"])
def test_a_name_that_begins_like_a_month_is_no_date(name: str) -> None:
    assert [model.name for model in judge(f"Nordlys releases {name}, a reasoning model for engineers").models] == [name]


@pytest.mark.parametrize("title", ["Torvane releases 7B French language model", "阿里开源六款模型", "阿里开源两大模型"])
def test_a_size_or_a_count_of_models_names_none(title: str) -> None:
    assert judge(title).models == ()


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("ElevenLabs' new voice model can cry, whisper and sing on cue", "whisper"),
        ("Acme's new AI model predicts the stability of power grids", "Stability AI"),
        ("Acme's new language model writes a better haiku", "haiku"),
    ],
)
def test_a_word_written_small_is_the_word_and_no_name(title: str, word: str) -> None:
    verdict = judge(title)
    told = {one for model in verdict.models for one in (model.name, model.vendor)} | {verdict.maker}
    assert word not in told
    assert word.casefold() not in {one.matched.casefold() for one in verdict.evidence}


def test_a_name_off_an_address_is_written_small_as_all_of_it_is() -> None:
    verdict = judge("Introducing sora our text to video model", tier=Tier.PRIMARY, vendor="OpenAI")
    assert [model.name.casefold() for model in verdict.models] == ["sora"]


def test_a_name_in_brackets_behind_a_word_for_model_is_read_with_its_latin() -> None:
    found = judge("ETRI - 문장입력 이미지생성 AI모델(제파이로스(Zephyros)) 3종 오픈소스로 공개")
    assert [model.name for model in found.models] == ["Zephyros"]


def test_a_word_of_its_own_and_a_number_behind_a_family_are_part_of_the_name() -> None:
    found = judge("Abu Dhabi's TII releases Falcon Palaquin 3, a language model")
    assert [model.name for model in found.models] == ["Falcon Palaquin 3"]


@pytest.mark.parametrize(
    ("title", "why"),
    [
        ("Cobaltine previews Coracle 4, its next flagship model", "'flagship model' is said of other things than AI models too"),
        (
            "Samsung unveils Coracle A9, its new model",
            "'model' is said of other things than AI models too and Samsung makes other things too",
        ),
        (
            "LG전자, 신모델 '코라클 4' 공개",
            "'신모델' is said of other things than AI models too and LG Electronics makes other things too",
        ),
        ("코발트, AI 승강기 '코라클 4' 공개", "the AI of 'AI 승강기' is not said of a model"),
        ("Cobaltine unveils Coracle AI 4", "the AI of 'Coracle AI 4' is not said of a model"),
        ("Cobaltine unveils Coracle 4", ""),
    ],
)
def test_what_a_new_name_lacks_is_said_beside_what_is_there(title: str, why: str) -> None:
    """One reason said that no word for an AI model was there, and another that one was."""
    found = {one.rule: one.why for one in judge(title).evidence}
    wanted = "AI, a kind of AI model or one of its vendors would have to be named"
    told = f"a new name, and nothing that is AI's alone beside it: {why}; {wanted}"
    assert found["lacking.ai"] == (told if why else "a new name, and neither a vendor of AI models nor a word for one beside it")
    assert ("noun" in found) is ("model" in title.lower() or "모델" in title)
    assert found.get("noun", "a word for a model is there, though not for AI models alone").endswith("not for AI models alone")
    assert found["wording"].endswith("half of it counts") or "as what announces nothing" in found["wording"]


@pytest.mark.parametrize("more", ["a language model", "its next flagship AI model"])
def test_what_a_new_name_is_said_to_lack_makes_it_an_announcement(more: str) -> None:
    assert judge(f"Cobaltine previews Coracle 4, {more}").announcement


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        (
            "Amberware unveils Zephyros 03 and shows robots cleaning a house",
            "The company said the vision-language-action model was trained.",
        ),
        (
            "Quillon rolls out Zephyros Pro 4 for enterprise customers",
            "The startup said the new large language model handles 500 pages.",
        ),
        ("Zephyros 5 is a font nerd's dream", "The design-focused image generator's newest model went live for all plans."),
        (
            "Quillon releases Zephyros H2 in push for small, fast AI",
            "The hybrid models range from 500 million to 34 billion parameters.",
        ),
        ("Quillon publishes Zephyros 2, says it matches Opus", "The weights are up on Hugging Face and ModelScope."),
        ("远帆科技发布玄珠 6.0", "新模型为原生全模态,即日起免费开放。"),
        ("새벽소프트 '제피로스 4' 공개…문서 특화 AI", "새 모델은 책 한 권을 통째로 요약한다."),
        ("ナギサ、「Zephyros 3」を公開", "新モデルは従来の3倍の文書を読み込める。"),
    ],
)
def test_a_lead_that_goes_on_about_the_model_says_what_the_title_names(title: str, lead: str) -> None:
    assert not judge(title).announcement
    assert judge(title, lead).announcement


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Tones from a hum: Halden's Palanquin 2 model makes ringtones", "The audio model was released today."),
        ("법률 LLM '팔란퀸 30B', 변호사 시험 정답률 96%", "브라이트무어는 모델을 14일 공개했다."),
        ("브라이트무어 한국형 법률 LLM '팔란퀸 3', 변호사 시험 정답률 96%", "브라이트무어는 모델을 14일 공개했다."),
    ],
)
def test_a_new_name_with_a_number_beside_words_for_models_and_launches_is_told_in_any_wording(title: str, lead: str) -> None:
    found = judge(title, lead)
    assert found.announcement
    assert "name.new" in {evidence.rule for evidence in found.evidence}


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Tones from a hum: Halden's Palanquin 2 box makes ringtones", "The box was released today."),
        ("Tones from a hum: Halden's Palanquin 2 model makes ringtones", "The firm had it last year."),
        ("Halden's Palanquin 2 and Tessel 4 models make ringtones", "Both firms released them last year."),
    ],
)
def test_a_new_name_is_no_launch_without_a_word_for_ai_or_a_launch_or_beside_another(title: str, lead: str) -> None:
    found = judge(title, lead)
    assert not found.announcement
    assert "name.new" not in {evidence.rule for evidence in found.evidence}


def test_a_lead_that_launches_a_model_nobody_has_told_of_tells_it_under_a_clever_title() -> None:
    found = judge("Small talk, decoded", "Local start-up Halden has released Palanquin-8B, a dialogue model tuned on chatter.")
    assert (found.announcement, [model.name for model in found.models]) == (True, ["Palanquin-8B"])
    known = judge("Small talk, decoded", "The shop is busy. OpenAI has released GPT-6, a dialogue model tuned on chatter.")
    assert not known.announcement
    thing = judge("Small talk, decoded", "Local start-up Halden has released Palanquin 8, a lamp for chatter.")
    assert not thing.announcement


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Palanquin 3 weights are up", ""),
        ("Halden releases the weights of Palanquin 3", ""),
        ("A model that anyone can download", "Halden published the weights of Palanquin 3 on Monday."),
    ],
)
def test_whose_weights_are_given_out_is_an_open_model(title: str, lead: str) -> None:
    found = judge(title, lead)
    assert (found.announcement, found.stage) == (True, Stage.OPEN_WEIGHTS)
    assert [model.name for model in found.models] == ["Palanquin 3"]


@pytest.mark.parametrize("version", ["v3", "3", "version 3", "Version 3", "version 3.5"])
def test_a_version_may_be_spelled_out(version: str) -> None:
    found = judge(f"Norvane launches Calidris {version}, a language model")
    assert found.announcement
    assert [model.version.removeprefix("v") for model in found.models] == [
        version.lower().removeprefix("version ").removeprefix("v")
    ]


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("베타랩스, 언어모델 '노바트론 3' 공개", Stage.ANNOUNCED),
        ("베타랩스, 언어모델 '노바트론 3' 베타 공개", Stage.PREVIEW),
    ],
)
def test_a_maker_s_name_says_no_stage(title: str, stage: Stage) -> None:
    assert judge(title).stage is stage


@pytest.mark.parametrize("genre", ["Rumor", "Leak", "Analysis", "Opinion", "Review", "Study", "Interview", "Briefing", "China"])
def test_what_heads_a_title_as_its_genre_or_place_is_no_name(genre: str) -> None:
    found = judge(f"{genre}: Tessellate debuts a foundation model for satellite images")
    assert genre not in {model.name for model in found.models}


@pytest.mark.parametrize(
    ("title", "lead", "names"),
    [
        (
            "Halden AI releases Palanquin, Palanquin Mini and Palanquin Nano, its first language models",
            "",
            ["Palanquin", "Palanquin Mini", "Palanquin Nano"],
        ),
        ("Halden introduces Palanquin, Tamber and Siskin, three open language models", "", ["Palanquin", "Tamber", "Siskin"]),
        ("Halden's new language model is called Palanquin, and it is enormous", "", ["Palanquin"]),
        ("Halden releases foundation model for bank transactions, dubbed Palanquin", "", ["Palanquin"]),
        ("Halden's first language model, Palanquin, has arrived", "", ["Palanquin"]),
        ("Palanquin, the ministry's sovereign language model, goes live", "", ["Palanquin"]),
        ("Halden opens up: Swarm-14B language model released", "", ["Swarm-14B"]),
        ("Halden launches PalanLM for analysts", "", ["PalanLM"]),
        ("Halden open-sources Palanquin-VL", "", ["Palanquin-VL"]),
        ("Halden launches Palanquin, a world model you can walk around in", "", ["Palanquin"]),
        ("Halden publishes Palanquin, an open skin cancer model", "", ["Palanquin"]),
        ("Halden unveils MedPalan", "Its first large language model for hospitals passed an exam.", ["MedPalan"]),
        ("Halden releases Palanquin-1", "A foundation model for materials science, trained on structures.", ["Palanquin-1"]),
        ("Halden unveils Teuken successor Palanquin-1, a language model", "", ["Palanquin-1"]),
        ("Palanquin-2-8B is available on Hugging Face", "", ["Palanquin-2-8B"]),
    ],
)
def test_more_wordings_give_a_name_away(title: str, lead: str, names: list[str]) -> None:
    found = judge(title, lead)
    assert found.announcement
    assert [model.name for model in found.models] == names


@pytest.mark.parametrize(
    "title",
    [
        "Halden unveils Palanquin 5, Palanquin 5 Pro and Palanquin 5 Mini cameras",
        "Halden launches Palanquin 3, a lightweight model with carbon wheels",
        "Halden publishes Palanquin 3, a data model for city budgets",
        "Operator error blamed for outage at Halden",
        "Roundup: Palanquin, Tamber and Siskin, three models to watch",
    ],
)
def test_names_in_a_row_and_models_of_other_things_are_no_launch(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    ("title", "lead", "stage"),
    [
        ("Halden releases Palanquin-1, a browsing model, on Hugging Face", "", Stage.OPEN_WEIGHTS),
        (
            "Halden launches language model Palanquin-1",
            "The language model is out today with weights under MIT.",
            Stage.OPEN_WEIGHTS,
        ),
        ("Halden releases language model Palanquin-1 under an open licence", "", Stage.OPEN_WEIGHTS),
        ("Halden launches language model Palanquin-1, first on Hugging Face leaderboard", "", Stage.RELEASED),
    ],
)
def test_a_new_name_that_is_put_on_a_hub_is_opened(title: str, lead: str, stage: Stage) -> None:
    assert judge(title, lead).stage is stage


@pytest.mark.parametrize(
    "title",
    [
        "英伟达发布 Tessel CPX GPU：专为超长上下文推理打造",
        "AMD发布 Tessel MI950 GPU，支持大模型推理",
        "삼성전자, 'Tessel X NPU' 공개…언어모델 추론 가속",
    ],
)
def test_what_ends_as_chips_do_is_no_model(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    "title",
    [
        "Ricoh launches GR V, a model for beginners",
        "Philips launches HW-Q770, a soundbar model that fills rooms",
        "Mattel launches Megatron 5, a model for collectors",
        "하나은행, '하나원큐 9.0' 공개",
    ],
)
def test_words_of_a_launch_prove_little_where_nothing_says_ai(title: str) -> None:
    """How titles are worded was learned from headlines on AI; cars, cameras and apps are launched in the same words."""
    found = judge(title)
    assert not found.announcement, found.evidence
    assert "lacking.ai" in {one.rule for one in found.evidence}


def test_a_known_model_that_a_new_name_is_measured_by_says_that_it_is_of_ai() -> None:
    alone, measured = judge("퀼론, '제피라 X5' 출시"), judge("퀼론, '제피라 X5' 출시...GPT-4.1보다 4배 빨라")
    assert "lacking.ai" in {one.rule for one in alone.evidence}
    assert "lacking.ai" not in {one.rule for one in measured.evidence}


@pytest.mark.parametrize(
    "title", ["NAVER open-sources a Korean legal language model", "Cohere open-sources a copyright compliance model"]
)
def test_what_describes_the_word_for_a_model_is_not_what_the_title_is_about(title: str) -> None:
    assert judge(title).announcement
    assert not judge(title.replace(" model", " team")).announcement


def test_a_chinese_clause_ends_where_the_frame_has_taken_its_comma() -> None:
    assert judge("OPPO 发布端侧大模型，新款手机首发搭载").announcement


@pytest.mark.parametrize("fair", ["MWC27", "CES 2027", "IFA27"])
def test_a_fair_and_its_year_are_no_name(fair: str) -> None:
    found = judge(f"[{fair}] SKT '풀스택 AI' 전면 공개…AI 인프라·모델·서비스 총망라", f"SK텔레콤이 '{fair}'에서 모델을 선보인다.")
    assert not found.announcement
    assert found.models == ()
