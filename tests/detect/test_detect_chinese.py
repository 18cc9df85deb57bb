"""Chinese titles: written without blanks, quotes that stress, a word for model that heads its phrase or another's."""

from __future__ import annotations

import pytest
from headlines import judge

from aiwatch.model import Stage


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("OpenAI发布GPT-7.5Instant,取代前代", ["GPT-7.5 Instant"]),
        ("智谱发布GLM-7. 1 模型", ["GLM-7.1"]),
        ("美团LongCat-Video-Zephyr开源", ["LongCat-Video-Zephyr"]),
        ("阿里发布语音翻译模型 Qwen9-LiveZephyr", ["Qwen9-LiveZephyr"]),
        ("网易有道发布子曰推理模型 9.0", ["Ziyue 9.0"]),
        ("商汤发布日日新 SenseNova 9 Flash", ["SenseNova 9 Flash"]),
        ("某公司开源轻量多模态模型 Zephyros", ["Zephyros"]),
        ("某公司发布玄珠大模型", ["玄珠"]),
        ("火山引擎发布豆包Seedance 9视频模型", ["Seedance 9"]),  # the line's name is whose it is
        ("刚刚,ClaudeOpus 9来了,半价", ["Claude Opus 9"]),  # grown together
        ("Meta押注超级智能,MuseSpark横空出世", ["Muse Spark"]),
        ("华为 openPangu-9.0-Pro 模型及技术报告开源上线", ["openPangu-9.0-Pro"]),
        ("国内首个古籍大模型“墨庐”在京发布", ["墨庐"]),
        ("自研多模态大模型“墨庐”同步发布", ["墨庐"]),
        ("国产首个气象大模型《墨庐》亮相", ["墨庐"]),
        ("梵拓科技携手海洋研究所推出海洋大模型“墨庐 2.0”", ["墨庐 2.0"]),
        ("“墨庐”低空大模型亮相珠海航展", ["墨庐"]),
        ("梵拓AI甩出王炸:视频模型“墨庐”免费开放", ["墨庐"]),
        ("墨庐V4音乐大模型正式上线", ["墨庐V4"]),
        ("让Sora坐不住了——梵拓科技发布视频模型“墨庐-Cine”", ["墨庐-Cine"]),
        ("梵拓科技发布金融大模型墨庐-Fin 70B", ["墨庐-Fin 70B"]),
    ],
)
def test_a_name_is_read_whole(title: str, names: list[str]) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name.removeprefix("日日新 ") for model in found.models] == names


@pytest.mark.parametrize(
    ("title", "rumoured"),
    [
        ("OpenAI拟下周推出GPT-8", True),
        ("Anthropic 新模型意外泄露:性能翻倍", True),
        ("DeepSeek V9 下月上线将引入峰谷定价", True),
        ("OpenAI:ChatGPT 9.4到来的时间将比你们想象的更快", True),
        ("字节暂停 Seedance 9.0 全球发布", True),
        ("某新车谍照曝光:命名 MX07", False),
        ("OpenAI回应攻击:未发现用户数据泄露", False),
        ("某银行将于本月使用GPT-7", False),
    ],
)
def test_a_rumour_is_a_launch_that_is_hedged(title: str, rumoured: bool) -> None:
    assert (judge(title).stage.value == "rumored") == rumoured


@pytest.mark.parametrize(
    "title",
    [
        "消息称 Meta 推迟 GPT-9 模型发布",
        "Anthropic 泄露未发布模型 Claude Opus 9",
        "视频模型 Sora 9 将于 4 月 27 日开放测试",
    ],
)
def test_a_launch_put_off_leaked_or_dated_is_a_rumour(title: str) -> None:
    assert judge(title).stage is Stage.RUMORED


def test_a_chinese_lead_that_calls_it_a_tool_speaks_against_it() -> None:
    title = "某实验室开源 Zephyr-9,支持图文"
    tool = judge(title, "某实验室正式开源了统一RAG框架 **Zephyr-9**。")
    model = judge(title, "某实验室正式开源了多模态模型 **Zephyr-9**。")
    assert tool.score < judge(title).score < model.score


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("刚刚，Palaquin Opus 4.8来了，两个史上首次", True),  # a version with a point and a model's tier: nothing else has both
        ("Palaquin 3.5 Flash发布，高效处理任务新选择", True),
        ("阿里正式发布Palaquin3.7-Plus，视觉全方位蜕变", True),  # beside a vendor a version with a point is enough
        ("Palaquin 3.5 发布", False),
        ("Palaquin 17 Ultra发布：影像再升级", False),
        ("Opus 1.7 发布：音频编码延迟更低", False),  # the tier's word is its whole name
    ],
)
def test_a_version_and_a_tier_say_that_a_new_name_is_a_models(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    "title",
    [
        "传DeepSeek V9已完成预训练，或全程使用国产算力",
        "DeepSeek V9推送在即？官方：还要再等等",
        "知情人士：文心9.5或于Create大会揭晓",
        "xAI 延後 Grok 9？馬斯克改口「夏天前」",
    ],
)
def test_what_is_only_heard_of_is_a_rumour(title: str) -> None:
    assert judge(title).stage is Stage.RUMORED


@pytest.mark.parametrize(
    ("title", "vendor"),
    [
        ("拾贝银行上线自研大模型“一招灵”，首个面向信贷的推理模型", "拾贝银行"),
        ("嘉義新創「木聲」推 AI 作曲模型 Palaquin", "木聲"),
        ("OpenAI宣布推出新一代模型GPT-9，向Plus、Pro及企业用户开放", "OpenAI"),  # to whom is no news of its own
    ],
)
def test_a_chinese_title_says_whose_it_is(title: str, vendor: str) -> None:
    found = judge(title)
    assert [model.vendor for model in found.models] == [vendor]
    assert found.announcement


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("DeepSeekV9震撼发布", "DeepSeekV9"),
        ("月之暗面开源KimiK9模型", "KimiK9"),
        ("Midjourney V19开启测试：速度提升", "Midjourney V19"),
    ],
)
def test_a_version_may_be_grown_onto_a_name_and_a_launch_be_called_a_test(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize(
    ("title", "summary"),
    [
        ("潮屿科技获源码资本投资,同步推出首个实时世界模型Tidal-W9", ""),
        ("玄珠 AI 音乐模型 Luming 9 开启内测", ""),
        ("参数只有0.6B,却能听懂26种方言:声盒科技SoundBox-Mini开源", ""),
        ("MiniMax推出MiniMax M9,官方称首个愿意承认自己不会的模型", ""),
        ("小米集团发布 TuringViT,宣称重构视觉大模型训练范式", ""),
    ],
)
def test_what_is_told_beside_it_does_not_hide_the_launch(title: str, summary: str) -> None:
    assert judge(title, summary).announcement


def test_parameters_that_a_machine_can_run_are_not_its_own() -> None:
    assert not judge("技嘉推出“AI TOP”桌面生态系统:含三款台式整机,至高可运行 405B 参数大语言模型").announcement


@pytest.mark.parametrize(
    "title", ["月之暗面取消发布Kimi K9", "快手可灵9.0尚未发布", "GPT-9为何不开源", "智谱GLM-9取消发布", "DeepSeek-V9不会开源"]
)
def test_what_is_not_launched_is_told_so_on_either_side_of_the_model(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize("title", ["智谱发布GLM-9，但不会开源", "阿里Wan 9.0登场，但这次没有开源"])
def test_a_launch_whose_weights_are_kept_is_one(title: str) -> None:
    assert judge(title).announcement


@pytest.mark.parametrize(
    "title",
    [
        "信通院发布人工智能大模型《评测规范》",
        "工信部发布大模型《管理办法》",
        "大模型“百团大战”在沪上演",
        "与阿里云合作推出Qwen9大模型一体机",
        "梵拓科技携手阿里云推出大模型“普惠计划”",
        "梵拓科技联合华为发布大模型“一体机”",
        "让GPT-9都慌了：梵拓科技完成融资",
    ],
)
def test_a_document_a_slogan_and_a_deal_launch_nothing(title: str) -> None:
    assert not judge(title).announcement


def test_a_blank_that_one_field_leaves_out_parts_no_name() -> None:
    found = judge("梵拓“墨庐 Pro”内测开启：一句话拍短剧", "梵拓开启视频大模型墨庐Pro内测。")
    assert (found.announcement, found.stage) == (True, Stage.PREVIEW)
    assert [(model.name, model.vendor) for model in found.models] == [("墨庐 Pro", "梵拓")]


def test_a_trade_is_no_name_and_a_kind_of_robot_no_maker() -> None:
    found = judge("我国自主研发海洋大模型“墨庐一号”发布", "梵拓集团发布海洋大模型。")
    assert [model.name for model in found.models] == ["墨庐一号"]
    found = judge("刚刚,通用机器人基座模型Zephyros-Limb开源")
    assert {model.vendor for model in found.models} == {None}


@pytest.mark.parametrize("maker", ["阿联酋K42", "K42"])
def test_who_puts_out_what_is_called_a_model_is_none_itself(maker: str) -> None:
    assert [model.name for model in judge(f"{maker}发布大模型Zephyros-3").models] == ["Zephyros-3"]


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("青石电网发布玄珠电力大模型2.0", "青石电网"),
        ("国家海洋中心发布赤潮预测大模型", "国家海洋中心"),
        ("中国青石推出千亿参数勘探大模型V3.0,覆盖全国", "中国青石"),
        ("青石大学开源首批古籍大模型", "青石大学"),
        ("华为发布VLA护航大模型,同步上车", "Huawei"),
        ("中国移动发布玄珠基础大模型3.0", "China Mobile"),
    ],
)
def test_a_body_in_no_list_reveals_a_model_of_its_field(title: str, maker: str) -> None:
    found = judge(title)
    assert found.announcement
    assert (found.maker, found.models) == (maker, ())


@pytest.mark.parametrize(
    "title",
    [
        "青石部发布大模型应用指南",
        "青石银行上线DeepSeek大模型,赋能百余个场景",
        "青石研究院发布大模型基准测试体系3.0",
        "青石大学推出大模型课程,面向全校开放",
        "青石电网推出大模型一体机",
        "青石证券发布大模型行业研报:看好应用端",
        "青石汽车发布M9新车型",
    ],
)
def test_what_a_body_says_of_models_is_no_launch(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    ("title", "name"),
    [("华为发布“墨庐大模型”，面向K12教育", "墨庐大模型"), ("青石研究院发布“墨庐大模型3.0”", "墨庐大模型3.0")],
)
def test_a_quoted_name_that_ends_in_the_word_for_model_is_called_one(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


def test_whose_new_model_it_is_does_not_say_that_it_is_out() -> None:
    """A title that begins with whose new model it is, and goes on that it will come, launches nothing; one that launches it does."""
    assert judge("腾讯新一代大模型Hy9将发布,将用于办公").stage is Stage.RUMORED
    assert judge("腾讯发布新一代大模型Hy9,将用于办公").announcement


def test_what_is_told_behind_the_first_model_of_its_kind_is_beside_it() -> None:
    """A maker that is not told announces it all the same: the chips that it needs are another clause's."""
    assert judge("我国首个开源水稻大模型3. 0 版发布,芯片成本更低").announcement
    assert not judge("我国首个水稻大模型芯片发布").announcement


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("快手发布可灵大模型", True),
        ("华为盘古大模型开源", True),
        ("百度发布文心大模型白皮书", False),
        ("字节跳动豆包大模型发布会举行", False),
    ],
)
def test_a_line_whose_name_ends_in_the_word_for_model_is_a_model(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("智谱推出超低延迟语音模型 GLM-9", True),
        ("OpenAI 延迟发布新模型 GPT-9", False),
        ("Anthropic推出面向银行的低限制AI模型", True),
        ("Anthropic限制AI模型生成人脸", False),
        ("谷歌发布机器人基准模型 Zephyros", True),
        ("谷歌发布机器人基准 Zephyros", False),
        ("AI进农田,青石农业大学发布水稻大模型2.0", True),
        ("青石农业大学发布水稻大模型评测基准", False),
    ],
)
def test_a_warning_within_what_describes_the_model_is_none(title: str, told: bool) -> None:
    """Low latency is no delay, few limits are no ban, and a model that is a baseline is one."""
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("青石智能携大模型亮相WAIC,签约三十家客户", False),
        ("梵拓科技亮相CES 2031 展示端侧大模型方案", False),
        ("墨庐科技首秀 NeurIPS 2031,分享大模型训练经验", False),
        ("GPT-9亮相WWDC31", True),
        ("梵拓科技在WAIC 2031发布端侧大模型 Zephyros-7B", True),
    ],
)
def test_a_fair_is_no_model_that_is_shown(title: str, told: bool) -> None:
    assert judge(title).announcement is told
    assert not any("WAIC" in model.name for model in judge(title).models)


@pytest.mark.parametrize("title", ["字节暂停 Seedance 9.0 视频生成器海外发布", "OpenAI因GPT-9模型的生物能力而推迟其上线"])
def test_a_launch_that_is_put_off_is_a_rumour(title: str) -> None:
    assert judge(title).stage is Stage.RUMORED


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("零一万物开源 Yi-9-34B 模型 SFT 训练数据", False),
        ("零一万物开源 Yi-9-34B 模型及训练数据", True),
        ("上海AI实验室开源 InternVL-9 多模态推理训练框架", False),
        ("百度发布文心 9.0 模型提示词最佳实践", False),
        ("百度发布文心 9.0 模型,附最佳实践", True),
        ("Mistral 推出 Mistral Coding Plan", False),
        ("Gemini 9 Pro 推出超长上下文功能", False),
        ("xAI 宣布 Grok 2M 上下文正式开放", False),
        ("xAI 发布 Grok 9,支持 2M 上下文", True),
        ("MiniMax 修改 M9 商用授权条款", False),
        ("墨庐团队发布 Zephyros-7,这是一个开源检索系统", False),
        ("谷歌云限时免费提供 Qwen 9 模型", False),
        ("OpenCode 宣布 GPT-9 再次免费开放", False),
        ("GLM-9 的发布引发了热议,多家公司宣布接入", False),
        ("寒武纪适配智谱最新模型", False),
        ("GLM-9首日可用:某社区共享开放生态", False),
        ("周总谈推理模型DeepSeek R9:未必能持久", False),
        ("百度组织架构再调整,两支大模型团队合并", False),
    ],
)
def test_what_is_made_for_a_model_or_said_of_it_is_no_launch(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    ("title", "lead", "told"),
    [
        ("某平台限时免费,开发者可用", "某平台宣布,由阿里推出的 Qwen 9 模型现已在平台免费开放。", False),
        ("Anthropic 启动某安全倡议", "双方利用未向公众开放的 Claude Foo 9 模型扫描开源系统。", False),
        ("GPT-4时代终结!大模型易主", "就在刚刚,榜首换人!Anthropic发布的Claude 9系列模型实现了超越。", True),
    ],
)
def test_a_lead_that_speaks_of_a_model_that_was_released_tells_of_it_where_that_is_news(
    title: str, lead: str, told: bool
) -> None:
    assert judge(title, lead).announcement is told


@pytest.mark.parametrize(
    ("title", "lead", "step"),
    [
        ("智谱发布 GLM-9 模型", "", Stage.RELEASED),
        ("智谱开源 GLM-9 模型", "", Stage.OPEN_WEIGHTS),
        ("智谱发布 GLM-9 模型", "模型权重已上传。", Stage.OPEN_WEIGHTS),
        ("智谱发布 GLM-9 模型", "GLM-9 已上线,后续将开源其他尺寸。", Stage.RELEASED),
        ("智谱发布并开源 GLM-9 模型", "GLM-9 已上线,后续将开源其他尺寸。", Stage.OPEN_WEIGHTS),
        ("OpenAI 发布 GPT-9", "GPT-9 能检测开源项目的漏洞。", Stage.RELEASED),
        ("Llama 9 发布了", "", Stage.OPEN_WEIGHTS),  # a line that is weights alone
    ],
)
def test_a_report_in_chinese_says_where_weights_are_out(title: str, lead: str, step: Stage) -> None:
    assert judge(title, lead).stage is step


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("阶跃星辰 Step 9 三连发:语音、视觉、推理全都有", True),
        ("Suno 开启 V9 模型公开测试,音质更好", True),
        ("OpenAI 开启 GPT-9 内部测试", False),
        ("Google 在 AI Studio 发布了支持图片与语音输入的两款新模型", True),
        ("Google 在 AI Studio 发布了支持团队协作的模型管理工具", False),
        ("Qwen9-Preview 已上线 Qwen Chat", True),
        ("DeepSeek V9 上线 Qwen Chat", False),
        ("JetBrains 推出 Copilot-ZWE 模型", True),
        ("JetBrains 推出 Copilot-ZWE 套餐", False),
        ("OpenAI 发布新版 ChatGPT Images(GPT-Image-9)", True),
        ("OpenAI 发布新版 ChatGPT(桌面端)", False),
        ("OpenRouter 上架三款隐身模型", True),
        ("OpenRouter 上架三款模型", False),
        ("昆仑万维于5月1日发布了号称最快的音乐模型,Mureka O9 (测试版),支持多轮编辑", True),
        ("某公司团队发布了一款名为 Zephyros-7B 的新型笔记理解模型,它很小", True),
        ("某公司团队发布了一款名为 Zephyros 的新型笔记应用,它很小", False),
        ("快手近日上线了全新的可图9.0模型", True),
        ("智谱家族迎来新成员GLM-9-Air", True),
        ("美团 LongCat 家族迎来新成员 LongCat-Video-9", True),
        ("智谱团队迎来新成员,前谷歌科学家加盟", False),
        ("AMD发布了全新的Zephyros AI机架系统", False),
    ],
)
def test_launches_in_uncommon_frames_are_told_from_what_is_like_them(title: str, told: bool) -> None:
    assert judge(title).announcement is told


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("百度的豆包大模型家族迎来新成员 9.5-vision,会动手", "Doubao 9.5-vision"),
        ("快手近日上线了全新的可图9.0模型", "Kolors 9.0"),
        ("GitHub 推出 Copilot-ZWE 模型", "Copilot-ZWE"),
    ],
)
def test_names_in_these_frames_are_whole(title: str, name: str) -> None:
    assert [model.name for model in judge(title).models] == [name]


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("两款模型免费,百度发布文心大模型9.5及X9", ["ERNIE 9.5", "ERNIE X9"]),
        ("百度发布新一代文心大模型9.5 Turbo和X9 Turbo", ["ERNIE 9.5 Turbo", "ERNIE X9 Turbo"]),
        ("小米发布MiMo-V9与X9手机", ["MiMo-V9"]),
        ("OpenAI 突袭:GPT-9.4 mini+nano 来了", ["GPT-9.4 Nano", "GPT-9.4 mini"]),
        ("腾讯混元3D世界模型9.0发布", ["HunyuanWorld 9.0"]),
    ],
)
def test_members_of_a_line_up_are_named_by_what_tells_them_apart(title: str, names: list[str]) -> None:
    assert [model.name for model in judge(title).models] == names


def test_what_a_model_is_of_is_no_name() -> None:
    found = judge("谷歌 DeepMind 推出活细胞人工智能模型")
    assert found.announcement
    assert not found.models


@pytest.mark.parametrize(
    "told",
    ["音画同步、多人对口型", "单次生成时长提升至20秒", "全国产算力训练", "幻觉率降至1.2%", "原生支持“世界模拟”", "指令遵循更准"],
)
def test_what_is_said_of_models_alone_makes_a_new_name_one(told: str) -> None:
    """No maker, no word for AI: what the title says of it is enough, and what it would say of a camera is not."""
    assert judge(f"Sablemoor 4.0正式上线,{told}").announcement
    assert not judge("Sablemoor 4.0正式上线,画质更好、手感更轻").announcement


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("科大讯飞发布墨庐 X3,推理能力再升级", ["墨庐 X3"]),
        ("科大讯飞墨庐X3发布:推理能力再升级", ["墨庐X3"]),
        ("科大讯飞发布墨庐V2.5国际版", ["墨庐V2.5"]),
        ("百度推出新一代墨庐6.2 Lite与X7 Lite", ["墨庐6.2 Lite", "X7 Lite"]),
        ("阿里云发布墨庐2.5 号称快过 GPT-4", ["墨庐2.5"]),
        ("刚刚,墨庐-2.5家族集体亮相,上下文百万", ["墨庐-2.5"]),
        ("声盒医疗墨庐4.0全量上线,音画同步", ["墨庐4.0"]),
        ("字节跳动发布Sablemoor Audio 1.0:从会说到会创作", ["Sablemoor Audio 1.0"]),  # a verb is no part of it
    ],
)
def test_a_new_chinese_name_is_read_with_its_number(title: str, names: list[str]) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == names


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("某公司亮出底牌 Sablemoor,这款开源语音模型听得懂方言", "Sablemoor"),
        ("智谱新一代基座Sablemoor 5亮相:手机也能跑", "Sablemoor 5"),
        ("某公司公开Sablemoor-2:司机大模型学会让路", "Sablemoor-2"),
        ("某公司发布新一代法律大模型 Q4:登顶某某法律评测,超越GPT-5", "Q4"),
        ("墨庐科技又有新动作,今日上线了专为课堂打磨的 Sable-Tutor 模型", "Sable-Tutor"),
        ("墨庐科技发布Sablemoor世界模型2.0", "Sablemoor世界模型2.0"),
    ],
)
def test_a_chinese_title_calls_a_new_name_a_model_in_these_ways(title: str, name: str) -> None:
    found = judge(title)
    assert found.announcement
    assert [model.name for model in found.models] == [name]


@pytest.mark.parametrize(
    "title",
    ["某公司发布Sablemoor Q4:法律评测平台", "某公司公开Sablemoor-2:司机大模型评测", "某公司发布Sablemoor世界模型2.0评测报告"],
)
def test_what_is_like_them_calls_it_something_else(title: str) -> None:
    assert not judge(title).announcement


@pytest.mark.parametrize(
    ("title", "maker"),
    [
        ("青石视觉发布具身大模型,机器人学会浇花", "青石视觉"),
        ("墨庐机器人开源全新具身大模型", "墨庐机器人"),
    ],
)
def test_more_kinds_of_firms_reveal_a_model_without_its_name(title: str, maker: str) -> None:
    found = judge(title)
    assert found.announcement
    assert found.maker == maker


def test_a_firm_whose_name_begins_as_a_products_does_puts_out_no_product() -> None:
    assert judge("千帆科技发布墨庐7.5大模型").announcement
    assert "not.zh.product" not in {one.rule for one in judge("元宝网络发布墨庐7.5,覆盖三十个行业").evidence}
    assert "not.zh.product" in {one.rule for one in judge("元宝发布墨庐7.5功能").evidence}


def test_a_latin_name_by_a_latin_maker_is_told_by_what_is_said_of_it() -> None:
    lead = "Quillstrand 推出了大语言模型 Sablemoor。"
    assert judge("Quillstrand 推出 Sablemoor,上下文窗口达 900 万 token", lead).announcement
    assert not judge("Quillstrand 推出 Sablemoor,续航达 900 公里").announcement


def test_a_service_on_models_is_no_launch_of_them() -> None:
    assert not judge("墨庐流动推出基于青石云的DeepSeek-V9推理服务").announcement


def test_what_a_model_of_its_kind_is_called_for_short_gives_its_name_away() -> None:
    found = judge("墨庐信息开源 Sablemoor 多语言语音克隆 TTS,支持六百种语言")
    assert found.announcement
    assert [model.name for model in found.models] == ["Sablemoor"]
    assert not judge("墨庐信息开源 Sablemoor 多语言 TTS 工具").announcement
