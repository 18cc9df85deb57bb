"""Which names mean one model, and which one maker: what stories are joined and parted by.

identity    family, version and variant of a name, and how near two names are
vendors     which spellings are one maker, and whose word an item is
variants    what the words behind a family's name say of it
phonetic    how a name sounds, in whatever script
wordbook    the words that all of these ask for, which are data (``rules/stories.toml``)
"""
