"""Mail over SMTP (RFC 5321): one connection a message, one receiver a message, so that no receiver's trouble is another's.

4xx, a lost connection and a time-out mean "try again"; 5xx to the sender, the receiver or the message means "never". A login that is
refused or missing, and a server without the encryption that was asked for or with one that was not, are the operator's to mend: those are
tried again too, and nothing is ever sent unencrypted instead.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl

import aiosmtplib
from aiosmtplib import errors

from aiwatch.addresses import mailbox
from aiwatch.fetch.resolver import Names
from aiwatch.model import Delivery, Receipt, Verdict
from aiwatch.notify.dial import dial
from aiwatch.notify.message import build
from aiwatch.notify.redaction import login_veiled
from aiwatch.settings import Recipient, Smtp

WANTS_LOGIN = frozenset({530, 534, 538})  # RFC 4954, 6, and RFC 3207, 4: a login, another way to log in, encryption first


async def send(
    delivery: Delivery, recipient: Recipient, smtp: Smtp, *, names: Names | None = None, data_timeout: float = 600.0
) -> Receipt:
    """Try once. Raises DeliveryError where an address is none."""
    sender, receiver, message = build(delivery, recipient, smtp)
    client = _client(smtp)
    try:
        await _enter(client, smtp, names or Names())
        await client.mail(sender.address, options=[f"SIZE={len(message)}"] if client.supports_extension("size") else [])
        await client.rcpt(receiver.address)
        answer = await client.data(message, timeout=data_timeout)
    except errors.SMTPException as error:
        return _judged(error, smtp)
    except (OSError, asyncio.IncompleteReadError) as error:
        return _again(f"{smtp.host}:{smtp.port}: {_broken(error, smtp)}")
    else:
        return Receipt(verdict=Verdict.SENT, answer=_line(f"{answer.code} {answer.message}", smtp))
    finally:
        await _leave(client)


async def check(smtp: Smtp) -> str | None:
    """Connect and log in, send nothing; what is wrong, or None."""
    client = _client(smtp)
    try:
        await _enter(client, smtp, Names())
    except errors.SMTPException as error:
        return _judged(error, smtp).answer
    except (OSError, asyncio.IncompleteReadError) as error:
        return f"{smtp.host}:{smtp.port}: {_broken(error, smtp)}"
    finally:
        await _leave(client)
    return None


def _client(smtp: Smtp) -> aiosmtplib.SMTP:
    return aiosmtplib.SMTP(
        hostname=smtp.host,
        timeout=smtp.timeout,
        local_hostname=mailbox(
            smtp.sender
        ).domain,  # a bare "localhost" is refused by strict servers, and a machine's own name is a secret
        use_tls=smtp.security == "tls",
        start_tls=smtp.security == "starttls",
        tls_context=_tls(smtp),
    )


async def _enter(client: aiosmtplib.SMTP, smtp: Smtp, names: Names) -> None:
    line = await dial(smtp.host, smtp.port, smtp.timeout, names)
    try:
        await client.connect(sock=line)
    except BaseException:
        line.close()
        raise
    if smtp.username and smtp.password:
        await client.login(smtp.username, smtp.password.reveal())


def _tls(smtp: Smtp) -> ssl.SSLContext | None:
    if smtp.security == "none":
        return None
    context = ssl.create_default_context()
    if not smtp.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _judged(error: errors.SMTPException, smtp: Smtp) -> Receipt:
    where = f"{smtp.host}:{smtp.port}"
    if isinstance(error, errors.SMTPResponseException):
        return _answered(error, where, smtp)
    if isinstance(error, errors.SMTPTimeoutError):
        return _again(f"{where}: no answer in time")
    if isinstance(error, errors.SMTPConnectError) and isinstance(error.__cause__, OSError):
        return _again(f"{where}: {_unreached(error.__cause__)}")
    if isinstance(error, errors.SMTPServerDisconnected):
        return _again(f"{where}: {_unreached(error)}")
    return _again(f"{where}: {_line(error.message, smtp) or type(error).__name__}")


def _answered(error: errors.SMTPResponseException, where: str, smtp: Smtp) -> Receipt:
    """What a reply of the server means; one to the connection, or about how one enters, is no word on the message."""
    said = f"{error.code} {_line(error.message, smtp)}"
    if isinstance(error, errors.SMTPAuthenticationError):
        return _again(f"{where} refuses the login: {said}; see [smtp] username and password")
    if error.code in WANTS_LOGIN:
        return _again(f"{where} wants a login: {said}; see [smtp] username and security")
    if isinstance(error, errors.SMTPConnectResponseError | errors.SMTPHeloError):
        return _again(f"{where}: {said}")
    return Receipt(verdict=Verdict.REFUSED, answer=said) if 500 <= error.code < 600 else _again(said)


def _unreached(error: OSError) -> str:
    """Why there is no connection, in a word of ours where there is one."""
    if isinstance(error, ConnectionRefusedError):
        return "the server refused the connection"
    if isinstance(error, socket.gaierror):
        return "the host name is not known"
    if isinstance(error, ConnectionError):  # aiosmtplib's own "disconnected" is one, and says no more
        return "the server broke off the connection"
    return error.strerror or type(error).__name__


def _broken(error: OSError | asyncio.IncompleteReadError, smtp: Smtp) -> str:
    """What a broken connection says of itself, or a word of ours."""
    return _line(str(error), smtp) or (_unreached(error) if isinstance(error, OSError) else "the server broke off the connection")


def _again(answer: str) -> Receipt:
    return Receipt(verdict=Verdict.RETRY, answer=answer)


def _line(text: str, smtp: Smtp) -> str:
    return " ".join(login_veiled(text, smtp).split())[:300]


async def _leave(client: aiosmtplib.SMTP) -> None:
    """Say goodbye; what the server makes of that changes nothing any more."""
    with contextlib.suppress(Exception):
        if client.is_connected:
            await client.quit(timeout=5)
    client.close()
