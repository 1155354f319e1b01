"""A real SMTP server for tests (aiosmtpd), on a free port of 127.0.0.1."""

import asyncio
import email
import email.policy
import threading

from aiosmtpd.smtp import SMTP, AuthResult


class Received:
    """A mail as it came in, and the connection it came by."""

    def __init__(self, session, envelope):
        self.sender = envelope.mail_from
        self.recipients = envelope.rcpt_tos
        self.content = envelope.content
        self.message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.encrypted = session.ssl is not None
        self.authenticated = session.authenticated


class MailServer:
    """`with MailServer() as server:` serves until the block ends.

    `tls` is an ssl.SSLContext offered by STARTTLS, or, with `implicit`, spoken from the start.
    `users` maps names to passwords: then nobody else may send. `answers` replaces the answer to a
    command ("MAIL", "RCPT", "DATA", "QUIT") by a text or by an async function (server, session).
    """

    def __init__(self, tls=None, implicit=False, users=None, answers=None, **smtp_options):
        self.users = users
        self.answers = answers or {}
        self.mails = []
        self.commands = []  # (command, was it encrypted?)
        self.tls = tls
        self.implicit = implicit
        self.options = smtp_options
        if tls and not implicit:
            self.options["tls_context"] = tls
        if users is not None:
            self.options |= {"authenticator": self.authenticate, "auth_required": True}

    def __enter__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

        def protocol():
            return SMTP(Handler(self), loop=self.loop, hostname="mail.test", **self.options)

        serving = self.loop.create_server(
            protocol, "127.0.0.1", 0, ssl=self.tls if self.implicit else None
        )
        self.server = asyncio.run_coroutine_threadsafe(serving, self.loop).result()
        self.port = self.server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_):
        asyncio.run_coroutine_threadsafe(self.stop(), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def stop(self):
        self.server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def authenticate(self, server, session, envelope, mechanism, login):
        self.commands.append((f"AUTH {mechanism}", session.ssl is not None))
        name, password = login.login.decode(), login.password.decode()
        right = self.users.get(name) == password
        return AuthResult(success=right, handled=False, auth_data=name)


class Handler:
    def __init__(self, owner):
        self.owner = owner

    async def answer(self, command, server, session):
        self.owner.commands.append((command, session.ssl is not None))
        answer = self.owner.answers.get(command)
        return await answer(server, session) if callable(answer) else answer

    async def handle_MAIL(self, server, session, envelope, address, options):
        if refusal := await self.answer("MAIL", server, session):
            return refusal
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if refusal := await self.answer("RCPT", server, session):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if refusal := await self.answer("DATA", server, session):
            return refusal
        self.owner.mails.append(Received(session, envelope))
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):
        return await self.answer("QUIT", server, session) or "221 Bye"
