"""English titles: whose model it is, what is only touched on, what is still to come, and names that a list cannot hold."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Stage, Tier


@pytest.mark.parametrize(
    ("title", "name", "vendor"),
    [
        ("Recraft unveils Recraft V9", "Recraft V9", "Recraft"),  # listed by its versions up to 4
        ("Wayve introduces GAIA-9, a world model for driving", "GAIA-9", "Wayve"),
        ("Lightricks releases LTX-7.5", "LTX-7.5", "Lightricks"),
        ("OpenAI Launches GPT-9 Mini in the API", "GPT-9 Mini", "OpenAI"),
        ("Quillworks launches Heron-2, an LLM trained on court rulings", "Heron-2", "Quillworks"),
        ("Google's Gemini 9 Flash is here", "Gemini 9 Flash", "Google"),
    ],
)
def test_the_next_version_and_the_unknown_are_named_with_their_maker(title: str, name: str, vendor: str) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert [(model.name, model.vendor) for model in found.models] == [(name, vendor)]


@pytest.mark.parametrize(
    "title",
    [
        "Anthropic announces a new language model",
        "Cohere releases an open-weights model for translation",
        "Meta debuts its first reasoning model",
    ],
)
def test_a_model_without_a_name_is_told_of_by_its_maker(title: str) -> None:
    found = judge(title)
    assert found.announcement
    assert found.models == ()
    assert found.maker == title.split(maxsplit=1)[0]
    assert any(evidence.rule == "nameless" for evidence in found.evidence)


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("OpenAI plans to release GPT-9 next month", Stage.RUMORED),
        ("Meta is training Llama 9, sources say", Stage.RUMORED),
        ("Google testing 'Gemini 9 Ultra' internally, sources say", Stage.RUMORED),
        ("Leak suggests Anthropic is testing Claude Opus 9 internally", Stage.RUMORED),
        ("Nvidia reportedly training a 5-trillion-parameter Nemotron", Stage.RUMORED),
        ("Pull request in transformers suggests Gemma 9 is near", Stage.RUMORED),
        ("We tested GPT-9 on the bar exam", Stage.NONE),
        ("xAI misses promised June release for Grok 9", Stage.RUMORED),
        ("Leaked Mistral slides point to Mistral Large 9 launch in early autumn", Stage.RUMORED),
        ("Court filing reveals Gemini 9 release window", Stage.RUMORED),
        ("Google mistakenly posts Gemini 9 model card", Stage.RUMORED),
        ("Mistral publishes Mistral Large 9 by accident", Stage.RUMORED),
        ("미스트랄, '미스트랄 라지 9' 실수로 게시", Stage.RUMORED),
        ("Google、「Gemini 9」を手違いで公開", Stage.RUMORED),
        ("Google 不小心上传了 Gemini 9", Stage.RUMORED),
        ("Google launches Gemini 9, which inadvertently flatters its users", Stage.RELEASED),
        ("Pichai says Gemini 9 launches this spring", Stage.RUMORED),
        ("Google is thought to be preparing Gemini 9", Stage.RUMORED),
        ("Anthropic reportedly testing Claude Opus 9 with banks", Stage.RUMORED),
        ("Testing Claude Opus 9 with a class of nurses", Stage.NONE),
        ("OpenAI to retire GPT-4 in May", Stage.DEPRECATED),
        ("Anthropic is retiring Claude Opus 4 and Claude Sonnet 4 next month", Stage.DEPRECATED),
        ("Anthropic launches Claude Opus 9 and retires Claude Opus 4 next month", Stage.RELEASED),
        ("Anthropic launches Claude Opus 9 and will open an office in Oslo next month", Stage.RELEASED),
        ("Anthropic launches Claude Opus 9 for schools next month", Stage.RUMORED),
        ("OpenAI launches GPT-9, shares slip", Stage.RELEASED),
        ("Meta opens the weights of Llama 9", Stage.OPEN_WEIGHTS),
        ("Google opens Gemini 9 to testers in a limited preview", Stage.PREVIEW),
    ],
)
def test_the_stage_is_what_the_title_says(title: str, stage: Stage) -> None:
    assert judge(title).stage is stage


def test_what_follows_the_announcement_does_not_undo_it() -> None:
    """Prices, comparisons and opinions after the object are asides; the same words in the announcing clause are not."""
    aside = judge("Google launches Gemini 9, and lawyers have questions")
    topic = judge("Lawyers have questions about Gemini 9")
    assert aside.announcement
    assert not topic.announcement


def test_a_name_of_the_title_is_known_again_in_the_lead() -> None:
    found = judge("Introducing Heronette", "Heronette is our first open language model.", url="https://quillworks.example/blog/a")
    assert [model.name for model in found.models] == ["Heronette"]


def test_a_hub_lets_other_makers_speak_and_a_cloud_does_not() -> None:
    """On Hugging Face's pages a maker speaks for itself; a cloud that adds a model resells it."""
    hub = judge("Heron-2-7B: an open language model", url="https://huggingface.co/blog/quillworks/heron", source="Hugging Face")
    cloud = judge("Claude Opus 9 is now available", url="https://www.together.ai/blog/opus", source="Together AI")
    assert any(evidence.rule == "source.primary" for evidence in hub.evidence)
    assert any(evidence.rule == "source.reseller" for evidence in cloud.evidence)


@pytest.mark.parametrize("packed", ["GGUF", "AWQ", "FP8", "NVFP4", "4bit"])
def test_a_copy_that_is_packed_otherwise_is_no_model_of_its_own(packed: str) -> None:
    copy = judge(f"quillworks/Qwen9-8B-Instruct-{packed}", url="https://huggingface.co/quillworks/copy", source="Hugging Face")
    assert judge("quillworks/Qwen9-8B-Instruct", url="https://huggingface.co/quillworks/it", source="Hugging Face").announcement
    assert not copy.announcement


@pytest.mark.parametrize(
    "title",
    [
        "China's XPeng unveils new EV model with its own AI chip",
        "LG, 차량용 OLED 신모델 공개",
        "パナソニック、炊飯器の新モデルを発表 AIが銘柄を判定",
    ],
)
def test_a_new_model_of_goods_is_no_unnamed_model_of_ai(title: str) -> None:
    assert not judge(title).announcement
    assert judge("LG, 차량용 언어모델 공개").announcement


def test_rules_for_chinese_are_silent_without_chinese_characters() -> None:
    found = judge("Introducing GPT-9, our new language model; faster; cheaper")
    assert found.announcement
    assert not any(".zh." in evidence.rule for evidence in found.evidence)


@pytest.mark.parametrize(
    ("title", "summary", "names"),
    [
        ("ByteDance releases new video model", "Seedance 9 keeps its characters consistent.", ["Seedance 9"]),
        ("Mistral launches new OCR model", "It is twice as fast as the last one.", []),
        ("Sakana AI introduces a new language model", "The startup calls it Namazu-9.", ["Namazu-9"]),
        ("Cohere releases new translation model", "It beats GPT-9 in tests.", []),
        ("Mistral open-sources a new model", "Small as it is, this one is called Merganser, and it finds names.", ["Merganser"]),
        ("모레, 한국어 LLM 공개", "모레가 거대 언어 모델 (LLM) 인 Merganser-102B를 내놨다.", ["Merganser-102B"]),
        ("银河通用发布具身大模型", "新模型名为Merganser 3。", ["Merganser 3"]),
    ],
)
def test_the_lead_gives_the_name_that_the_title_keeps_back(title: str, summary: str, names: list[str]) -> None:
    found = judge(title, summary)
    assert found.announcement
    assert [model.name for model in found.models] == names
    assert (found.maker is None) == bool(names)


def test_a_clever_title_is_heard_where_the_lead_tells_the_launch() -> None:
    found = judge("OpenAI's newest creation remembers everything", "OpenAI released GPT-9 on Monday to all users.")
    assert found.announcement
    assert [model.name for model in found.models] == ["GPT-9"]


@pytest.mark.parametrize(
    ("title", "out"),
    [
        ("The weights of Merganser 2.5 are out", True),
        ("Weights for Merganser 2.5 can be downloaded", True),
        ("We are publishing the weights of Merganser 2.5", True),
        ("The weights of Merganser 2.5 are 40 GB", False),
        ("The weights of Merganser 2.5 are not available", False),
        ("The weights of Merganser 2.5 may leak", False),
    ],
)
def test_what_has_weights_is_a_model_and_is_open_where_they_are_there(title: str, out: bool) -> None:
    found = judge(title)
    assert found.announcement is out
    assert (found.stage is Stage.OPEN_WEIGHTS) is out


def test_weights_on_a_hub_are_out_and_a_cloud_only_hosts_them() -> None:
    hub, cloud = judge("GPT-9 is now available on Hugging Face"), judge("GPT-9 is now available on Together AI")
    assert (hub.announcement, cloud.announcement) == (True, False)


def test_in_a_community_a_model_that_does_something_is_no_launch_yet() -> None:
    title = "Claude Opus 9 uncovers 500 flaws in old code"
    forum = judge(title, tier=Tier.COMMUNITY)
    assert "title.claims" in {one.rule for one in judge(title).evidence}
    assert "title.claims" not in {one.rule for one in forum.evidence}
    assert judge("Claude Opus 9 is out", tier=Tier.COMMUNITY).announcement


def test_access_that_is_lost_or_had_is_no_launch_and_a_policy_model_is_no_policy() -> None:
    assert not judge("Developers lose access to GPT-9").announcement
    assert not judge("Startups with access to GPT-9 raise more").announcement
    found = judge("Nimbus Robotics ships second-generation policy model for warehouse arms")
    assert "not.en.object-product" not in {one.rule for one in found.evidence}


@pytest.mark.parametrize(
    "title",
    [
        "Meta Superintelligence Labs debuts Palaquin, its first closed model",
        "SSI breaks its silence with Palaquin, a model that learns on the job",
    ],
)
def test_a_lab_s_first_model_is_heard_by_what_it_is_called(title: str) -> None:
    verdict = judge(title)
    assert verdict.announcement
    assert [model.name for model in verdict.models] == ["Palaquin"]


@pytest.mark.parametrize(
    "title",
    [
        "Has Xiaomi open-sourced MiMo-V9?",
        "Should Microsoft unveil MAI-9, its first frontier model trained without OpenAI?",
        "What if Meta launches Llama 9",
        "Xiaomi won't open-source MiMo-V9",
        "MiniMax says it won't unveil music model that sings in Cantonese",
        "OpenAI denies it has released GPT-9",
        "A year since OpenAI launched GPT-9",
        "OpenAI's GPT-9: everything we know so far",
        "Analysts: OpenAI's GPT-9 is a threat to Nvidia",
        "Alibaba's Qwen9 tops leaderboard",
    ],
)
def test_what_is_asked_denied_or_judged_is_not_launched(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    "title",
    [
        "OpenAI launches GPT-9 tomorrow",
        "Anthropic rolls out Claude Opus 9 next week",
        "Microsoft is said to unveil MAI-9, its first frontier model, soon",
        "xAI is ready to launch Grok 9",
        "Meta urged to release Llama 9",
        "Upstage to roll out Solar Pro 9 for enterprise customers",
        "Rumor: Meta adds Llama 9",
        "Meta may release Llama 9 this week",
    ],
)
def test_what_lies_ahead_is_a_rumour(title: str) -> None:
    assert (judge(title).announcement, judge(title).stage) == (False, Stage.RUMORED)


@pytest.mark.parametrize(
    "title",
    [
        "OpenAI launches GPT-9 this week",
        "OpenAI launches GPT-9, opens its weights next week",
        "Anthropic unveils Claude Opus 9 and won't release the model publicly",
        "Can a phone think? Google launches Gemini 9 Nano",
        "OpenAI launches GPT-9: what we know so far",
    ],
)
def test_what_stands_beside_a_launch_neither_asks_nor_denies_it(title: str) -> None:
    assert judge(title).announcement


@pytest.mark.parametrize(
    "title",
    [
        "Kuaishou's Kling 9.0 is now live with real-time video generation",
        "Voyage AI's voyage-9-large is now live for legal retrieval",
        "Heron-7B, from Brightwater AI, is here",
        "OpenAI brings out GPT-9 with longer memory",
        "OpenAI pulls the wraps off GPT-9",
        "OpenAI begins rollout of GPT-9",
    ],
)
def test_a_launch_is_one_by_every_verb_of_its_class(title: str) -> None:
    assert judge(title).announcement


@pytest.mark.parametrize(
    "title", ["GPT-9 is now live on Nimbo", "GPT-9 is available with Copilot", "Google brings Veo 9 to film makers"]
)
def test_one_more_channel_is_none(title: str) -> None:
    assert not judge(title).announcement


def test_several_open_a_model_with_a_verb_that_is_elsewhere_an_adjective() -> None:
    assert judge("OpenAI and Torvane open-source GPT-9, which folds proteins").announcement
    assert not judge("OpenAI and open-source GPT-9 clones").announcement


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Mistral raises $100M and launches Voxtral 9", True),
        ("Mistral acquires Torvane, and unveils Voxtral 9", True),
        ("Mistral raises $100M after Voxtral 9", False),
        ("Mistral launches Voxtral 9 price cuts and raises $100M", False),
    ],
)
def test_money_beside_a_second_verb_that_launches_is_only_touched_on(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Musk's xAI unveils Grok 9 chatbot, claims it tops rivals", True),
        ("Anthropic launches its new Claude 9 AI assistant", True),
        ("Startup launches Claude 9 chatbot for lawyers", False),
        ("Turkey blocks Grok 9 chatbot", False),
        ("xAI launches a Grok 9 chatbot for kids", False),
        ("Microsoft launches GPT-9 chatbot", False),
        ("Microsoft launches GPT-9 model", False),
    ],
)
def test_what_a_newspaper_calls_a_chatbot_is_the_model_that_its_maker_launches(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(("title", "told"), [("NVIDIA Nemotron 9 Palaquin", True), ("NVIDIA Nemotron 9 Roadmap", False)])
def test_a_makers_title_of_its_name_and_a_new_member_is_a_launch_and_of_a_document_is_none(title: str, told: bool) -> None:
    assert judge(title, tier=Tier.PRIMARY, vendor="NVIDIA").announcement is told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Anthropic claims its new AI models beat GPT-9", True),
        ("Microsoft researchers say they've developed a small AI model that runs on CPUs", True),
        ("Microsoft researchers say the model fails in tests", False),
        ("Alibaba releases an 'open' challenger to OpenAI's GPT-9 model", True),
        ("Alibaba releases an app to challenge GPT-9", False),
        ("Meta says its new Movie Gen AI can make realistic video with sound", True),
        ("Pika 9.0 launches in wake of Sora, with your own characters", True),
        ("Pika 9.0 launches in Washington", False),
        ("Baidu unveils Ernie, the Chinese answer to ChatGPT", True),
    ],
)
def test_newspapers_tell_a_launch_by_what_it_beats_or_answers(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("GPT-9 launch: users complain about the loss of GPT-8", False),
        ("GPT-9 launches with a long memory", True),
        ("Google is rolling out Gemini 9 Pro to free users", False),
        ("OpenAI's GPT-9 may be less aligned than the company's previous AI models", False),
        ("Adobe Firefly gets a new video model", True),
        ("Mistral closes in on rivals with new open-weight frontier and small models", True),
    ],
)
def test_a_launch_that_is_only_spoken_of_is_none(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    ("title", "stage"),
    [
        ("Excited to launch Gemma 9: the best open models for their size", Stage.OPEN_WEIGHTS),
        ("Thrilled to announce GPT-9!", Stage.RELEASED),
        ("OpenAI to launch GPT-9", Stage.RUMORED),
        ("ChatGPT maker releases GPT-9", Stage.RELEASED),
        ("ChatGPT maker to release GPT-9", Stage.RUMORED),
    ],
)
def test_who_is_glad_to_launch_has_launched(title: str, stage: Stage) -> None:
    assert judge(title).stage is stage


@pytest.mark.parametrize(
    "title",
    [
        "GPT-OSS-9 is here on Ollama, at day 0",
        "Qwen9 is now on Ollama's cloud",
        "Try it here today! Qwen9: torvane.example/models",
        "ollama launch torva --model qwen9:cloud",
        "Kimi K9 is now open-weight #1 on a finance benchmark",
        "OpenAI's GPT-Image-9 can now draw without a background",
        "Gemma 9 gets a stealth update that mends tool calls",
    ],
)
def test_a_host_a_pointer_and_what_a_known_model_does_are_none(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Google releases Gemini 9 Argon with a long memory", "Gemini 9 Argon"),
        ("Google releases Gemini 9 Tuesday", "Gemini 9"),
    ],
)
def test_a_new_word_behind_the_version_is_of_the_name_and_a_weekday_is_none(title: str, name: str) -> None:
    assert [model.name for model in judge(title).models] == [name]


@pytest.mark.parametrize(
    "title",
    [
        "OpenAI just open sourced a new 1.5B (50m active) model",
        "Anthropic launches Claude Opus 9: Benchmarks, pricing, safety",
        "Meet Nemotron 9 Nano Omni, the latest addition to the Nemotron family",
    ],
)
def test_what_stands_beside_a_launch_does_not_hide_it(title: str) -> None:
    assert judge(title).announcement


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("This is GPT-9 Astra.", ["GPT-9 Astra"]),
        ("new open-source Torvane models are out", ["Torvane"]),
        ("We announce the release of TORVANE, a first-of-its-kind language model", ["TORVANE"]),
        ("Halden introduces Torvane, a state of the art reasoning model", ["Torvane"]),
    ],
)
def test_a_launch_in_a_post_is_named(title: str, names: list[str]) -> None:
    found = judge(title)
    assert found.announcement, found.score
    assert [model.name for model in found.models] == names


@pytest.mark.parametrize(
    ("title", "summary", "stage"),
    [
        (
            "NVIDIA's Nemotron 9 aims for a trillion parameters",
            "NVIDIA is working on Nemotron 9, a new open-weight model.",
            Stage.RUMORED,
        ),
        ("What Nemotron 9 means for Europe", "NVIDIA is training Nemotron 9, its most powerful open model yet.", Stage.RUMORED),
        ("OpenAI launches GPT-9", "OpenAI is training GPT-10, its next model.", Stage.RELEASED),
        ("Google's Gemini 9 Flash targets coding", "Google is rolling out Gemini 9 Flash, a new model.", Stage.RELEASED),
    ],
)
def test_a_model_that_is_still_worked_on_is_none_yet(title: str, summary: str, stage: Stage) -> None:
    assert judge(title, summary).stage is stage


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Grok 9 Voice delivers the most human-like speech", False),
        ("Introducing Grok 9 Voice. It delivers the most human-like speech", True),
        ("We keep the price of Grok 9. We launched Grok 9 in June.", False),
    ],
)
def test_on_its_maker_s_account_a_model_is_praised_every_day(title: str, told: bool) -> None:
    assert judge(title, url="https://x.com/xai/status/1").announcement is told
