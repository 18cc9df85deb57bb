"""Evidence that comes from the engine itself rather than from a pattern, and what it says; weights stand in ``settings.toml``."""

from __future__ import annotations

BUILT_IN = {
    "name.version": "a known family with a version or variant",
    "name.known": "a name that is in the lexicon",
    "name.bare": "a family's name alone",
    "name.line": "the family's name stands before a word for model",
    "name.told": "what the title tells of without its name",
    "name.unknown": "a name in no list, where a new model's name would stand",
    "name.coded": "a name in no list, with a number in it",
    "name.shaped": "a name in no list, with a version as models have it",
    "name.sized": "a name in no list, with a size in parameters or a kind of model in it",
    "name.heard": "a name in no list that was announced before, with a version",
    "name.heard-plain": "a name in no list that was announced before",
    "name.kind": "the new name says what it is of",
    "nameless": "a vendor tells of a model without naming it",
    "vendor": "a vendor of AI models is named",
    "vendor.lab": "a maker of nothing but models puts out something with a name of its own",
    "noun": "a word for an AI model is there",
    "wording": "how the title is worded, as learned from headlines",
    "lacking.ai": "a new name, and neither a vendor nor a word for an AI model beside it",
    "lacking.noun": "a new name that no word for model explains",
    "lacking.frame": "no verb of announcing has the name as its subject or object",
    "lacking.launch": "the title names the model and says nothing of a launch",
    "lacking.title": "the title speaks of neither a maker nor a model",
    "lead.only": "only the lead names a model, and the title is about something else",
    "source.primary": "the vendor's own page or feed",
    "source.reseller": "a vendor's page about another vendor's model",
    "source.community": "a blog or forum, not a newsroom",
    "source.newsletter": "a newsletter: many topics under one title",
}
