// What Fedify thinks of a signature or a proof, asked on its own.
//
// Fedify's inbox stops at the first good credential: an activity with a valid proof gets in although its HTTP
// signature is wrong. A test wants to know about each, so every credential is checked here beside Fedify's own door.

import { hasSignatureLike, verifyProof, verifyRequestDetailed } from "@fedify/fedify";
import { Object as APObject } from "@fedify/vocab";
import { signatureForm } from "./wire.mjs";

/** A key cache of our own, so that these checks leave no trace in Fedify's (which remembers failures for minutes). */
export function createKeyCache() {
  const keys = new Map();
  return {
    get: async (id) => keys.get(id.href),
    set: async (id, key) => void (key == null ? keys.delete(id.href) : keys.set(id.href, key)),
  };
}

export async function judgeHttpSignature(request, loaders) {
  const form = signatureForm(request.headers);
  if (form === "none") return { form, verified: false };
  const header = request.headers.get(form === "rfc9421" ? "signature-input" : "signature");
  try {
    const result = await verifyRequestDetailed(request.clone(), loaders);
    if (result.verified) return { form, verified: true, keyId: result.key.id?.href ?? null, header };
    return { form, verified: false, keyId: result.reason.keyId?.href ?? null, header, why: reasonText(result.reason) };
  } catch (error) {
    // For one, a key's document whose context cannot be loaded.
    return { form, verified: false, keyId: null, header, why: String(error) };
  }
}

function reasonText({ type, result }) {
  if (result?.error != null) return `${type}: ${result.error}`;
  return result?.status == null ? type : `${type}: ${result.status}`;
}

/** The proofs of a document and, when it embeds an object with proofs of its own, of that object. */
export async function judgeDocument(document, loaders) {
  return {
    proof: await judgeProof(document, loaders),
    objectProof: await judgeProof(embeddedObject(document), loaders),
    linkedDataSignature: hasSignatureLike(document),
  };
}

/** A proof covers a document with its context, so an embedded object without one is read with its parent's. */
function embeddedObject(document) {
  const object = document?.object;
  if (typeof object !== "object" || object == null || Array.isArray(object)) return null;
  return "@context" in object ? object : { "@context": document["@context"], ...object };
}

async function judgeProof(document, loaders) {
  if (document?.proof == null) return { present: false, verified: false };
  // A linked data signature is added after the proof, so the proof does not cover it.
  const { signature: _, ...signed } = document;
  try {
    const object = await APObject.fromJsonLd(signed, loaders);
    const methods = [];
    let verified = 0;
    for await (const proof of object.getProofs(loaders)) {
      methods.push(proof.verificationMethodId?.href ?? null);
      if (await verifyProof(signed, proof, loaders)) verified += 1;
    }
    // No method seen means that the context does not define `proof`: to Fedify the document carries none.
    return { present: true, verified: methods.length > 0 && verified === methods.length, methods };
  } catch (error) {
    return { present: true, verified: false, methods: [], why: String(error) };
  }
}
