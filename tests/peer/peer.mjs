// A fediverse server that the project did not write: Fedify, with one actor, driven by a test over /control/.
// It says {"origin": "http://127.0.0.1:PORT"} on stdout once it can be asked. README.md tells the rest.

import { AsyncLocalStorage } from "node:async_hooks";
import { createServer } from "node:http";
import process from "node:process";
import { getDocumentLoader } from "@fedify/fedify";
import { Note, Tombstone } from "@fedify/vocab";
import { configure } from "@logtape/logtape";
import { createControl } from "./control.mjs";
import { createPeer, credentials } from "./federation.mjs";
import { createKeyCache, judgeDocument, judgeHttpSignature } from "./judge.mjs";
import { createVoice } from "./notes.mjs";
import { createState, note } from "./state.mjs";
import { json, listenInOnFetch, sendResponse, toRequest } from "./wire.mjs";

const settings = readSettings(process.env);
const state = createState();
await keepLog();
listenInOnFetch(state);

const { federation, queue, keyPairs } = await createPeer(settings, state);
const server = createServer();
await new Promise((ready) => server.listen(settings.port, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;
const voice = createVoice({ federation, settings, state, origin });
const loaders = await createLoaders();
const handleControl = createControl({ voice, state, queue, keyPairs, settings, loaders: loaders.signed });

server.on("request", async (incoming, outgoing) => {
  try {
    const request = await toRequest(incoming, origin);
    const isControl = new URL(request.url).pathname.startsWith("/control/");
    await sendResponse(outgoing, await (isControl ? handleControl(request) : handleFederation(request)));
  } catch (error) {
    await sendResponse(outgoing, failed(error));
  }
});
leaveWhenAsked();
console.log(JSON.stringify({ origin }));

function readSettings(env) {
  const knocks = { cavage: "draft-cavage-http-signatures-12", rfc9421: "rfc9421" };
  const knock = env.PEER_FIRST_KNOCK ?? "rfc9421";
  if (!(knock in knocks)) throw new Error(`PEER_FIRST_KNOCK is cavage or rfc9421, not ${knock}`);
  return {
    port: Number(env.PEER_PORT ?? 0),
    handle: env.PEER_HANDLE ?? "ally",
    type: env.PEER_TYPE ?? "Organization",
    firstKnock: knocks[knock],
    /** Whether notes are shown to signed requests only ("authorized fetch", "secure mode"). */
    secure: env.PEER_SECURE === "1",
    attempts: Number(env.PEER_ATTEMPTS ?? 6),
    loud: env.PEER_LOG === "1",
    leaveWithStdin: env.PEER_LEAVE_WITH_STDIN === "1",
  };
}

/**
 * A key is fetched with a signature, for servers that show their actors to known servers only; but without one when it
 * is a GET that is being judged. Else two servers that check each other's GETs would ask for keys without end.
 */
async function createLoaders() {
  const shared = { contextLoader: voice.ctx.contextLoader, keyCache: createKeyCache() };
  return {
    signed: { ...shared, documentLoader: await voice.ctx.getDocumentLoader({ identifier: settings.handle }) },
    plain: { ...shared, documentLoader: getDocumentLoader({ allowPrivateAddress: true }) },
  };
}

/** Judges what came, then lets Fedify handle it as it would anywhere. */
async function handleFederation(request) {
  const { pathname, search } = new URL(request.url);
  const isPost = request.method === "POST";
  const signature = await judgeHttpSignature(request, isPost ? loaders.signed : loaders.plain);
  const found = { signature, json: null };
  if (isPost) {
    found.json = await request.clone().json().catch(() => null);
    Object.assign(found, await judgeDocument(found.json, loaders.signed));
  }
  const serve = () => federation.fetch(request, { contextData: undefined, onNotFound: serveRemains });
  const response = await credentials.run(found, serve).catch(failed);
  note(state.requests, {
    method: request.method,
    path: pathname + search,
    accept: request.headers.get("accept"),
    signature,
    type: found.json?.type ?? null,
    id: found.json?.id ?? null,
    status: response.status,
  });
  return response;
}

/** Fedify throws where it could not decide, for one when a document's context cannot be loaded: ask again later. */
function failed(error) {
  note(state.log, { level: "error", category: "peer.door", text: String(error.stack) });
  return json({ error: String(error) }, 500);
}

/** What Fedify has no dispatcher for: the Tombstone of a withdrawn note, and the activities that were sent. */
async function serveRemains(request) {
  const { pathname, href } = new URL(request.url);
  const withdrawn = state.notes.get(voice.ctx.parseUri(new URL(href))?.values?.key)?.withdrawn;
  if (withdrawn != null) {
    const tombstone = new Tombstone({ id: new URL(href), formerType: Note, deleted: withdrawn });
    return json(await tombstone.toJsonLd(voice.ctx), 410, "application/activity+json");
  }
  const activity = state.activities.get(pathname);
  if (activity == null) return new Response("Not Found", { status: 404 });
  return json(await activity.toJsonLd(voice.ctx), 200, "application/activity+json");
}

/** Fedify says why it refused something only in its log, so the log can be read over /control/log. */
async function keepLog() {
  const keep = ({ category, level, message }) => {
    const text = message.map((part) => (typeof part === "string" ? part : inspect(part))).join("");
    const line = { level, category: category.join("."), text: text.slice(0, 2000) };
    note(state.log, line, 500);
    if (settings.loud) console.error(`${line.level} ${line.category}: ${line.text}`);
  };
  await configure({
    sinks: { keep },
    loggers: [
      { category: ["fedify"], sinks: ["keep"], lowestLevel: "info" },
      { category: ["fedify", "sig"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: ["keep"], lowestLevel: "warning" },
    ],
    contextLocalStorage: new AsyncLocalStorage(),
  });
}

function inspect(value) {
  if (value instanceof Error) return String(value.stack);
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}

/** A test that dies must not leave its peer behind: it may ask the peer to go when their pipe closes. */
function leaveWhenAsked() {
  for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => process.exit(0));
  if (settings.leaveWithStdin) process.stdin.resume().on("close", () => process.exit(0));
  process.on("unhandledRejection", (error) => console.error(error));
}
