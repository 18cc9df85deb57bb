"""The alphabet of masked text, in which rules are written: every name found is one character of a private plane.

``OpenAI launches GPT-5, its new model`` reads ``V launches M, its new N``. A pattern says ``{V}`` and ``{M}``.
"""

from __future__ import annotations

import re

MODEL = "\ue001"  # a model: a family with version or variant, or a family that is a model by itself
BARE = "\ue002"  # a family's name alone (Gemini, Claude): a model line, an assistant, an app
UNKNOWN = "\ue003"  # what could be a model's name and is in no list: quoted, or spelled like a code
VENDOR = "\ue004"
PRODUCT = "\ue005"  # an app, plan, tool, framework or homonym
NOUN = "\ue006"  # a word for "model"
OPEN_NOUN = "\ue007"  # the same with the word open in it: an open-weight model

# English verbs of launching before their object; one list for every frame.
_LAUNCH = (
    r"(?:launch(?:es|ed|ing)?|releas(?:es?|ed|ing)|unveil(?:s|ed|ing)?|announc(?:es?|ed|ing)|introduc(?:es?|ed|ing)|debut(?:s|ed|ing)?|"
    r"roll(?:s|ed|ing)? out|ship(?:s|ped|ping)?|drop(?:s|ped)|present(?:s|ed|ing)|reveal(?:s|ed|ing)?|open[- ]?sourc(?:es|ed|ing)|"
    r"publish(?:es|ed|ing)?|unleash(?:es|ed)?|details|show(?:s|ed|ing)? off|tak(?:es|ing) (?:the )?wraps off|"
    r"lift(?:s|ed)? the (?:lid|veil|curtain) on|pull(?:s|ed)? (?:back the curtain on|the covers off)|mak(?:es|ing) available|"
    r"bring(?:s|ing)? out|gives? away|giving away|deliver(?:s|ed)|push(?:es|ed) out|puts out|serves up|premier(?:es|ed)|"
    r"preview(?:s|ed)|hands over|opens up|"
    r"unwraps|uncorks|unboxes|trots out|rolls off|throws open|flips the switch on|cuts the ribbon on|outs|fields|beams out|"
    r"upload(?:s|ed)|kicks off|has (?:built|trained|developed)|builds and releases)"
)
# Korean nouns of launching where they end a clause (공개; not 공개 전부터, 공개 효과), and verbs that need no such care.
_KO_NOUNS = (
    "공개|출시|발표|론칭|런칭|릴리즈|릴리스|배포|개방|소개|등장|출격|등판|데뷔|상용화|정식 서비스|서비스 (?:시작|개시)|오픈 ?소스화|"
    "오픈|첫 ?선|발매|롤아웃|탄생|출범|베타|클로즈드? ?베타|프리뷰|시험판|출사표"
)
_KO_ENDS = (
    "(?: ?(?:시작|개시|완료|나서|나섰))?"
    r"""(?:$|[.,…⋯·;:!?)\]"'~|]| ?[-—(\["'|~:/+]|했|됐|된다|되었|되며|되고|돼|한다고|하며|하고|하면서|하자|하다|해|합니다|까지| 및 )"""
)
_KO_VERBS = (
    "선보|선봬|내놔|내놨|내놓(?:았|는다|으며|고 )|나왔|왔습니다|올라왔|꺼냈|꺼내|게시|문 ?열었|문 ?열어|열었다|베일을? 벗|"
    f"(?:허깅 ?페이스|깃허브|{VENDOR})에 (?:올|등록|게시)|(?:가중치|무료로|오픈 ?소스로|빗장|빗장을) ?풀|세상에 나|세상 밖으로"
)
_KO_PUT = f"(?:(?:{_KO_NOUNS}){_KO_ENDS}|{_KO_VERBS})"
_KO_LAUNCH = f"(?:(?:{_KO_NOUNS}|시연|개발(?: 완료| 성공)?|독자 개발){_KO_ENDS}|{_KO_VERBS})"
_KO_CHAR = rf"(?:[^\s,.:—{MODEL}-{UNKNOWN}{PRODUCT}]|\.\d)"  # of a word that is neither a name nor a product
_KO_FORMS = "(?:버전|API|가중치|베타|프리뷰|시리즈|제품군|라인업|패밀리|정식판|체험판|코드|소스|업데이트|공개|출시)"
_ANY = f"[{MODEL}{BARE}{UNKNOWN}]"
_LIST = (  # each may be quoted
    f"{_ANY}(?:['\"’”」]?(?: ?(?:,|/|&|and|및|와|과|、|和|与|及|以及|と|·|or) ?)+['\"‘“「]?(?:the |a |an )?(?:new )?{_ANY})*"
)
# Names in a row as Japanese titles write them: 「A」「B」, 「A」と動画生成モデル「B」.
_KIND_OF = rf"(?:[^「」『』、。 {MODEL}-{UNKNOWN}]{{0,16}}?(?:[{NOUN}{OPEN_NOUN}]|AI))?"
_JA_ROW = rf"{_ANY}(?:(?:[」』》] ?(?:と|や|、|・|/|&|および)? ?{_KIND_OF}[「『《]| ?(?:と|や|・|/|&|および) ?{_KIND_OF}){_ANY})*"
# What Japanese titles call a launch, what may stand before it (formally, at once, free of charge), and what closes it.
_JA_OUT = (
    rf"(?:[{NOUN}{OPEN_NOUN}](?:で|として)|(?:正式|一般|限定|無償|先行|早期|一斉|一挙|同時|緊急|衝撃|電撃|試験|順次|本日|新規|新|商用|ひっそりと?|こっそり|突然|突如|サプライズ|世界|急遽|大々的|広く|共同)(?:に|で|先行)?|"
    r"オープン(?:ソース|モデル|ウェイト)?(?:で|として)?(?:無償|無料)?|β版を?|ベータ版を?|プレビュー版?を?|ついに|いよいよ|新たに)*"
    r"(?:発表|公開|リリース|登場|提供開始|提供を開始|提供スタート|投入|お披露目|オープンソース化|オープンウェイト化|オープン化|オープンソースに|限定提供|開発に成功|開発|誕生|デビュー|"
    r"ローンチ|解禁|無償提供|一般提供|無料公開|無料で公開|配信開始|販売開始|発売|爆誕|降臨|出ました|出た|来た|きた|配布開始|配布|外販|受付を?開始|研究公開|正式版に|商用化|商用提供|公表|提供|現る|やってきた|投下|お目見え|(?:限定)?プレビュー|(?:無料)?トライアルを?開始|無料トライアル開始|(?:商用)?サービスを開始|構築に成功)"
    r"(?:いたしました|しました|していた|した|し|される|された|されました|します|する|を開始|を発表|を公開|が開始|が始まる|開始|スタート|を始め|中|のお知らせ|について)?"
    r"(?:$|[ 、。,.!…—─~〜:;/|(&・】\"「『]|--|ので|も(?:$|[ 、。]))"
)
_KNOWN = _LIST.replace(_ANY, f"[{MODEL}{BARE}]")
MACROS = {
    "M": MODEL,
    "B": BARE,
    "U": UNKNOWN,
    "V": VENDOR,
    "P": PRODUCT,
    "N": f"[{NOUN}{OPEN_NOUN}]",
    "O": OPEN_NOUN,
    "K": f"[{MODEL}{BARE}]",  # known
    "MU": f"[{MODEL}{UNKNOWN}]",
    "name": _ANY,
    "names": _LIST,
    "knowns": _KNOWN,
    "jarow": _JA_ROW,
    "jaout": _JA_OUT,
    "launch": _LAUNCH,
    "kolaunch": _KO_LAUNCH,  # a Korean word for launching, where it ends a clause
    "koput": _KO_PUT,  # the same without those for developing
    "kow": f"{_KO_CHAR}+",  # a word that is neither a name nor a product
    "kover": f"(?:[{NOUN}{OPEN_NOUN}]|{_KO_FORMS})",  # the form in which a model comes out
    "koword": (  # a word between a model and the verb that has it as its object: no other object
        rf"(?:{_KO_CHAR}*(?:[^\s,.:—을를{MODEL}-{UNKNOWN}{PRODUCT}]|\.\d)|{_KO_CHAR}*(?:[{NOUN}{OPEN_NOUN}]|{_KO_FORMS})[을를])"
    ),
    "xk": rf"[^\s:;|!?.,A{MODEL}-{OPEN_NOUN}][^\s:;|!?.,{MODEL}-{OPEN_NOUN}]*",  # the same as x, and not AI
    "gap": r"""(?:(?:[^\s:;|!?.—]|\.\d)+ ){0,6}?""",  # up to six words of the same clause
    "w": rf"[^\s:;|!?.,{MODEL}-{UNKNOWN}]+",  # a word that is no name
    "x": rf"[^\s:;|!?.,{MODEL}-{OPEN_NOUN}]+",  # a word that is neither name, vendor, product nor noun
    "gap3": r"""(?:(?:[^\s:;|!?.—]|\.\d)+ ){0,3}?""",
    "c": r"[^,。!?;:…]",  # a character of the same clause
    "h": rf"[^,。!?;:…ぁ-ヺ가-힣{MODEL}-{UNKNOWN}{NOUN}{OPEN_NOUN}]",  # the same, and neither kana, Hangul, a name nor a noun for models
    "zhput": (  # Chinese verbs of launching, with the model as their object
        "(?:发布|推出|上线|开源|亮相|公布|官宣|发表|问世|登场|放出|甩出|祭出|上新|揭晓|推|端出|掏出|扔出|亮出|杀出|释出|首发|首推|带来|"
        "推新|升级至|升级到|升至|首秀|迭代至|进化到|换上|开放|端上|打出|接棒|抢发|连发|抛出|拿出|交出|秀出|献上|奉上|送上|训出|练出|"
        "炼出|造出|研发出|开发出|上传)"
    ),
    "zhout": (  # and those that follow it
        "(?:发布|上线|开源|亮相|登场|来了|问世|面世|出炉|诞生|来袭|降临|到来|炸场|推出|上架|开放下载|开放使用|开放体验|可体验|可用|"
        "开测|公测|内测|揭晓|突袭|开放申请|开放试用|开放预约|揭开面纱|全量开放|全面开放|正式开放|公开预览|限量预览|首秀|空降|驾到|杀到|亮剑|出世|现世|揭幕|释出|(?:启动|开启)(?:邀测|公测|内测)|推出)"
    ),
    "zhmodel": (  # a model, and not just a name that could be anything's
        f"(?:[{MODEL}{BARE}{NOUN}{OPEN_NOUN}]|{UNKNOWN}[\"'」』]? ?[^,。!?;:…]{{0,4}}?[{NOUN}{OPEN_NOUN}]"
        f"|[{NOUN}{OPEN_NOUN}] ?[\"'「『]?{UNKNOWN})"
    ),
    "head": (  # after a Chinese noun for models that heads its phrase (大模型, not 大模型平台)
        r"""(?:$|[ ,。!:;、()"'」』》】]|发布|开源|上线|推出|登场|来了|亮相|问世|正式|重磅|家族|系列|并|与|和|及)"""
    ),
    "zhkind": (  # what describes a model between a Chinese verb and the name, where no word for model does
        "(?: ?(?:全新|新一代|下一代|新款|新版|最新|最强|首个|首款|新|旗舰|开源|自研|轻量级?|小型|中型|大型|端侧|多模态|全模态|推理|思考|"
        "编程|语音|视频|图像|翻译|通用|高性能|高速|[一二两三四五六多][款个大]|\\d+(?:\\.\\d+)?B|[\\d万千百]+亿(?:参数|级)?|万亿级|其|旗下|自家|新品|"
        "新作|利器|更强|免费|聊天机器人|AI|LLM))"
    ),
    "Latin": (  # a name in Latin letters within Chinese
        r"(?-i:[A-Z][A-Za-z0-9]*(?:[-.·][A-Za-z0-9]+)*\+?"
        r"(?: (?:[A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*\+?|v?[0-9]+(?:\.[0-9]+)*[A-Za-z]?)){0,3})"
    ),
    "q": r"""['"「『《〈【\[(]?""",  # an opening quote, or none
    "Q": r"""['"」』》〉】\])]?""",  # a closing one
    "Cap": r"(?-i:[A-Z][A-Za-z0-9]*(?:[-.'][A-Za-z0-9]+)*)",
    "Name": (
        r"(?-i:(?:[A-Z][A-Za-z0-9]*|[a-z]+[A-Z0-9][A-Za-z0-9]*|[0-9]+[A-Z][A-Za-z0-9]*)(?:[-.·][A-Za-z0-9]+)*\+?"
        r"(?: (?:[A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*\+?|[0-9]+(?:\.[0-9]+)*[A-Za-z]?(?:-[A-Za-z0-9]+)*|v[0-9.]+)){0,3})"
    ),
}


def expand(pattern: str) -> str:
    """Write the macros of ``pattern`` out. Unknown ones stay, for the loader to name."""
    return re.sub(r"(?<!\\[pP])\{([A-Za-z_]+\d?)\}", lambda m: MACROS.get(m[1], m[0]), pattern)
