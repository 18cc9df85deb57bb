"""Names in no list that an earlier item announced, and their makers: what they lend, and what they do not."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch import rules
from aiwatch.detect import detect
from aiwatch.detect.learned import NOTHING, known_by
from aiwatch.judging import Listener, judge
from aiwatch.model import Detection, Document, HeardName, Item, Modality, Source, Stage, Tier

RULES = rules.load()
SOURCE = Source(id="s", url="", name="s")
LAUNCH = "Brightloom launches Zephyros 2, a language model for lawyers"


def document(title: str, key: str = "later", summary: str = "") -> Document:
    return Document(Item(id=key, source_id="s", key=key, url=None, title=title, summary=summary), SOURCE)


def after(launch: str, title: str, summary: str = "") -> Detection:
    """The word on a title where another item, of an earlier poll, was the launch."""
    listener = Listener(RULES)
    [(_, _, first)] = listener.judge([document(launch, "launch")])
    assert first.announcement, first
    [(_, _, found)] = listener.judge([document(title, summary=summary)])
    return found


def alone(title: str, summary: str = "") -> Detection:
    return judge([document(title, summary=summary)], RULES)[0]


@pytest.mark.parametrize(
    ("launch", "title", "name"),
    [
        (LAUNCH, "Zephyros 3 Pro now available", "Zephyros 3 Pro"),
        (LAUNCH, "Rivals respond as Zephyros 3 Pro arrives", "Zephyros 3 Pro"),
        (LAUNCH, "Brightloom releases Palanquin 2", "Palanquin 2"),
        ("새벽소프트, 언어 모델 '팔란퀸 2' 공개", "팔란퀸 3 출시... 더 빨라졌다", "팔란퀸 3"),
        ("青禾智能发布大模型玄珠2.0", "玄珠3.0正式上线:更快更省", "玄珠3.0"),
        (
            "Brightloom Institute launches Zephyros 2, a language model",
            "Brightloom Institute releases Palanquin 2",
            "Palanquin 2",
        ),
        ("青禾智能发布大模型玄珠2.0", "青禾智能推出流萤2.0", "流萤2.0"),
    ],
)
def test_a_name_or_a_maker_that_was_announced_is_known_from_then_on(launch: str, title: str, name: str) -> None:
    assert not alone(title).announcement
    found = after(launch, title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]
    assert not found.models[0].known


def test_a_title_that_the_lead_helps_still_knows_its_name_when_another_script_was_heard() -> None:
    title, lead = "업스테이지 Palanquin 2 Preview 공개", "업스테이지가 'Palanquin 2 Preview' 모델을 공개했습니다."
    assert alone(title, lead).announcement
    found = after("업스테이지, 언어 모델 '팔란퀸' 공개", title, lead)
    assert [model.name for model in found.models] == ["Palanquin 2 Preview"]


@pytest.mark.parametrize(
    ("launch", "title", "maker"),
    [
        ("Brightloom launches Palanquin 2, a language model for lawyers", "'팔란퀸 3' 출시... 더 빨라졌다", "Brightloom"),
        ("Brightloom launches Palanquin 2, a language model for lawyers", "「パランキン 3」が登場", "Brightloom"),
        ("새벽소프트, 언어 모델 '팔란퀸 2' 공개", "Palanquin 3 Pro now available", "새벽소프트"),
    ],
)
def test_a_name_is_known_by_its_sound_in_another_script(launch: str, title: str, maker: str) -> None:
    assert not alone(title).announcement
    found = after(launch, title)
    assert found.announcement
    assert [model.vendor for model in found.models] == [maker]


def test_a_size_is_a_second_witness_as_a_version_is() -> None:
    launch = "Brightloom launches Quiet Ember, a language model"
    assert after(launch, "Quiet Ember 34B is out").announcement
    assert not after(launch, "Quiet Ember is out of the woods").announcement


def test_its_makers_page_needs_no_other_witness_in_whatever_script_the_maker_was_told() -> None:
    listener = Listener(RULES)
    assert [
        found.announcement for _, _, found in listener.judge([document("한빛AI, 언어 모델 '새벽(Saebyeok)' 공개", "launch")])
    ] == [True]
    page = Source(id="hanbit", url="https://hanbit.example/feed", name="Hanbit", tier=Tier.PRIMARY, vendor="Hanbit AI")
    item = Item(id="own", source_id="hanbit", key="own", url="https://hanbit.example/open", title="Saebyeok is now open source")
    [(_, _, found)] = listener.judge([Document(item, page)])
    assert found.stage is Stage.OPEN_WEIGHTS


def test_two_heard_names_of_one_sound_are_neither() -> None:
    title = "'팔란퀸 3' 출시... 더 빨라졌다"
    twins = [HeardName(name=name, vendor=None, modality=Modality.TEXT, item_id=name) for name in ("Palanquin 2", "Balankwin 2")]
    assert detect(*document(title), RULES, known_by(twins, RULES)) == alone(title)
    assert detect(*document(title), RULES, known_by(twins[:1], RULES)).announcement


def test_the_evidence_names_the_item_that_told_it() -> None:
    name = next(one for one in after(LAUNCH, "Zephyros 3 Pro now available").evidence if one.rule == "name.heard")
    assert (name.matched, "in item launch" in name.why) == ("Zephyros 3 Pro", True)
    maker = next(one for one in after(LAUNCH, "Brightloom releases Palanquin 2").evidence if one.rule == "vendor")
    assert (maker.matched, "in item launch" in maker.why) == ("Brightloom", True)


def test_maker_and_kind_are_lent_to_its_versions() -> None:
    found = after("Brightloom launches Zephyros 2, a video model", "Zephyros 3 Pro now available")
    assert [(model.vendor, model.modality) for model in found.models] == [("Brightloom", Modality.VIDEO)]
    another = after("Brightloom launches Zephyros 2, a video model", "Quillon AI launches Zephyros 9 for speech")
    assert [(model.vendor, model.modality) for model in another.models] == [("Quillon AI", Modality.SPEECH)]


@pytest.mark.parametrize(
    "title",
    ["A strong zephyros 3 now available", "Zephyrosian 3 Pro now available", "Zephyros in the news", "What Zephyros costs"],
)
def test_a_word_that_is_not_the_name_or_no_news_of_it_stays_silent(title: str) -> None:
    assert not after(LAUNCH, title).announcement


def test_the_part_of_a_longer_name_is_no_maker() -> None:
    found = after("새벽소프트, 언어 모델 '팔란퀸 2' 공개", "새벽소프트웨어, 언어 모델 '미라도르 2' 공개")
    assert [model.vendor for model in found.models] != ["새벽소프트"]


def test_a_name_is_not_its_own_maker_and_who_makes_it_may_be_said_later() -> None:
    listener = Listener(RULES)
    [(_, _, first)] = listener.judge([document("Zephyros 2, a new language model for lawyers, launched", "launch")])
    assert [(one.name, one.vendor) for one in first.given] == [("Zephyros 2", None)]
    list(listener.judge([document(LAUNCH, "again")]))
    [(_, _, found)] = listener.judge([document("Zephyros 3 Pro now available")])
    assert [(model.name, model.vendor) for model in found.models] == [("Zephyros 3 Pro", "Brightloom")]


def test_an_item_is_not_its_own_witness() -> None:
    listener = Listener(RULES)
    [(_, _, first)] = listener.judge([document(LAUNCH, "launch")])
    [(_, _, again)] = listener.judge([document(LAUNCH, "launch")])
    assert first == again


def test_two_reports_of_one_poll_explain_each_other_in_any_order() -> None:
    batch = [document(LAUNCH, "launch"), document("Zephyros 3 Pro now available", "other"), document("Markets fall", "third")]
    words = [{one.item_id: one for one in judge(order, RULES)} for order in permutations(batch)]
    assert all(word == words[0] for word in words)
    assert words[0]["other"].announcement


@given(
    st.lists(
        st.sampled_from(["Brightloom", "Zephyros 3", "language model", "launches", "a", "for", "2", "'Vesper'", "공개", ","]),
        max_size=8,
    )
)
def test_names_that_stand_nowhere_change_nothing(words: list[str]) -> None:
    strangers = known_by([HeardName(name="Corvane 7", vendor="Tessellar", modality=Modality.VIDEO, item_id="x")], RULES)
    item, source = document(" ".join(words))
    assert detect(item, source, RULES, strangers) == detect(item, source, RULES, NOTHING)


@pytest.mark.parametrize("name", ["Gemini 9", "OpenAI", "large", "Pro 2", "API", "Q", "model 3", "A Word About The Future 2"])
def test_what_is_listed_or_can_be_no_name_is_not_heard(name: str) -> None:
    assert not known_by([HeardName(name=name, vendor=None, modality=Modality.TEXT, item_id="x")], RULES)


@pytest.mark.parametrize("overlay", ['[ignored]\nnames = ["Zephyros"]', '[weights]\n"name.heard" = 0'])
def test_a_person_can_say_that_it_is_none_or_turn_it_off(overlay: str) -> None:
    name = HeardName(name="Zephyros 2", vendor=None, modality=Modality.TEXT, item_id="x")
    assert known_by([name], RULES)
    assert not known_by([name], rules.load(overlay))


def test_a_family_with_versions_is_no_model_by_its_name_alone() -> None:
    plain, numbered = (
        HeardName(name=name, vendor=None, modality=Modality.TEXT, item_id=name) for name in ("Zephyros", "Zephyros 2")
    )
    for names, bare in (([plain], True), ([plain, numbered], False), ([numbered, plain], False)):
        assert known_by(names, RULES).families["zephyros"].bare is bare


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Meta rolls out Zephyros, a new AI image generator", ["Zephyros"]),
        ("Meta launches Zephyros 2.5", ["Zephyros 2.5"]),
        ("Google launches its new model for weather in 'Zephyros'", []),
    ],
)
def test_a_plain_name_is_given_where_a_model_is_called_so(title: str, names: list[str]) -> None:
    found = alone(title)
    assert found.announcement
    assert [one.name for one in found.given] == names


def test_rumours_give_names_that_have_a_version() -> None:
    models = alone(LAUNCH).models
    rumour = Detection(item_id="i", announcement=False, stage=Stage.RUMORED, models=models)
    assert [one.name for one in rumour.given] == ["Zephyros 2"]
    plain = Detection(item_id="i", announcement=False, stage=Stage.RUMORED, models=tuple(m for m in models if not m.version))
    assert plain.given == ()


@pytest.mark.parametrize(("word", "kind"), [("Canvas", "image"), ("Coder", "code"), ("Reel", "video"), ("Sonic", "speech")])
def test_the_kind_that_a_word_of_a_name_says_is_lent_to_no_other_version(word: str, kind: str) -> None:
    (later,) = after(f"Torvane launches Palaquin 2 {word}, its new {kind} AI model", "Torvane launches Palaquin 4").models
    assert (later.name, later.modality) == ("Palaquin 4", Modality.TEXT)


def test_a_maker_that_bears_the_name_of_a_family_takes_nothing_from_it() -> None:
    names = [
        HeardName(name="Nimbral 2", vendor="Zephyros", modality=Modality.VIDEO, item_id="a"),
        HeardName(name="Zephyros 3", vendor="Quillon", modality=Modality.TEXT, item_id="b"),
    ]
    found = detect(*document("Zephyros 4 is now available"), RULES, known_by(names, RULES))
    [model] = found.models
    assert (model.vendor, model.modality) == ("Quillon", Modality.TEXT)
    assert any("in item b" in evidence.why for evidence in found.evidence)


@pytest.mark.parametrize("said", ["计划", "宣布", "昨夜"])
def test_what_a_launch_is_said_with_is_heard_as_no_maker(said: str) -> None:
    listener = Listener(RULES)
    listener.judge([document(f"「织星科技」{said}发布视频模型织星2.0", "launch")])
    [(_, _, rumour)] = listener.judge([document("DeepSeek计划发布V9大模型")])
    assert (rumour.announcement, rumour.stage) == (False, Stage.RUMORED)


def test_a_name_heard_with_a_number_is_the_subject_where_the_title_calls_it_a_model() -> None:
    """Another heard name in the lead is whose makers it is by, and no more."""
    listener = Listener(RULES)
    heard = ["青空研究所、画像生成AI「Zephyros 2」を公開", "架空工房、画像生成AI「Palanquor」を公開"]
    listener.judge([document(title, str(at)) for at, title in enumerate(heard)])
    title, lead = (
        "実写のような画像生成AI「Zephyros [raw]」が登場",
        "画像生成AI「Palanquor」の開発陣による実写のような一枚が作れる。",
    )
    [(_, _, found)] = listener.judge([document(title, summary=lead)])
    assert found.announcement
    assert [model.name for model in found.models] == ["Zephyros [raw]"]
