"""Campaigns in tests: organisations that can be written to, a campaign launched, and a real server with its moods."""

import asyncio
import email
import socket
from email import policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from initiatives.hearing import campaigns, sending
from initiatives.models import Campagne, Contact, Envoi, Organisme


def reachable(**emails) -> None:
    """Gives organisations (slug with _ for -) an e-mail."""
    for slug, value in emails.items():
        organisme = Organisme.objects.get(slug=slug.replace("_", "-"))
        Contact.objects.create(organisme=organisme, nature="courriel", valeur=value)


def drafted(par, nom="Essai", **fields) -> Campagne:
    return Campagne.objects.create(nom=nom, creee_par=par, **fields)


def launched(par, nom="Essai", without=(), **fields) -> Campagne:
    """A campaign as somebody launches it: who was read is who is written to."""
    campagne = drafted(par, nom, **fields)
    campaigns.launch(campagne, par, campaigns.plan(campagne).mark, set(without))
    campagne.refresh_from_db()
    return campagne


def queued(par, *addresses) -> Campagne:
    """A launched campaign with an e-mail for each of these addresses, in this order; nobody else."""
    campagne = launched(par)
    rows = list(campagne.envois.order_by("pk"))
    for envoi, address in zip(rows, addresses, strict=False):
        Envoi.objects.filter(pk=envoi.pk).update(courriel=address)
    campagne.envois.exclude(pk__in=[row.pk for row in rows[: len(addresses)]]).delete()
    return campagne


def send(**options) -> int:
    return sending.run(once=True, **options)


class Office:
    """A post office whose mood is the address that it is given."""

    def __init__(self):
        self.received, self.moods, self.patience, self.login = [], True, 2.0, None

    def to(self) -> list[str]:
        return [message["To"] for message in self.received]

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's names
        if self.moods and address.startswith("inconnu"):
            return "550 we do not know you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.moods and address.startswith("refuse"):
            return "550 no such box"
        if self.moods and address.startswith("plus-tard"):
            return "451 come back"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        address = envelope.rcpt_tos[0]
        if self.moods and address.startswith("message"):
            return "554 not this"
        if self.moods and address.startswith("en-route"):
            server.transport.abort()
            return "250 OK"
        self.received.append(email.message_from_bytes(envelope.content, policy=policy.default))
        if self.moods and address.startswith("coupe"):
            server.transport.abort()
        if self.moods and address.startswith("lent"):
            await asyncio.sleep(self.patience)
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.login = (data.login, data.password)
        return AuthResult(success=False, handled=False)


def opened(office: Office, settings, **options):
    """The office on this machine, as the site's mail server; stop what it gives."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port, **options)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, False
    settings.EMAIL_TIMEOUT = 0.5
    return controller
