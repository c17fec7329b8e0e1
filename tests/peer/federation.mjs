// The fediverse server itself: one actor and its notes, all of it Fedify's work.

import { AsyncLocalStorage } from "node:async_hooks";
import { createExponentialBackoffPolicy, createFederation, InProcessMessageQueue, MemoryKvStore } from "@fedify/fedify";
import {
  Accept, Activity, Create, Endpoints, Follow, Note, Organization, Person, PUBLIC_COLLECTION, Reject, Undo,
} from "@fedify/vocab";
import { noteObject } from "./notes.mjs";
import { note } from "./state.mjs";

/** What the door found out about the request whose activity Fedify is handing to a listener right now. */
export const credentials = new AsyncLocalStorage();

/** Delivers at once, and can say when nothing is left to do: tests wait for that instead of sleeping. */
class OutboxQueue extends InProcessMessageQueue {
  #busy = 0;

  listen(handler, options) {
    return super.listen(async (message) => {
      this.#busy += 1;
      try {
        await handler(message);
      } finally {
        this.#busy -= 1;
      }
    }, options);
  }

  async isIdle() {
    return this.#busy === 0 && (await this.getDepth()).queued === 0;
  }
}

export async function createPeer(settings, state) {
  const queue = new OutboxQueue();
  const federation = createFederation({
    kv: new MemoryKvStore(),
    // No queue for the inbox: when the answer to a delivery arrives, its activity was handled.
    queue: { outbox: queue },
    allowPrivateAddress: true,
    firstKnock: settings.firstKnock,
    circuitBreaker: false,
    outboxRetryPolicy: createExponentialBackoffPolicy({
      initialDelay: { milliseconds: 50 },
      maxDelay: { milliseconds: 500 },
      maxAttempts: settings.attempts,
      jitter: false,
    }),
  });
  const keyPairs = await generateKeyPairs();
  serveActor(federation, settings, keyPairs);
  serveCollections(federation, settings, state);
  serveNotes(federation, settings, state);
  listenToInbox(federation, settings, state);
  return { federation, queue, keyPairs };
}

/** 2048 bits, where Fedify's own generator takes 4096 and seconds of a test's time. */
async function generateKeyPairs() {
  const rsa = {
    name: "RSASSA-PKCS1-v1_5",
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: "SHA-256",
  };
  return [
    await crypto.subtle.generateKey(rsa, true, ["sign", "verify"]),
    await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]),
  ];
}

function serveActor(federation, settings, keyPairs) {
  const ActorType = settings.type === "Person" ? Person : Organization;
  federation
    .setActorDispatcher("/users/{identifier}", async (ctx, identifier) => {
      if (identifier !== settings.handle) return null;
      const keys = await ctx.getActorKeyPairs(identifier);
      return new ActorType({
        id: ctx.getActorUri(identifier),
        preferredUsername: identifier,
        name: `The peer ${identifier}`,
        summary: "<p>A server that the project did not write.</p>",
        url: ctx.getActorUri(identifier),
        inbox: ctx.getInboxUri(identifier),
        outbox: ctx.getOutboxUri(identifier),
        followers: ctx.getFollowersUri(identifier),
        following: ctx.getFollowingUri(identifier),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        manuallyApprovesFollowers: false,
        discoverable: true,
        publicKey: keys[0].cryptographicKey,
        assertionMethods: keys.map((key) => key.multikey),
      });
    })
    .setKeyPairsDispatcher(() => keyPairs)
    .mapHandle((_ctx, username) => (username === settings.handle ? username : null));
}

function serveCollections(federation, settings, state) {
  federation
    .setFollowersDispatcher("/users/{identifier}/followers", () => ({ items: [...state.followers.values()] }))
    .setCounter(() => state.followers.size);
  const accepted = () => [...state.following.values()].filter((one) => one.state === "accepted");
  federation
    .setFollowingDispatcher("/users/{identifier}/following", () => ({
      items: accepted().map((one) => new URL(one.actor)),
    }))
    .setCounter(() => accepted().length);
  const published = () => [...state.notes.values()].filter((one) => one.to === "public" && !one.withdrawn);
  federation
    .setOutboxDispatcher("/users/{identifier}/outbox", (ctx) => ({
      items: published().reverse().map((one) => new Create({
        id: new URL(`/activities/${one.key}`, ctx.origin),
        actor: ctx.getActorUri(settings.handle),
        to: PUBLIC_COLLECTION,
        object: noteObject(ctx, settings.handle, one),
      })),
    }))
    .setCounter(() => published().length);
}

function serveNotes(federation, settings, state) {
  federation
    .setObjectDispatcher(Note, "/notes/{key}", (ctx, { key }) => {
      const found = state.notes.get(key);
      return found == null || found.withdrawn ? null : noteObject(ctx, settings.handle, found);
    })
    .authorize(async (ctx, { key }) => {
      const found = state.notes.get(key);
      if (found?.to === "direct") {
        const reader = await ctx.getSignedKeyOwner();
        return found.mentions.some((one) => one.id.href === reader?.id?.href);
      }
      return !settings.secure || (await ctx.getSignedKey()) != null;
    });
}

function listenToInbox(federation, settings, state) {
  const heard = (handle) => async (ctx, activity) => {
    record(state, ctx, activity);
    await handle?.(ctx, activity);
  };
  federation
    .setInboxListeners("/users/{identifier}/inbox", "/inbox")
    .setSharedKeyDispatcher(() => ({ identifier: settings.handle }))
    .on(Follow, heard((ctx, follow) => answerFollow(ctx, follow, settings, state)))
    .on(Undo, heard((_ctx, undo) => forgetFollower(undo, state)))
    .on(Accept, heard((_ctx, accept) => settleFollow(accept, "accepted", state)))
    .on(Reject, heard((_ctx, reject) => settleFollow(reject, "rejected", state)))
    // Every other type, also those that this peer has no use for: the journal shows that they arrived.
    .on(Activity, heard())
    .onError((_ctx, error) => note(state.log, { level: "error", category: "peer.inbox", text: String(error?.stack) }));
}

function record(state, ctx, activity) {
  const found = credentials.getStore();
  note(state.received, {
    type: found.json.type,
    id: activity.id?.href ?? null,
    actor: activity.actorId?.href ?? null,
    object: activity.objectId?.href ?? null,
    inbox: ctx.recipient == null ? "shared" : "personal",
    signature: found.signature,
    proof: found.proof,
    objectProof: found.objectProof,
    linkedDataSignature: found.linkedDataSignature,
    json: found.json,
  });
}

async function answerFollow(ctx, follow, settings, state) {
  const me = ctx.getActorUri(settings.handle);
  if (follow.objectId?.href !== me.href || state.followPolicy === "hold") return;
  const follower = await follow.getActor(ctx);
  if (follower?.id == null || follower.inboxId == null) throw new Error("a follower without id or inbox");
  const accepted = state.followPolicy === "accept";
  if (accepted) {
    const { id, inboxId, endpoints } = follower;
    state.followers.set(id.href, { id, inboxId, endpoints, followId: follow.id?.href });
  }
  const Answer = accepted ? Accept : Reject;
  const answer = new Answer({
    id: new URL(`/activities/${crypto.randomUUID()}`, ctx.origin),
    actor: me,
    to: follower.id,
    object: follow,
  });
  await ctx.sendActivity({ identifier: settings.handle }, follower, answer);
}

/** An Undo may embed the Follow or name it by its id; only its own author can take it back. */
function forgetFollower(undo, state) {
  const follower = state.followers.get(undo.actorId?.href);
  if (follower == null) return;
  const embedded = credentials.getStore().json.object;
  if (undo.objectId?.href === follower.followId || embedded?.type === "Follow") {
    state.followers.delete(undo.actorId.href);
  }
}

function settleFollow(answer, outcome, state) {
  const follow = state.following.get(answer.actorId?.href);
  const embedded = credentials.getStore().json.object;
  if (follow == null || follow.state === "undone") return;
  if (answer.objectId?.href === follow.id || embedded?.type === "Follow") follow.state = outcome;
}
