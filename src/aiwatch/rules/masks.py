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
    r"publish(?:es|ed|ing)?|unleash(?:es|ed)?|details|show(?:s|ed|ing)? off|tak(?:es|ing) the wraps off|"
    r"lift(?:s|ed)? the (?:lid|veil|curtain) on|pull(?:s|ed)? (?:back the curtain on|the covers off)|mak(?:es|ing) available|bring(?:s|ing)? out|"
    r"gives? away|giving away|deliver(?:s|ed)|push(?:es|ed) out|puts out|serves up|premier(?:es|ed)|preview(?:s|ed)|hands over|opens up|"
    r"upload(?:s|ed)|kicks off|trains|has (?:built|trained|developed)|builds and releases)"
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
    "허깅 ?페이스에 올|(?:가중치|무료로|오픈 ?소스로|빗장|빗장을) ?풀|세상에 나|세상 밖으로"
)
_KO_PUT = f"(?:(?:{_KO_NOUNS}){_KO_ENDS}|{_KO_VERBS})"
_KO_LAUNCH = f"(?:(?:{_KO_NOUNS}|시연|개발(?: 완료| 성공)?|독자 개발){_KO_ENDS}|{_KO_VERBS})"
_ANY = f"[{MODEL}{BARE}{UNKNOWN}]"
_LIST = f"{_ANY}(?:['\"’”」]?(?: ?(?:,|/|&|and|및|와|과|、|和|と|·|or) ?)+['\"‘“「]?(?:the |a |an )?(?:new )?{_ANY})*"  # each may be quoted
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
    "launch": _LAUNCH,
    "kolaunch": _KO_LAUNCH,  # a Korean word for launching, where it ends a clause
    "koput": _KO_PUT,  # the same without those for developing
    "kow": rf"(?:[^\s,.:—{MODEL}-{UNKNOWN}{PRODUCT}]|\.\d)+",  # a word that is neither a name nor a product
    "gap": r"""(?:(?:[^\s:;|!?.—]|\.\d)+ ){0,6}?""",  # up to six words of the same clause
    "w": rf"[^\s:;|!?.,{MODEL}-{UNKNOWN}]+",  # a word that is no name
    "x": rf"[^\s:;|!?.,{MODEL}-{OPEN_NOUN}]+",  # a word that is neither name, vendor, product nor noun
    "gap3": r"""(?:(?:[^\s:;|!?.—]|\.\d)+ ){0,3}?""",
    "q": r"""['"「『《〈\[(]?""",  # an opening quote, or none
    "Q": r"""['"」』》〉\])]?""",  # a closing one
    "Cap": r"(?-i:[A-Z][A-Za-z0-9]*(?:[-.'][A-Za-z0-9]+)*)",
    "Name": (
        r"(?-i:(?:[A-Z][A-Za-z0-9]*|[a-z]+[A-Z0-9][A-Za-z0-9]*|[0-9]+[A-Z][A-Za-z0-9]*)(?:[-.·][A-Za-z0-9]+)*\+?"
        r"(?: (?:[A-Z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*\+?|[0-9]+(?:\.[0-9]+)*[A-Za-z]?|v[0-9.]+)){0,3})"
    ),
    "end": r"(?:$|[ .,:;|!?…\"'」』》)\]—])",
    "to": r"(?:을|를|이|가|은|는|도|와|과|의)?",
}


def expand(pattern: str) -> str:
    """Write the macros of ``pattern`` out. Unknown ones stay, for the loader to name."""
    return re.sub(r"(?<!\\[pP])\{([A-Za-z_]+\d?)\}", lambda m: MACROS.get(m[1], m[0]), pattern)
