"""Signs and verifies with libraries that we did not write: a line of JSON in, a line of JSON out. README.md lists the questions."""

import copy
import json
import sys

from apsig.draft.sign import Signer
from apsig.draft.verify import Verifier
from apsig.proof import ProofSigner, ProofVerifier
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, algorithms
from multiformats import multibase, multicodec

ALGORITHMS = {"rsa": algorithms.RSA_V1_5_SHA256, "ed25519": algorithms.ED25519}
COVERED = ("@method", "@target-uri", "content-digest")

PRIVATE = {
    "rsa": rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ed25519": ed25519.Ed25519PrivateKey.generate(),
}


class Message:
    """A request as http-message-signatures looks at it."""

    def __init__(self, question):
        self.method = question["method"]
        self.url = question["url"]
        self.headers = dict(question.get("headers", {}))


class OneKey:
    """Gives the one key whatever its id is: whose it must be is not the question here."""

    def __init__(self, key):
        self.key = key

    def resolve_public_key(self, key_id):
        return self.key

    def resolve_private_key(self, key_id):
        return self.key


def keys(_):
    raw = PRIVATE["ed25519"].public_key().public_bytes_raw()
    pem = PRIVATE["rsa"].public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {"rsa": pem.decode(), "ed25519": multibase.encode(multicodec.wrap("ed25519-pub", raw), "base58btc")}


def public_key(text):
    if text.startswith("-----BEGIN"):
        return serialization.load_pem_public_key(text.encode())
    codec, raw = multicodec.unwrap(multibase.decode(text))
    assert codec.name == "ed25519-pub", codec.name
    return ed25519.Ed25519PublicKey.from_public_bytes(raw)


def sign(question):
    body = question["body"].encode()
    if question["form"] == "cavage":
        signer = Signer(
            headers={},
            private_key=PRIVATE[question["algorithm"]],
            method=question["method"],
            url=question["url"],
            key_id=question["key_id"],
            body=body,
        )
        headers = signer.sign()
        # It says the same twice; a server that is asked with a foreign Authorization may look at that first.
        headers.pop("Authorization")
        return {"headers": headers}
    message = Message(question)
    signer = HTTPMessageSigner(
        signature_algorithm=ALGORITHMS[question["algorithm"]],
        key_resolver=OneKey(PRIVATE[question["algorithm"]]),
    )
    signer.sign(message, key_id=question["key_id"], covered_component_ids=COVERED, body=body)
    return {"headers": message.headers}


def verify(question):
    body = question["body"].encode()
    key = public_key(question["key"])
    if question["form"] == "cavage":
        verifier = Verifier(
            public_pem=key,
            method=question["method"],
            url=question["url"],
            headers=question["headers"],
            body=body,
        )
        return {"valid": verifier.verify(raise_on_fail=True) is not None}
    kind = "rsa" if isinstance(key, rsa.RSAPublicKey) else "ed25519"
    verifier = HTTPMessageVerifier(signature_algorithm=ALGORITHMS[kind], key_resolver=OneKey(key))
    covered = COVERED if body else COVERED[:2]
    results = verifier.verify(Message(question), require_components=covered, body=body)
    return {"valid": len(results) == 1}


def prove(question):
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": question["method"],
        "proofPurpose": "assertionMethod",
        "created": question["created"],
    }
    return {"document": ProofSigner(PRIVATE["ed25519"]).sign(question["document"], options)}


def verify_proof(question):
    # It takes the document apart while it looks.
    document = copy.deepcopy(question["document"])
    return {"valid": ProofVerifier(question["key"]).verify(document, raise_on_fail=True) is not None}


QUESTIONS = {"keys": keys, "sign": sign, "verify": verify, "prove": prove, "verify_proof": verify_proof}


def answer(line):
    try:
        question = json.loads(line)
        return QUESTIONS[question["do"]](question)
    except Exception as error:  # whatever the libraries raise is their way of saying no
        return {"valid": False, "why": f"{type(error).__name__}: {error}"}


for line in sys.stdin:
    print(json.dumps(answer(line)), flush=True)
