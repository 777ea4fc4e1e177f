"""Certificates made for one run: an authority that is trusted for as long, and servers that it vouches for, or does not."""

import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from translator.endpoints.spapi import network

HOST = "localhost"


@dataclass(frozen=True)
class Signed:
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def text(self):
        private = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return private + self.certificate.public_bytes(serialization.Encoding.PEM)


class Authority:
    """The servers by their ways: `good`, `expired`, `self-signed`, `other name`, `old` (TLS 1.1 at most)."""

    def __init__(self, folder):
        self._root = _signed("the matrix", None)
        self._folder = folder
        self._trust = None
        self.servers = {
            "good": self._server(_signed(HOST, self._root)),
            "expired": self._server(_signed(HOST, self._root, days=-1)),
            "self-signed": self._server(_signed(HOST, None)),
            "other name": self._server(_signed("other.example", self._root)),
            "old": _old(self._server(_signed(HOST, self._root))),
        }

    def trusted_by(self, monkeypatch):
        """Have the endpoints trust this authority beside the usual ones; all else stays as strict as it is."""
        if self._trust is None:  # read once: it takes long
            self._trust = network.trusting()
            self._trust.load_verify_locations(
                cadata=self._root.certificate.public_bytes(serialization.Encoding.PEM).decode()
            )
        monkeypatch.setattr(network, "trusting", lambda: self._trust)

    def _server(self, signed):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        path = self._folder / f"{signed.certificate.serial_number}.pem"
        path.write_bytes(signed.text())
        context.load_cert_chain(path)
        return context


def _signed(name, by, days=30):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=name == "the matrix", path_length=None), critical=True)
    )
    return Signed(key, builder.sign(by.key if by else key, hashes.SHA256()))


def _old(context):
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that it is deprecated is why it is here
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context
