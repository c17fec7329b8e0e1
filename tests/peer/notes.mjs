// What the peer says: each function makes one activity of Fedify's vocabulary and hands it to Fedify's queue.

import { LanguageString } from "@fedify/fedify";
import {
  Announce, Create, Delete, Follow, isActor, Like, Mention, Note, PUBLIC_COLLECTION, Tombstone, Undo, Update,
} from "@fedify/vocab";
import { Temporal } from "@js-temporal/polyfill";

/** A request that cannot be done, with the HTTP status that says so. */
export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function noteObject(ctx, handle, one) {
  const me = ctx.getActorUri(handle);
  const followers = ctx.getFollowersUri(handle);
  const mentioned = one.mentions.map((actor) => actor.id);
  const isPublic = one.to === "public";
  return new Note({
    id: ctx.getObjectUri(Note, { key: one.key }),
    url: ctx.getObjectUri(Note, { key: one.key }),
    attribution: me,
    tos: isPublic ? [PUBLIC_COLLECTION] : mentioned,
    ccs: isPublic ? [followers, ...mentioned] : [],
    tags: one.mentions.map((actor) => new Mention({ href: actor.id, name: actor.name })),
    // The plain text and the same text under its language, as most servers send both.
    contents: one.language == null ? [one.content] : [one.content, new LanguageString(one.content, one.language)],
    mediaType: "text/html",
    replyTarget: one.inReplyTo == null ? null : new URL(one.inReplyTo),
    published: one.published,
    updated: one.updated,
  });
}

export function createVoice({ federation, settings, state, origin }) {
  const ctx = federation.createContext(new URL(origin), undefined);
  const me = ctx.getActorUri(settings.handle);
  const newActivityId = () => new URL(`/activities/${crypto.randomUUID()}`, origin);

  async function deliver(activity, recipients, options) {
    state.activities.set(activity.id.pathname, activity);
    await ctx.sendActivity({ identifier: settings.handle }, recipients, activity, options);
    return { activity: activity.id.href };
  }

  /** Signed and never from Fedify's cache, which would hide an edit for five minutes. */
  async function lookup(address) {
    const documentLoader = await ctx.getDocumentLoader({ identifier: settings.handle });
    return await ctx.lookupObject(address, { documentLoader });
  }

  async function lookupActor(address) {
    const actor = await lookup(address);
    if (actor == null || !isActor(actor) || actor.id == null || actor.inboxId == null) {
      throw new Refusal(404, `no actor that Fedify can use at ${address}`);
    }
    const name = `@${actor.preferredUsername}@${actor.id.host}`;
    return { id: actor.id, inboxId: actor.inboxId, endpoints: actor.endpoints, name };
  }

  async function lookupAuthor(id) {
    const object = await lookup(id);
    if (object?.attributionId == null) throw new Refusal(404, `no object with an author at ${id}`);
    return await lookupActor(object.attributionId.href);
  }

  function ownNote(id) {
    const one = [...state.notes.values()].find((other) => noteId(other) === id);
    if (one == null || one.withdrawn) throw new Refusal(404, `no note of this peer: ${id}`);
    return one;
  }

  const noteId = (one) => ctx.getObjectUri(Note, { key: one.key }).href;
  const audience = (one) => (one.to === "public" ? [...state.followers.values(), ...one.mentions] : one.mentions);

  /** Public things go by shared inboxes, as they do between real servers; the rest goes to one person. */
  function deliverNote(activity, one) {
    return deliver(activity, audience(one), { preferSharedInbox: one.to === "public" });
  }

  function addressing(one) {
    const { toIds, ccIds } = noteObject(ctx, settings.handle, one);
    return { actor: me, tos: toIds, ccs: ccIds };
  }

  async function say({ content, language, inReplyTo, to = "public", mentions = [] }) {
    if (typeof content !== "string") throw new Refusal(400, "content is missing");
    if (to !== "public" && to !== "direct") throw new Refusal(400, `to is public or direct, not ${to}`);
    const key = crypto.randomUUID();
    const one = { key, content, language, inReplyTo, to, mentions, published: Temporal.Now.instant() };
    state.notes.set(key, one);
    const object = noteObject(ctx, settings.handle, one);
    const id = new URL(`/activities/${key}`, origin);
    const sent = await deliverNote(new Create({ id, ...addressing(one), published: one.published, object }), one);
    return { id: noteId(one), ...sent };
  }

  async function publish({ content, language, to, mentions = [] }) {
    return await say({ content, language, to, mentions: await Promise.all(mentions.map(lookupActor)) });
  }

  async function reply({ inReplyTo, content, language, to }) {
    return await say({ content, language, to, inReplyTo, mentions: [await lookupAuthor(inReplyTo)] });
  }

  async function edit({ id, content, language }) {
    const one = ownNote(id);
    Object.assign(one, { content, language: language ?? one.language, updated: Temporal.Now.instant() });
    const object = noteObject(ctx, settings.handle, one);
    const update = new Update({ id: newActivityId(), ...addressing(one), updated: one.updated, object });
    return { id, ...await deliverNote(update, one) };
  }

  async function withdraw({ id }) {
    const one = ownNote(id);
    one.withdrawn = Temporal.Now.instant();
    const object = new Tombstone({ id: new URL(id), deleted: one.withdrawn });
    return { id, ...await deliverNote(new Delete({ id: newActivityId(), ...addressing(one), object }), one) };
  }

  async function follow({ handle, actor }) {
    const target = await lookupActor(handle ?? actor);
    const id = newActivityId();
    state.following.set(target.id.href, { actor: target.id.href, id: id.href, state: "pending", recipient: target });
    await deliver(new Follow({ id, actor: me, to: target.id, object: target.id }), target);
    return { id: id.href, actor: target.id.href };
  }

  async function unfollow({ handle, actor }) {
    const target = await lookupActor(handle ?? actor);
    const known = state.following.get(target.id.href);
    if (known == null) throw new Refusal(404, `not followed: ${target.id.href}`);
    known.state = "undone";
    return await takeBack(new Follow({ id: new URL(known.id), actor: me, object: target.id }), [target]);
  }

  async function takeBack(activity, recipients) {
    const undo = new Undo({ id: newActivityId(), actor: me, tos: activity.toIds, ccs: activity.ccIds, object: activity });
    return await deliver(undo, recipients);
  }

  async function react(Reaction, id) {
    const author = await lookupAuthor(id);
    const isBoost = Reaction === Announce;
    const recipients = isBoost ? [...state.followers.values(), author] : [author];
    const activity = new Reaction({
      id: newActivityId(),
      actor: me,
      object: new URL(id),
      tos: isBoost ? [PUBLIC_COLLECTION] : [author.id],
      ccs: isBoost ? [ctx.getFollowersUri(settings.handle), author.id] : [],
      published: isBoost ? Temporal.Now.instant() : null,
    });
    state.reactions.set(`${Reaction.name} ${id}`, { activity, recipients });
    return await deliver(activity, recipients);
  }

  async function unreact(Reaction, id) {
    const key = `${Reaction.name} ${id}`;
    const known = state.reactions.get(key);
    if (known == null) throw new Refusal(404, `nothing to undo: ${key}`);
    state.reactions.delete(key);
    return await takeBack(known.activity, known.recipients);
  }

  return {
    ctx, lookup, publish, reply, edit, withdraw, follow, unfollow,
    boost: ({ id }) => react(Announce, id),
    unboost: ({ id }) => unreact(Announce, id),
    like: ({ id }) => react(Like, id),
    unlike: ({ id }) => unreact(Like, id),
  };
}
