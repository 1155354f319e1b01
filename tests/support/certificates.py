"""Certificates for test servers, made with the openssl program."""

import ssl
import subprocess


def openssl(folder, *words):
    finished = subprocess.run(
        ["openssl", *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert finished.returncode == 0, finished.stdout


class Authority:
    """A certificate authority in `folder`; clients that are to trust it are given `ca_file`."""

    def __init__(self, folder):
        self.folder = folder
        self.ca_file = folder / "ca.pem"
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key"]
        openssl(folder, "req", "-x509", *key, "-out", "ca.pem", "-days", "30", "-subj", "/CN=test")

    def server_context(self, names="IP:127.0.0.1,DNS:localhost"):
        """The TLS of a server with these names, as OpenSSL writes them."""
        key = ["-newkey", "rsa:2048", "-nodes", "-keyout", "server.key"]
        openssl(self.folder, "req", *key, "-out", "server.csr", "-subj", "/CN=server")
        (self.folder / "names").write_text(f"subjectAltName={names}\n")
        signer = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30"]
        request = ["-req", "-in", "server.csr", "-out", "server.pem", "-extfile", "names"]
        openssl(self.folder, "x509", *request, *signer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        return context
