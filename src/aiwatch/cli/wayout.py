"""What ``aiwatch doctor`` finds on the way out: the proxy, the authorities that are believed, and whether anything comes back."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from aiwatch.cli.finding import Finding, warn
from aiwatch.errors import ConfigError
from aiwatch.fetch import Answer, Call, make_client
from aiwatch.model import Failed, Source
from aiwatch.settings import Channel, Config

VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")


def of_proxy(config: Config) -> Iterator[Finding]:
    """What the environment says and nobody reads, what is not asked through the proxy, authorities that are none."""
    named = next((name for name in VARIABLES if os.environ.get(name)), None)
    if config.http.proxy is None and named:
        advice = f'set [http] proxy = {{ env = "{named}" }} where the outside is reached only through it'
        yield warn("proxy", f"{named} is set, and not read", advice)
    if config.http.proxy is not None and named is None:
        for one in config.recipients:
            if one.channel is Channel.APPRISE:
                advice = "set HTTPS_PROXY where the service runs: Apprise makes its own connections, and reads that"
                yield warn("proxy", f'"{one.id}" is not reached through it', advice)
    try:
        asyncio.run(make_client(config.http).aclose())
    except ConfigError as error:
        yield Finding(what="http", verdict="fail", found=str(error), advice="mend [http]: nothing is asked until then")


def asked(config: Config) -> Iterator[Finding]:
    """Whether a source's server answers, where a proxy or an authority of one's own stands between."""
    proxy = config.http.proxy
    source = next((one for one in sorted(config.sources, key=_last) if one.enabled and not one.allow_private), None)
    if source is None or not (proxy or config.http.ca_file) or (proxy and not proxy.url):
        return
    parts = urlsplit(source.url)
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    answer = asyncio.run(_ask(config, f"{origin}/robots.txt"))
    by = f" through {proxy.url}" if proxy else ""
    if isinstance(answer, Answer):
        yield Finding(what="way out", verdict="ok", found=f"{origin} answers {answer.status}{by}")
    else:
        advice = "mend proxy, no_proxy or ca_file of [http], or try `aiwatch sources check` where it is this server alone"
        yield Finding(what="way out", verdict="fail", found=f"{origin} does not answer{by}: {answer.reason}", advice=advice)


def _last(source: Source) -> bool:
    """Servers without TLS come last: they say nothing of certificates."""
    return not source.url.lower().startswith("https:")


async def _ask(config: Config, url: str) -> Answer | Failed:
    async with make_client(config.http) as client:
        return await client(Call(url=url, max_body=1024, cut=True))
