"""A mail server for tests, on a port that the system chooses, until it is killed.

Usage: mail.py FOLDER smtps|starttls|plain|inject|inject-half [USER PASSWORD]

The modes inject are no mail server: what answers to STARTTLS goes on with the replies to a whole message, in clear, and knows
no TLS.

It writes the port to its standard error, and writes each message as a line of JSON into FOLDER/mails. FOLDER/ca.pem is its certificate, good for
localhost. Who writes to refused@… gets 550, to later@… 451.
"""
import asyncio
import email
import email.policy
import json
import ssl
import subprocess
import sys

from aiosmtpd.smtp import SMTP, AuthResult

folder, mode, *login = sys.argv[1:]
subprocess.run(
    ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
     "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{folder}/key.pem",
     "-out", f"{folder}/ca.pem"],
    check=True, capture_output=True)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(f"{folder}/ca.pem", f"{folder}/key.pem")


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 5.1.1 no such user"
        if address.startswith("later@"):
            return "451 4.3.0 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        with open(f"{folder}/mails", "a") as file:
            line = {
                "from": envelope.mail_from, "to": envelope.rcpt_tos, "header_to": message["To"],
                "subject": message["Subject"], "id": message["Message-ID"], "date": message["Date"],
                "automatic": message["Auto-Submitted"], "text": message.get_content(),
                "secure": session.ssl is not None or mode == "smtps",
                "user": session.auth_data.login.decode() if session.auth_data else None,
                "longest": max(len(line) for line in envelope.content.split(b"\r\n")),
                "defects": [str(defect) for part in message.walk() for defect in part.defects],
            }
            file.write(json.dumps(line) + "\n")
        return "250 OK"


def check(server, session, envelope, mechanism, data):
    is_right = [data.login.decode(), data.password.decode()] == login
    return AuthResult(success=is_right, handled=False, auth_data=data if is_right else None)


def serve():
    return SMTP(
        Handler(), hostname="localhost", tls_context=context if mode == "starttls" else None,
        authenticator=check if login else None, auth_required=bool(login), auth_require_tls=mode == "starttls")


async def inject(reader, writer):
    writer.write(b"220 localhost\r\n")
    replies = b"250-localhost\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n"
    while line := await reader.readline():
        if line.startswith(b"EHLO"):
            writer.write(b"250-localhost\r\n250 STARTTLS\r\n")
        elif line.startswith(b"STARTTLS"):
            writer.write(b"220 go\r\n" + (replies if mode == "inject" else b"250"))
        await writer.drain()


async def main():
    loop = asyncio.get_running_loop()
    if mode.startswith("inject"):
        server = await asyncio.start_server(inject, "127.0.0.1", 0)
    else:
        server = await loop.create_server(serve, "127.0.0.1", 0, ssl=context if mode == "smtps" else None)
    print("port", server.sockets[0].getsockname()[1], file=sys.stderr, flush=True)
    await server.serve_forever()


asyncio.run(main())
