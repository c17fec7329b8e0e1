// How a test drives the peer and reads what it saw: JSON in, JSON out, under /control/. README.md lists the routes.

import { signRequest } from "@fedify/fedify";
import { Collection, OrderedCollection } from "@fedify/vocab";
import { judgeDocument } from "./judge.mjs";
import { Refusal } from "./notes.mjs";
import { json, signatureForm } from "./wire.mjs";

const SPECS = { cavage: "draft-cavage-http-signatures-12", rfc9421: "rfc9421" };

export function createControl({ voice, state, queue, keyPairs, settings, loaders }) {
  const { ctx } = voice;
  const loadSigned = async (url) => await (await ctx.getDocumentLoader({ identifier: settings.handle }))(url);

  /** What Fedify understood (json) beside what was served (raw), as far as the object has an address of its own. */
  async function look(address) {
    const object = await voice.lookup(address);
    if (object == null) throw new Refusal(404, `Fedify makes nothing of ${address}`);
    const understood = await object.toJsonLd({ format: "compact", contextLoader: ctx.contextLoader });
    const raw = object.id == null ? null : (await loadSigned(object.id.href)).document;
    const { proof } = await judgeDocument(raw, loaders);
    return { type: object.constructor.name, id: object.id?.href ?? null, json: understood, raw, proof };
  }

  async function walk(url) {
    const collection = await voice.lookup(url);
    if (!(collection instanceof Collection || collection instanceof OrderedCollection)) {
      throw new Refusal(404, `no collection at ${url}`);
    }
    const documentLoader = await ctx.getDocumentLoader({ identifier: settings.handle });
    const items = [];
    for await (const item of ctx.traverseCollection(collection, { documentLoader })) {
      items.push({ type: item.constructor.name, id: item.id?.href ?? null });
      if (items.length >= 200) break;
    }
    return { totalItems: collection.totalItems, items };
  }

  async function settled({ timeout = "5000" }) {
    const deadline = Date.now() + Number(timeout);
    while (!(await queue.isIdle())) {
      if (Date.now() > deadline) return { settled: false };
      await new Promise((wake) => setTimeout(wake, 5));
    }
    return { settled: true };
  }

  /** Sends any JSON, however odd, in one signed request: for what Fedify's own vocabulary would never say. */
  async function send({ inbox, json: document, form = "cavage" }) {
    const headers = { "Content-Type": "application/activity+json" };
    const request = new Request(inbox, { method: "POST", headers, body: JSON.stringify(document) });
    const keyId = new URL("#main-key", ctx.getActorUri(settings.handle));
    const spec = SPECS[form];
    const signed = form === "none" ? request : await signRequest(request, keyPairs[0].privateKey, keyId, { spec });
    const response = await fetch(signed);
    return { status: response.status, form: signatureForm(signed.headers), body: await response.text() };
  }

  function setPolicy({ follow }) {
    if (!["accept", "reject", "hold"].includes(follow)) throw new Refusal(400, "follow is accept, reject or hold");
    state.followPolicy = follow;
    return { follow };
  }

  function forget() {
    for (const journal of [state.received, state.requests, state.sent, state.log]) journal.length = 0;
    return {};
  }

  const since = (journal) => ({ since = "0" }) => journal.slice(Number(since));
  const follows = () => [...state.following.values()].map(({ actor, id, state }) => ({ actor, id, state }));
  const followers = () => [...state.followers.values()].map(({ id, followId }) => ({ actor: id.href, id: followId }));
  const { publish, reply, edit, withdraw, follow, unfollow, boost, unboost, like, unlike } = voice;
  const routes = {
    POST: { publish, reply, edit, withdraw, follow, unfollow, boost, unboost, like, unlike, send, policy: setPolicy, forget },
    GET: {
      received: since(state.received),
      requests: since(state.requests),
      sent: since(state.sent),
      log: since(state.log),
      followers,
      following: follows,
      settled,
      actor: () => ({ actor: ctx.getActorUri(settings.handle).href, handle: `@${settings.handle}@${ctx.host}` }),
      lookup: ({ resource }) => look(resource),
      fetch: ({ url }) => look(url),
      collection: ({ url }) => walk(url),
      webfinger: async ({ resource }) => ({ jrd: await ctx.lookupWebFinger(resource) }),
    },
  };

  return async function handleControl(request) {
    const url = new URL(request.url);
    const name = url.pathname.slice("/control/".length);
    const action = Object.hasOwn(routes[request.method] ?? {}, name) ? routes[request.method][name] : null;
    if (action == null) return json({ error: `no ${request.method} /control/${name}` }, 404);
    try {
      const body = request.method === "POST" ? await request.text() : "";
      const input = request.method === "POST" ? JSON.parse(body || "{}") : Object.fromEntries(url.searchParams);
      return json(await action(input));
    } catch (error) {
      const isInput = error instanceof SyntaxError || error.code === "ERR_INVALID_URL";
      const status = error instanceof Refusal ? error.status : isInput ? 400 : 500;
      return json({ error: status === 500 ? String(error.stack) : error.message }, status);
    }
  };
}
