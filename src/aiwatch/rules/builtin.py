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
NO_RUMOUR = ", but nothing beside it says that a model's launch is meant, so it makes no rumour"
NO_END = ", but no known model is what ends, so it makes no retirement"

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
