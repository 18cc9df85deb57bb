"""``aiwatch demo``: ten days of February 2024 through the whole pipeline, against a newsroom on loopback that the package carries.

    articles/*.toml, outlets.toml --> newsroom (HTTP) --> the real service --> sinks (SMTP, webhook)
                                         as of the simulated clock                     |
    stories.toml ------------------------------> verdict <-- the database -------------+--> screen

The texts are this project's own words; what they tell of OpenAI, Google, Meta, Stability AI and others happened on these days.
"""
