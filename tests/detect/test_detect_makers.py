"""Whose model it is: the one who announces, and not whom they live on, go against, or put it with."""

from __future__ import annotations

import pytest
from headlines import RULES, judge

from aiwatch.model import Modality, Stage, Tier


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("Torvane, backed by Google, launches Zephyros 2, a reasoning model", "Torvane"),
        ("torvanics releases Zephyros 2, a reasoning model", "torvanics"),
        ("startup releases Zephyros 2, a reasoning model", None),
        ("Torvane, a Microsoft partner, unveils Zephyros 2, a reasoning model", "Torvane"),
        ("벤토르, 오픈AI 겨냥 거대언어모델 '제피로스 2' 공개", "벤토르"),
        ("对标OpenAI，梵拓科技发布大模型玄珠2.0", "梵拓科技"),
        ("유럽, 거대언어모델 '제피로스 2' 공개…딥시크 추격", None),
        ("오픈AI에 도전장 낸 구글, '제미나이 9' 공개", "Google"),
        ("新语言模型Zephyros 2开源：打破OpenAI垄断", None),
        ("New language model Zephyros 2 launches to challenge OpenAI", None),
        ("清渠AI发布大模型玄珠2.0", "清渠AI"),
        ("ソラト研究所、「Sorato-72B」をHugging Faceで公開", "ソラト研究所"),
        ("영국 벤토르 파운드리, 거대언어모델 '제피로스 2' 공개", "벤토르 파운드리"),
        ("벤토르 오디오, 음악 생성 모델 '제피로스 2' 공개", "벤토르 오디오"),
        ("블루 벤토르, 거대언어모델 '제피로스 2' 공개", "블루 벤토르"),
        ("의료 AI 넥스트 벤토르, 거대언어모델 '제피로스 2' 공개", "넥스트 벤토르"),
        ("실리콘밸리 신생 '벤토르', 거대언어모델 '제피로스 2' 공개", "벤토르"),
        ("하나뿐인 악보…AI 반주 모델 '제피로스 2' 공개한 벤토르", "벤토르"),
        ("LG전자, 자체 개발 LLM '리브라 2' 공개", "LG Electronics"),
        ("OpenAI launches GPT-9 on GitHub", "OpenAI"),
        ("フランスのAI企業ベントル、音声モデル「ゼフィロス2」を発表", "ベントル"),
        ("米新興Torvane、音声モデル「Zephyros 2」を公開", "Torvane"),
        ("中国・梵拓科技が音声モデル「Zephyros 2」を公開", "梵拓科技"),
        ("具身智能公司梵拓科技发布大模型玄珠2.0", "梵拓科技"),
        ("青石资本旗下梵拓科技发布大模型玄珠2.0", "梵拓科技"),
        ("梵拓“玄珠 2.0”语音大模型正式上线", "梵拓"),
    ],
)
def test_who_announces_is_the_maker(title: str, maker: str | None) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    "title",
    [
        "Zephyros 2, a reasoning model by Torvane, is now available",
        "Zephyros 2, a reasoning model from Torvane, launches",
        "Zephyros 2: a new reasoning model from startup Torvane",
        "Zephyros 2, a reasoning model that reads charts, was released by Torvane on Tuesday",
        "Zephyros 2 unveiled by Torvane: a new reasoning model",
        "New reasoning model Zephyros 2 launched by Torvane",
        "A new reasoning model from Torvane: Zephyros 2 is here",
        "Meet Zephyros 2, Torvane's new reasoning model",
        "Introducing Zephyros 2: a reasoning model from Torvane",
        "Torvane has quietly released Zephyros 2, a reasoning model",
        "Torvane Is Launching Zephyros 2, a Reasoning Model",
        "Torvane shows off Zephyros 2, a reasoning model",
        "Torvane CEO Jane Doe unveils Zephyros 2, a reasoning model",
        "Torvane adds Zephyros 2, a reasoning model, to its lineup",
        "Torvane expands its lineup with Zephyros 2, a reasoning model",
        "Amazon-backed Torvane launches Zephyros 2, a reasoning model",
        "OpenAI rival Torvane launches Zephyros 2, a reasoning model",
        "Challenging OpenAI, Torvane launches Zephyros 2, a reasoning model",
        "Researchers at Torvane release Zephyros 2, a reasoning model",
    ],
)
def test_a_maker_in_no_list_is_told_wherever_it_stands(title: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert [(model.name, model.vendor) for model in verdict.models] == [("Zephyros 2", "Torvane")]


@pytest.mark.parametrize(
    "title",
    [
        "ベントルは言語モデル「ゼフィロス2」を公開しました",
        "ベントルから言語モデル「ゼフィロス2」が登場",
        "ベントル製の言語モデル「ゼフィロス2」が公開",
        "ベントルの言語モデル「ゼフィロス2」が公開",
        "言語モデル「ゼフィロス2」がベントルから登場",
        "「ゼフィロス2」公開、ベントルの新言語モデル",
        "AIスタートアップのベントル、言語モデル「ゼフィロス2」を公開",
        "東大発ベンチャーのベントル、言語モデル「ゼフィロス2」を公開",
        "AI新興のベントルが言語モデル「ゼフィロス2」を発表",
        "NVIDIA出資のベントル、言語モデル「ゼフィロス2」を公開",
        "OpenAI対抗のベントル、言語モデル「ゼフィロス2」を公開",
        "ベントルとソニー、言語モデル「ゼフィロス2」を共同開発",
    ],
)
def test_a_japanese_maker_in_no_list_is_told_however_it_is_presented(title: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {"ベントル"}


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("言語モデル「Zephyros 2」をTorvaneが公開", "Torvane"),
        ("言語モデル「Zephyros 2」、Torvaneが発表", "Torvane"),
        ("言語モデル「ゼフィロス2」を日向テックが公開", "日向テック"),
        ("話題の言語モデル「ゼフィロス2」が公開", None),
        ("クリーンな学習データの言語モデル「ゼフィロス2」が公開", None),
        ("札幌発スタートアップの言語モデル「ゼフィロス2」が公開", None),
        ("オープンソースの言語モデル「ゼフィロス2」が公開", None),
        ("文章から画像を作るAIモデル「ゼフィロス2」を公開", None),
    ],
)
def test_who_gives_a_japanese_model_out_is_no_model_and_a_word_before_one_no_maker(title: str, maker: str | None) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert [model.vendor for model in verdict.models] == [maker]


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("Torvane and Samsung launch Zephyros 2, a reasoning model", "Torvane"),
        ("KDDIとELYZA、日本語LLM「ELYZA-Pocket」を発表", "ELYZA"),
        ("Meta and Samsung launch Zephyros 2, a reasoning model", "Meta"),
        ("ELYZAとソニー、言語モデル「ゼフィロス2」を共同開発", "ELYZA"),
        ("ELYZA、OpenAIに対抗する言語モデル「ゼフィロス2」を公開", "ELYZA"),
        ("ELYZA、NVIDIAと共同で言語モデル「ゼフィロス2」を開発", "ELYZA"),
    ],
)
def test_of_those_who_launch_a_model_together_the_first_is_its_maker(title: str, maker: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    "title",
    [
        "Zephyros 2, a new reasoning model from China, is out",
        "Zephyros 2, a reasoning model, to be released by Friday",
        "Zephyros 2: a new reasoning model from Scratch",
        "China launches Zephyros 2, a reasoning model",
        "Zephyros 2 beats a reasoning model from Torvane",
    ],
)
def test_what_stands_where_a_maker_would_and_is_a_place_or_a_day_is_none(title: str) -> None:
    assert {model.vendor for model in judge(title).models} <= {None}


@pytest.mark.parametrize(
    ("title", "other"),
    [
        ("Taking aim at OpenAI, Torvane releases Zephyros 2, a reasoning model", "OpenAI"),
        ("오픈AI 대항마 벤토르, 거대언어모델 '제피로스 2' 공개", "OpenAI"),
        ("OpenAI対抗のベントル、大規模言語モデル「ゼフィロス2」を公開", "OpenAI"),
        ("グーグル出資のベントル、大規模言語モデル「ゼフィロス2」を公開", "Google"),
        ("清华系创业公司梵拓科技推出大模型玄珠2.0", "Tsinghua University"),
        ("OpenAI rival Torvane launches Zephyros 2, a reasoning model", "OpenAI"),
        ("Google's competitor Torvane launches Zephyros 2, a reasoning model", "Google"),
        ("OpenAI's rivals launch Zephyros 2, a reasoning model", "OpenAI"),
    ],
)
def test_a_rival_or_a_backer_is_not_the_maker(title: str, other: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert other not in {model.vendor for model in verdict.models}


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("OpenAI rival Meta launches Zephyros 2, a reasoning model", "Meta"),
        ("ChatGPT rival Anthropic launches Zephyros 2, a reasoning model", "Anthropic"),
        ("Meta launches Zephyros 2, a reasoning model, to beat rival OpenAI", "Meta"),
        ("Zephyros 2, a reasoning model from rival Meta, is here", "Meta"),
    ],
)
def test_a_rival_acts_where_it_is_presented_as_one(title: str, maker: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    ("title", "host"),
    [
        ("Torvane's new reasoning model lands on Hugging Face", "Hugging Face"),
        ("云岫科技在GitHub开源首个大模型", "GitHub"),
    ],
)
def test_where_it_is_put_is_not_who_made_it(title: str, host: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert verdict.maker != host


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("오픈AI, 메타·미스트랄·딥시크 겨냥한 'Zephyros 2' 모델 공개", "OpenAI"),
        ("Zephyros-2权重上架Hugging Face,MIT协议,大模型开源", None),
        ("OpenAI开源大模型Zephyros 2,SWE-bench Pro首次突破70分", "OpenAI"),
        ("Former DeepMind co-founder unveils Zephyros 2, a reasoning model", None),
        ("百度发布大模型Zephyros-2 对OpenAI发动攻势", "Baidu"),
    ],
)
def test_who_only_stands_beside_is_not_the_maker(title: str, maker: str | None) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    ("lead", "maker"),
    [
        ("DeepSeek released Zephyros 4, beating models of OpenAI and Google. Microsoft showed a laptop.", "DeepSeek"),
        ("Zephyros 4, a 70B open model from Mistral, matches those of OpenAI. Meta is hiring.", "Mistral AI"),
        ("Zephyros 4 was released by Cohere under an open licence. Meta is hiring.", "Cohere"),
        ("Zephyros 4 is a notable new open model, surpassing benchmarks of OpenAI, Meta and Alibaba.", None),
    ],
)
def test_a_newsletter_says_the_maker_in_the_sentence_of_the_model_or_not_at_all(lead: str, maker: str | None) -> None:
    verdict = judge("[Daily AI] Zephyros 4: a new open model is out", lead, source="AINews")
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


def test_an_outlets_name_is_no_maker() -> None:
    verdict = judge("大模型Zephyros 4发布,参数开源", "【新智元导读】大模型Zephyros 4今日发布。")
    assert verdict.announcement
    assert "AgiBot" not in {model.vendor for model in verdict.models}


def test_a_platform_that_has_a_model_has_not_made_it() -> None:
    verdict = judge(
        "Zephyros 3", "Zephyros 3, a new language model, is now available to run.", tier=Tier.PRIMARY, vendor="Ollama"
    )
    assert {model.vendor for model in verdict.models} == {None}


@pytest.mark.parametrize(
    ("title", "lead", "maker"),
    [
        ("Kimi's open model Zephyros 3 is released, nearing GPT-9", "", "Moonshot AI"),
        ("Somebody Known announces Zephyros 2, the first AI model from Meta", "", "Meta"),
        (
            "Zephyros: a new open-source video model",
            "Zephyros is a new open video model, developed by Quillwright. It is free.",
            "Quillwright",
        ),
        (
            "動画生成AIモデル「Zephyros 2」が公開",
            "「Zephyros 2」はAI開発企業のQuillwright Labが開発したAIモデルです。",
            "Quillwright Lab",
        ),
        ("对标英伟达,拾贝云发布大模型Zephyros-2", "", "拾贝云"),
        ("탄 로보틱스, 음성 모델 '제피로스 2' 프리뷰 공개", "", "탄 로보틱스"),
        ("브라이트무어 '제피로스 2' 공개…언어모델 경쟁 가세", "", "브라이트무어"),
        ("'제피로스 2' 공개한 하늘AI…언어모델 경쟁 가세", "", "하늘AI"),
        ("번역기 경쟁 뜨겁다…브라이트무어 '제피로스 2' 언어모델 공개", "", "브라이트무어"),
        ("빨래도 갠다, 탄로보틱스 로봇 모델 '제피로스 2' 발표", "", "탄로보틱스"),
        ("새 음성 모델 '제피로스 2' 나왔다", "부산 기업 브라이트무어가 음성 모델 '제피로스 2'를 18일 선보였다.", "브라이트무어"),
        ("제피로스 2 출시, 랜스톤의 새 추론 모델", "", "랜스톤"),
        ("새 음성 모델 '제피로스 2' 나왔다", "브라이트무어가 개발한 '제피로스 2'는 긴 문맥에 강하다.", "브라이트무어"),
        ("새 음성 모델 '제피로스 2' 나왔다", "브라이트무어는 18일 음성 모델 '제피로스 2'를 공개했다고 밝혔다.", "브라이트무어"),
        ("クイロン・ラボが推論モデル「ゼフィロス 2」をリリース", "", "クイロン・ラボ"),
        ("クイロン・ラボの新言語モデル「ゼフィロス 2」登場", "", "クイロン・ラボ"),
        ("「ゼフィロス 2」が登場 ブライトムーアの次世代言語モデル", "", "ブライトムーア"),
        ("長い文書に強い――ブライトムーアが言語モデル「ゼフィロス 2」を公開", "", "ブライトムーア"),
        ("小型言語モデル「ゼフィロス 2」、ブライトムーアが公開", "", "ブライトムーア"),
        ("新しい言語モデル「ゼフィロス 2」が公開", "ブライトムーアは4月1日、言語モデルを公開した。", "ブライトムーア"),
        ("新しい言語モデル「ゼフィロス 2」が公開", "ブライトムーアが開発した「ゼフィロス 2」は無料だ。", "ブライトムーア"),
        ("重磅!Nordhaven AI新模型Zephyros 2.5发布", "", "Nordhaven AI"),
        ("Tarn Robotics语音模型“Zephyros 2”亮相", "", "Tarn Robotics"),
        ("更快更省!若水科技祭出语言大模型Zephyros 2", "", "若水科技"),
        ("若水科技:新一代语言大模型“Zephyros 2”亮相", "", "若水科技"),
        ("新语音模型Zephyros 5发布", "4月1日,若水科技在上海推出语音模型Zephyros 5。", "若水科技"),
        ("新语音模型Zephyros 5发布", "由若水科技自主研发,支持二十种语言。", "若水科技"),
        ("若水科技 Zephyros 6.0 图像创作模型发布", "", "若水科技"),
        ("新语音模型Zephyros 5发布", "Zephyros 5由澜石科技研发,今日正式发布。", "澜石科技"),
        ("开源大模型Zephyros 3正式发布", "就在刚刚,Brightmoor发布的Zephyros 3系列模型实现了全面超越。", "Brightmoor"),
        ("Small talk, decoded", "Local start-up Halden Machines has released Zephyros-8B, a dialogue model.", "Halden Machines"),
        ("New speech model draws crowds", "Bern-based Brightmoor has released Zephyros 2, a speech model.", "Brightmoor"),
        ("Żubrzyk's Zephyros 2 language model is out", "", "Żubrzyk"),
        ("Brightmoor takes on OpenAI with new speech model Zephyros", "", "Brightmoor"),
        ("Amberford's Zephyros 3, a new language model, doubles its speed", "", "Amberford"),
        ("Abu Dhabi's Fjellware launches Zephyros 2 language models", "", "Fjellware"),
        ("New speech model Zephyros 5 is out", "Zephyros 5 went live today. It was built by Brightmoor.", "Brightmoor"),
        ("Zephyros 5: a new speech model promises cheaper agents", "Developed by Brightmoor, Zephyros 5 is here.", "Brightmoor"),
        ("Zephyros 5, a new speech model, is out", "Zephyros 5, a 3B model from Brightmoor, was released today.", "Brightmoor"),
    ],
)
def test_the_maker_is_heard_where_a_reader_hears_it(title: str, lead: str, maker: str) -> None:
    verdict = judge(title, lead)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("新语音模型Zephyros 5发布", "由此可见,模型越来越小。"),
        ("同步发布语音模型Zephyros 5", ""),
        ("これは速い――次世代の言語モデル「ゼフィロス 2」を公開", ""),
        ("말 대신 눈빛으로 명령한다…국내 언어모델 '제피로스 2' 공개", ""),
        ("新语音模型Zephyros 5发布", "Zephyros 5是由该公司从头开始训练的模型。"),
        ("새 음성 모델 '제피로스 2' 나왔다", "회사는 18일 음성 모델 '제피로스 2'를 공개했다고 밝혔다."),
        ("Zephyros 5, a new speech model, is out", "Zephyros 5, a new speech model, differs from what came before."),
    ],
)
def test_nobody_is_the_maker_where_nobody_is_named(title: str, lead: str) -> None:
    assert {model.vendor for model in judge(title, lead).models} == {None}


def test_a_maker_is_not_a_model_of_its_own() -> None:
    assert [model.name for model in judge("Quill44 launches Zephyros-1, its own AI model").models] == ["Zephyros-1"]


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("前谷歌研究员创立的星海智能发布首个模型“玄鸟-1”", ""),
        ("百度前高管创立的星海智能发布大语言模型“玄鸟-3”", ""),
        ("元Google研究者が設立した星ノ海AI、新LLM「カササギ 5」を公開", ""),
        ("東大発ベンチャー「星ノ海AI」が新モデル「カササギ-7B」を公開", ""),
        ("카이스트 교수 창업 달빛소프트, 언어모델 '은하 3' 공개", ""),
        ("MIT spinout Torvane launches Tessera Bio, a protein language model", ""),
        ("Swiss universities release Zephyros 2, a fully open AI model", ""),
        (
            "A tiny lab takes aim at video models",
            "Pixelmoor on Monday launched Gannet Video 2, a text-to-video model, to beat OpenAI Sora 2.",
        ),
        (
            "London startup releases open language model",
            "Halcyon Grove released Thornbury 2 on Monday. Microsoft will offer it on Azure.",
        ),
        ("国产大模型再添新军", "星海智能正式发布大模型“玄鸟 4”。该公司由前百度员工创立。"),
    ],
)
def test_no_maker_is_better_than_one_who_is_only_mentioned(title: str, lead: str) -> None:
    verdict = judge(title, lead)
    assert verdict.announcement
    listed = {model.vendor for model in verdict.models} & set(RULES.data.vendors)
    assert listed == set()


def test_who_funded_a_maker_is_no_part_of_its_name() -> None:
    verdict = judge("Sequoia-funded Torvane launches video model Tessera V")
    assert {model.vendor for model in verdict.models} == {"Torvane"}


def test_a_firm_that_is_launched_with_its_first_model_is_its_maker_and_no_model() -> None:
    found = judge("Former chip designers launch Quillwright with its first model, Zephyros-1")
    assert [(model.name, model.vendor) for model in found.models] == [("Zephyros-1", "Quillwright")]


@pytest.mark.parametrize(
    ("title", "makers"),
    [
        ("OpenAI releases GPT-9, and Google launches Palaquin 7, a video model", ["OpenAI", "Google"]),
        ("OpenAI releases GPT-9 and Brightloom launches Palaquin 7, a video model", ["OpenAI", "Brightloom"]),
        ("OpenAI releases GPT-9, and launches Codex Desk 2, a coding app", ["OpenAI"]),
    ],
)
def test_two_makers_who_launch_a_model_each_are_each_told(title: str, makers: list[str]) -> None:
    assert [model.vendor for model in judge(title).models] == makers


@pytest.mark.parametrize(
    ("lead", "maker"),
    [
        ("Chinese models Yi, DeepSeek, and Palaquin are gaining attention, Palaquin 1.5 with a longer context.", None),
        ("Meta AI surprised many with the release of Palaquin, an open model that runs on Ollama too.", "Meta"),
    ],
)
def test_a_lead_s_vendor_beside_the_model_in_a_row_is_not_its_maker_and_the_one_before_its_plain_name_is(
    lead: str, maker: str | None
) -> None:
    (model,) = judge("Palaquin 1.5 released, an open language model", lead).models
    assert model.vendor == maker


@pytest.mark.parametrize("vendor", ["Google", "google", "DeepMind", "구글"])
def test_a_source_s_vendor_is_known_by_every_spelling(vendor: str) -> None:
    found = judge("Gemini 4 Pro", tier=Tier.PRIMARY, vendor=vendor, source="Blog")
    assert "source.primary" in {one.rule for one in found.evidence}
    assert "source.reseller" not in {one.rule for one in found.evidence}


@pytest.mark.parametrize(
    ("name", "url", "owner"),
    [
        ("", "https://github.com/deepseek-ai/DeepSeek-V9", "DeepSeek"),
        ("OpenAI News", None, "OpenAI"),
        ("", "https://blog.google/products/gemini", "Google"),
        ("A paper", "https://paper.example/google", None),
        ("Posts", "https://x.com/MistralAI/status/1", "Mistral AI"),
        ("Posts", "https://x.com/Zai_org/status/1", "Zhipu AI"),
        ("Posts", "https://bsky.app/profile/openai.com", "OpenAI"),
        ("Posts", "https://x.com/OpenAIDevs/status/1", "OpenAI"),
        ("Posts", "https://x.com/openai_fan_page/status/1", None),
        ("Posts", "https://x.com/i/status/1", None),
        ("", "https://github.com/open/words", None),
    ],
)
def test_an_address_or_a_feed_is_its_owner_s(name: str, url: str | None, owner: str | None) -> None:
    assert RULES.directory.owner(url, name) == owner


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("Orlune Quietly Launches Zephyros 2, a Language Model", "Orlune"),
        ("Orlune Has Now Released Zephyros 2, a Language Model", "Orlune"),
        ("织星科技悄悄发布视频模型Velora 2", "织星科技"),
        ("织星科技昨夜突然发布视频模型Velora 2", "织星科技"),
        ("织星科技在北京发布视频模型Velora 2", "织星科技"),
        ("「织星科技」宣布发布视频模型织星2.0", None),
        ("「织星科技」计划发布视频模型织星2.0", None),
    ],
)
def test_how_when_or_whether_it_is_launched_is_no_part_of_the_maker_s_name(title: str, maker: str | None) -> None:
    (model,) = judge(title).models
    assert model.vendor == maker


def test_who_says_so_is_no_part_of_the_makers_name() -> None:
    rumour = judge("消息称梵拓科技即将发布新一代大模型Zephyros 4")
    assert rumour.stage is Stage.RUMORED
    assert {model.vendor for model in rumour.models} == {"梵拓科技"}


@pytest.mark.parametrize(
    ("before", "model", "behind"),
    [
        ("{0}, ", "언어모델 '제피로스 2'", " 공개"),
        ("{0}가 ", "언어모델 '제피로스 2'", "를 공개했다"),
        ("{0}는 성능을 높인 새 ", "언어모델 '제피로스 2'", "를 선보였다"),
        ("{0}의 새 ", "언어모델 '제피로스 2'", " 출시됐다"),
        ("구글 출신이 세운 {0}, ", "언어모델 '제피로스 2'", " 공개"),
        ("메타가 투자한 스타트업 {0}, ", "언어모델 '제피로스 2'", " 공개"),
        ("미국 스타트업 {0}가 ", "언어모델 '제피로스 2'", "를 공개했다"),
        ("", "언어모델 '제피로스 2'", " 공개한 {0}"),
    ],
)
@pytest.mark.parametrize("maker", ["큐브로", "Torvane", "노드헤이븐 AI", "업라이트 소프트웨어"])
def test_a_korean_title_names_the_maker_in_many_ways(before: str, model: str, behind: str, maker: str) -> None:
    verdict = judge(f"{before}{model}{behind}".format(maker))
    assert verdict.announcement
    assert [model.vendor for model in verdict.models] == [maker]


@pytest.mark.parametrize(
    "title",
    [
        "누구나 쓰는 언어모델 '제피로스 2' 공개",
        "로봇이 물건을 집는 파운데이션 모델 '제피로스 2'를 공개했다",
        "꿈의 언어모델 '제피로스 2' 공개",
        "이제는 월드 모델 '제피로스 2' 공개",
        "마이크로소프트 제친 언어모델 '제피로스 2' 공개",
    ],
)
def test_who_uses_a_model_or_is_left_behind_has_not_made_it(title: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert [model.vendor for model in verdict.models] == [None]


@pytest.mark.parametrize(
    "title",
    [
        "{0}发布语音大模型“玄珠2.0”",
        "{0}率先发布语音大模型“玄珠2.0”",
        "{0}官宣语音大模型“玄珠2.0”",
        "{0}语音大模型“玄珠2.0”亮相",
        "{0}旗下语音大模型“玄珠2.0”正式发布",
        "{0}在亚马逊云上推出语音大模型“玄珠2.0”",
        "{0}与英特尔共同推出语音大模型“玄珠2.0”",
        "国产独角兽{0}发布语音大模型“玄珠2.0”",
        "阿里投资的{0}发布语音大模型“玄珠2.0”",
    ],
)
@pytest.mark.parametrize("maker", ["梵拓科技", "Torvane Labs"])
def test_a_chinese_title_names_the_maker_in_many_ways(title: str, maker: str) -> None:
    verdict = judge(title.format(maker))
    assert verdict.announcement
    assert [model.vendor for model in verdict.models] == [maker]


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("美国清渠智能发布大模型玄珠2.0", "清渠智能"),
        ("国内首个大模型玄珠2.0发布", None),
        ("视频生成大模型Velora 3亮相", None),
        ("公司旗下大模型玄珠2.0发布", None),
        ("百度与梵拓科技合作推出大模型玄珠2.0", "Baidu"),
        ("百度携手微软推出大模型玄珠2.0", "Baidu"),
        ("重磅！清渠银行上线自研大模型“玄珠2.0”", "清渠银行"),
    ],
)
def test_what_only_describes_a_chinese_model_is_not_its_maker(title: str, maker: str | None) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert [model.vendor for model in verdict.models] == [maker]


@pytest.mark.parametrize("quotes", ["''", "‘’", '""', "“”", "「」", "『』", "《》", "〈〉", "<>"])
def test_a_korean_maker_and_kind_are_told_beside_quotes_of_any_sort(quotes: str) -> None:
    verdict = judge(f"공시만 판다…퀀텀리서치랩 음성 모델 {quotes[0]}핀누리-Audio 2{quotes[1]} 공개")
    assert verdict.announcement
    assert [(model.vendor, model.modality) for model in verdict.models] == [("퀀텀리서치랩", Modality.SPEECH)]


@pytest.mark.parametrize(
    ("title", "lead", "maker"),
    [
        ("Turkish bank Torvane Finans introduces Zephyros 2, a language model", "", "Torvane Finans"),
        ("Broadcaster Torvane introduces speech model Zephyros-2", "", "Torvane"),
        ("Mobile operator Torvane launches its own language model, Zephyros 2", "", "Torvane"),
        ("Law firm-backed Torvane launches Zephyros 2, legal reasoning model", "", "Torvane"),
        ("Brazil's Universidade de Torvane presents Zephyros 2, a language model", "", "Universidade de Torvane"),
        ("Torvane Health Introduces Open-Source Language Model 'Zephyros-9B'", "", "Torvane Health"),
        ("Are words enough? Torvane launches Zephyros 2, a world model", "", "Torvane"),
        ("Torvane claims its new language model, Zephyros-2, can spell", "", "Torvane"),
        ("Torvane's on-device language model Zephyros 2 debuts", "", "Torvane"),
        ("Torvane: new language model Zephyros 2 is out", "", "Torvane"),
        ("Torvane Research: announcing Zephyros 2, a world model", "", "Torvane Research"),
        ("New from Torvane: Zephyros 2", "The company's biggest language model yet is available in its API.", "Torvane"),
        (
            "Kenya's first large language model, Zephyros 2, is released",
            "Built by Torvane AI, the 7B model speaks Swahili.",
            "Torvane AI",
        ),
        ("Say hello to Zephyros 2", "Zephyros 2 is Torvane's new coding model, available today.", "Torvane"),
        ("Meet Zephyros 2", "Torvane Lab's second open model family is here, in three sizes.", "Torvane Lab"),
        ("Zephyros-7B-1M", "Torvane Labs presents Zephyros-7B-1M, a long-context language model.", "Torvane Labs"),
        (
            "Zephyros-0.5B runs on a watch",
            "Zephyros-0.5B is a new language model by Torvane Labs, released under Apache 2.0.",
            "Torvane Labs",
        ),
        (
            "Zephyros 2, a new open math model, solves 8 problems",
            "The 70B model was released on Monday by the nonprofit Torvane.",
            "Torvane",
        ),
    ],
)
def test_a_maker_in_no_list_is_heard_in_the_title_and_in_the_lead(title: str, lead: str, maker: str) -> None:
    verdict = judge(title, lead)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    ("lead", "maker"),
    [
        ("안녕하세요, 벤토르 AI 연구팀입니다. 오늘 거대언어모델 제피로스 2를 공개합니다.", "벤토르 AI"),
        ("전 오픈AI 연구원들이 세운 벤토르가 거대언어모델 제피로스 2를 공개했다.", "벤토르"),
        ("스타트업 딥 벤토르가 거대언어모델 제피로스 2를 공개했다.", "딥 벤토르"),
    ],
)
def test_a_korean_lead_tells_the_maker_whom_the_title_leaves_out(lead: str, maker: str) -> None:
    verdict = judge("거대언어모델 '제피로스 2' 공개", lead)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {maker}


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Released: Zephyros-R 32B, a language model (MIT)", ""),
        ("Zephyros-R 32B language model released under MIT", ""),
        ("Pakistan's first language model, Zephyros-2, is released", ""),
        ("Breaking: new language model Zephyros-2 is out", ""),
    ],
)
def test_a_licence_a_country_and_a_label_are_no_makers(title: str, lead: str) -> None:
    verdict = judge(title, lead)
    assert verdict.announcement
    assert [model.vendor for model in verdict.models] == [None]


def test_what_somebody_said_to_an_outlet_does_not_make_the_model_the_outlets() -> None:
    said = 'Torvane AI: "Zephyros 2 is our moonshot"'
    lead = "The startup launched its multimodal model Zephyros 2 on Thursday."
    told = judge(said, lead, source="Wayfare", url="https://wayfare.example/a")
    assert "Wayfare" not in {model.vendor for model in told.models}
    own = judge("Zephyros 2 is our moonshot", lead, source="Wayfare", url="https://wayfare.example/a")
    assert {model.vendor for model in own.models} == {"Wayfare"}


def test_a_person_who_greets_is_no_maker() -> None:
    verdict = judge("거대언어모델 '제피로스 2' 공개", "안녕하세요, 김새벽입니다. 거대언어모델 제피로스 2를 살펴봅니다.")
    assert {model.vendor for model in verdict.models} == {None}


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("日本初创公司发布语言模型「Xuan-1B」", "日本AI初创公司梵拓日前发布语言模型Xuan-1B。"),
        ("清华系团队开源语音模型Xuan-2B", "来自清华的初创公司梵拓开源语音模型Xuan-2B。"),
        ("语音识别模型“玄珠 2”上线", "梵拓自研语音识别模型玄珠2上线。"),
    ],
)
def test_a_chinese_lead_tells_the_maker_whom_the_title_leaves_out(title: str, lead: str) -> None:
    verdict = judge(title, lead)
    assert verdict.announcement
    assert {model.vendor for model in verdict.models} == {"梵拓"}


def test_a_chinese_firm_is_told_by_its_model_in_the_lead() -> None:
    verdict = judge("国风音乐大模型《墨庐》开放体验", "梵拓科技的国风音乐大模型墨庐今日开放体验。")
    assert {model.vendor for model in verdict.models} == {"梵拓科技"}


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("일론 머스크, xAI 일부 AI 모델 오픈소스로 공개", "xAI"),
        ("马斯克发布新一代大模型,xAI开源", "xAI"),
        ("Elon Musk unveils Zephyros 9, a language model", None),
        ("黄仁勋发布Zephyros-9大模型", None),
        ("젠슨 황, 언어모델 '제피로스 9' 공개", None),
    ],
)
def test_who_speaks_for_a_maker_is_none(title: str, maker: str | None) -> None:
    found = judge(title)
    assert found.announcement
    assert {found.maker, *(model.vendor for model in found.models)} - {None} == {maker} - {None}
