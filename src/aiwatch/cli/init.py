"""``aiwatch init``: a first configuration."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from aiwatch import app

FIRST = """\
# aiwatch.toml: private to you (recipients, passwords). The list of sources is sources.toml, which people share.
# Every key may also come from the environment: AIWATCH_HTTP_CONTACT, AIWATCH_SMTP_PASSWORD, AIWATCH_SMTP_PASSWORD_FILE, ...
# `aiwatch doctor` says whether all is right; docs/configuration.md has every key.

database = "db/aiwatch.db"
sources = "sources.toml"
# rules = "rules.toml"          # your own detection rules, over the shipped ones
# operators = ["me"]            # who hears of the service itself: a source down, a delivery dead

[http]
contact = {contact}           # in the User-Agent, so that a site's owner can reach you
# proxy = {{ env = "HTTPS_PROXY" }}  # where the outside is reached only through one; it is not read by itself
# ca_file = "company-ca.pem"    # where somebody on the way reads TLS

# [smtp]
# host = "smtp.example.org"
# security = "starttls"         # or "tls", "none"
# username = "me@example.org"
# password = {{ env = "SMTP_PASSWORD" }}
# sender = "aiwatch <me@example.org>"

# [[recipient]]
# id = "me"
# email = "me@example.org"      # or webhook, slack, discord, teams, apprise = "https://..."

# [[digest]]
# id = "morning"
# title = "New AI models"
# schedule = "weekdays 08:00"   # or "immediate", "weekly monday 9:00", or cron: "0 8 * * 1-5"
# timezone = {timezone}
# recipients = ["me"]
# lang = "en"                   # or "ko"
# modalities = ["video", "image"]
"""


@click.command("init")
@click.option("--contact", default="", help="Mail address or URL that a site's owner can reach; part of the User-Agent.")
@click.option("--timezone", default="UTC", show_default=True, help="IANA time zone of the example digest.")
@click.option(
    "--directory",
    default=".",
    type=click.Path(file_okay=False, path_type=Path),
    show_default=True,
    help="Where they are written.",
)
def command(contact: str, timezone: str, directory: Path) -> None:
    """Write a first aiwatch.toml and sources.toml; never overwrites."""
    if contact and "@" not in contact and not contact.startswith(("http://", "https://")):
        raise click.UsageError(f"--contact {contact}: a mail address or a URL, at which a site's owner reaches you")
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError) as error:
        raise click.UsageError(f"--timezone {timezone}: an IANA name, such as Asia/Seoul, Europe/Berlin or UTC") from error
    directory.mkdir(parents=True, exist_ok=True)
    catalogue = app.packaged_sources()
    files = {
        "aiwatch.toml": FIRST.format(contact=json.dumps(contact), timezone=json.dumps(timezone)),
        "sources.toml": catalogue.text if catalogue else "",
    }
    for name, text in files.items():
        path = directory / name
        if path.exists():
            click.echo(f"{path} is there already; left as it is")
            continue
        path.write_text(text, "utf-8")
        if name == "aiwatch.toml":
            path.chmod(0o600)
        click.echo(f"{path} written")
    (directory / "db").mkdir(exist_ok=True)
    click.echo("\nNext: name a recipient and a digest in aiwatch.toml, then `aiwatch doctor`, `aiwatch once`, `aiwatch list`.")
