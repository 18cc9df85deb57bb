"""Evidence that comes from the engine itself rather than from a pattern, and what it says; weights stand in ``settings.toml``."""

from __future__ import annotations

from enum import StrEnum


class NameRule(StrEnum):
    """The evidence that a name is by itself, by what sort of name it is."""

    VERSION = "name.version"
    KNOWN = "name.known"
    LINE = "name.bare"
    UNKNOWN = "name.unknown"
    CALLED = "name.called"
    CODED = "name.coded"
    SHAPED = "name.shaped"
    SIZED = "name.sized"
    HEARD = "name.heard"
    HEARD_PLAIN = "name.heard-plain"


# What a rule lacked that nearly counted: kept with the item, and said in the reader's words by a digest.
UNFRAMED = "a model is named, but no announcing frame has it as its object"
OF_ANOTHER = ", but it is not the model this item is about"  # behind its reason, as are the next
OF_CONTEXT = ", so what it names is not what is announced"
NOT_BORNE_OUT = ", but title and lead do not both tell of a launch"
NO_RUMOUR = ", but nothing beside it says that a model's launch is meant, so it makes no rumour"
NO_END = ", but no known model is what ends, so it makes no retirement"

ASIDE_SAID = "; beside what is announced, so that three tenths of it count"  # behind the reason of what counts, as is the next
PRAISE_SAID = "; on its maker's account, where known models are praised every day, so that three tenths of it count"

NAMELESS = "nameless"  # the evidence that stands in for a name

BUILT_IN = {
    NameRule.VERSION: "a known family with a version or variant",
    NameRule.KNOWN: "a name that is in the lexicon",
    NameRule.LINE: "a family's name alone",
    "name.line": "the family's name stands before a word for model",
    "name.told": "what the title tells of without its name",
    NameRule.UNKNOWN: "a name in no list, where a new model's name would stand",
    NameRule.CALLED: "a name in no list that is called a model",
    NameRule.CODED: "a name in no list, with a number in it",
    NameRule.SHAPED: "a name in no list, with a version as models have it",
    NameRule.SIZED: "a name in no list, with a size in parameters or a kind of model in it",
    NameRule.HEARD: "a name in no list that was announced before, with a version",
    NameRule.HEARD_PLAIN: "a name in no list that was announced before",
    "name.kind": "the new name says what it is of",
    "name.grown": "the new name opens with a family's of that maker",
    "name.goods": "the new name ends as those of apps, tools and data do, or is a firm's own and a number",
    "name.new": "nobody has told of this name before, and a launch is spoken of",
    NAMELESS: "a vendor tells of a model without naming it",
    "vendor": "a vendor of AI models is named",
    "vendor.lab": "a maker of nothing but models puts out something with a name of its own",
    "noun": "a word for an AI model is there",
    "wording": "how the title is worded, as learned from headlines",
    "lacking.ai": "a new name, and neither a vendor of AI models nor a word for one beside it",
    "lacking.noun": "a new name that no word for model explains",
    "lacking.kind": "it is said what the new name is, in words that are none of models",
    "lacking.frame": "no verb of announcing has the name as its subject or object",
    "lacking.launch": "the title names the model and says nothing of a launch",
    "lacking.title": "the title speaks of neither a maker nor a model",
    "lead.opens": "the lead begins with a version of whom the title names, or tells of one of what it names",
    "lead.tells": "the lead tells that a model is out, and this is the title's one new name with a number",
    "lead.only": "only the lead names a model, and the title is about something else",
    "source.primary": "the vendor's own page or feed",
    "source.account": "the vendor's own account, which tells much beside launches",
    "source.reseller": "a vendor's page about another vendor's model",
    "source.community": "a blog or forum, not a newsroom",
    "source.newsletter": "a newsletter: many topics under one title",
}

KOREAN = {  # the same to a reader of Korean
    NameRule.VERSION: "알려진 계열 이름에 버전이나 변형이 붙어 있다",
    NameRule.KNOWN: "목록에 있는 모델 이름이다",
    NameRule.LINE: "계열 이름만 있다",
    "name.line": "계열 이름이 ‘모델’을 뜻하는 말 앞에 있다",
    "name.told": "제목이 이름을 밝히지 않고 전하는 모델이다",
    NameRule.UNKNOWN: "목록에 없지만 새 모델의 이름이 올 자리에 있다",
    NameRule.CALLED: "목록에 없지만 모델이라고 불린다",
    NameRule.CODED: "목록에 없고 숫자가 든 이름이다",
    NameRule.SHAPED: "목록에 없지만 모델다운 버전이 붙은 이름이다",
    NameRule.SIZED: "목록에 없지만 매개변수 규모나 모델의 종류가 든 이름이다",
    NameRule.HEARD: "목록에 없지만 전에 발표된 적이 있는 이름에 버전이 붙어 있다",
    NameRule.HEARD_PLAIN: "목록에 없지만 전에 발표된 적이 있는 이름이다",
    "name.kind": "새 이름이 무엇의 이름인지 스스로 밝힌다",
    "name.grown": "새 이름이 그 개발사의 계열 이름으로 시작한다",
    "name.goods": "새 이름이 앱이나 도구, 데이터의 이름처럼 끝나거나 회사 이름에 숫자만 붙었다",
    "name.new": "아무도 전한 적 없는 이름이고 출시를 말한다",
    NAMELESS: "개발사가 이름을 밝히지 않고 모델을 전한다",
    "vendor": "AI 모델 개발사가 언급된다",
    "vendor.lab": "모델만 만드는 개발사가 고유한 이름이 붙은 것을 내놓는다",
    "noun": "AI 모델을 뜻하는 말이 있다",
    "wording": "수많은 제목에서 배운 대로 제목의 말투를 평가했다",
    "lacking.ai": "새 이름인데 곁에 AI 모델 개발사도 모델을 뜻하는 말도 없다",
    "lacking.noun": "모델이라는 설명이 없는 새 이름이다",
    "lacking.kind": "새 이름이 무엇인지 풀이하는 말에 모델이라는 말이 없다",
    "lacking.frame": "이 이름을 주어나 목적어로 삼는 발표 동사가 없다",
    "lacking.launch": "제목에 모델 이름이 있지만 출시한다는 말이 없다",
    "lacking.title": "제목이 개발사도 모델도 말하지 않는다",
    "lead.opens": "본문이 제목에 나온 곳의 모델 버전으로 시작하거나 그 버전을 전한다",
    "lead.tells": "본문이 모델이 나왔다고 전하고, 제목에 숫자가 든 새 이름은 이것뿐이다",
    "lead.only": "모델 이름은 본문에만 있고 제목은 다른 일에 관한 것이다",
    "source.primary": "개발사 자체 페이지나 피드다",
    "source.account": "출시 밖의 소식도 많이 전하는 개발사 계정이다",
    "source.reseller": "다른 개발사의 모델을 다룬 개발사 페이지다",
    "source.community": "언론사가 아니라 블로그나 게시판이다",
    "source.newsletter": "한 제목에 여러 소식을 담는 뉴스레터다",
    "name.ambiguous": "다른 뜻도 있는 말이다",
}
