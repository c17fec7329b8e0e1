// Between Node's http module and the Fetch API that Fedify speaks, and the one place that knows about loopback.

import { note } from "./state.mjs";

const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);
const BODY_LIMIT = 4 * 1024 * 1024;

/** Which of the two signature standards a message claims to use, read from its headers alone. */
export function signatureForm(headers) {
  if (headers.has("signature-input")) return "rfc9421";
  return headers.has("signature") ? "cavage" : "none";
}

/**
 * Lets handles be looked up on plain http, and keeps a journal of every request that leaves.
 *
 * Fedify always asks https for `acct:` addresses and has no option for it. A test has no certificates, so https to
 * loopback becomes http here; a redirect's Location is turned back, because Fedify refuses a change of protocol.
 */
export function listenInOnFetch(state) {
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const entry = await describeOutgoing(url, input, init);
    try {
      const response = isHandleLookup(input, url)
        ? secureAgain(await realFetch(withProtocol(url, "http:"), init))
        : await realFetch(input, init);
      note(state.sent, { ...entry, status: response.status });
      return response;
    } catch (error) {
      note(state.sent, { ...entry, status: null, error: String(error.cause ?? error) });
      throw error;
    }
  };
}

async function describeOutgoing(url, input, init) {
  const headers = new Headers(init?.headers ?? input.headers);
  const method = init?.method ?? input.method ?? "GET";
  const entry = { method, url: url.href, form: signatureForm(headers) };
  if (method !== "POST" || !(input instanceof Request)) return entry;
  const activity = await input.clone().json().catch(() => null);
  return { ...entry, type: activity?.type ?? null, id: activity?.id ?? null };
}

/** Fedify passes a Request wherever an id says what protocol to use, and a bare URL for WebFinger alone. */
function isHandleLookup(input, url) {
  return !(input instanceof Request) && url.protocol === "https:" && LOOPBACK.has(url.hostname);
}

function withProtocol(url, protocol) {
  const changed = new URL(url);
  changed.protocol = protocol;
  return changed;
}

function secureAgain(response) {
  const location = response.headers.get("location");
  if (location == null) return response;
  const target = new URL(location, response.url);
  const headers = new Headers(response.headers);
  if (LOOPBACK.has(target.hostname)) headers.set("location", withProtocol(target, "https:").href);
  return new Response(null, { status: response.status, headers });
}

/** Reads one request of Node's http server into a Request. Header lines keep their number: a signature may have two. */
export async function toRequest(incoming, origin) {
  const headers = new Headers();
  for (let i = 0; i < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i], incoming.rawHeaders[i + 1]);
  }
  const { method } = incoming;
  const body = method === "GET" || method === "HEAD" ? undefined : await readBody(incoming);
  return new Request(new URL(incoming.url, origin), { method, headers, body });
}

async function readBody(incoming) {
  const chunks = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw new Error("the body is larger than this peer reads");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function sendResponse(outgoing, response) {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

export function json(value, status = 200, type = "application/json") {
  return new Response(JSON.stringify(value), { status, headers: { "Content-Type": type } });
}
