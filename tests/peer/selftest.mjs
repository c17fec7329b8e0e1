// Two peers against each other, once for each signature standard, the second time with notes for signed readers only:
// that the tool itself works, before it judges others.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

for (const knock of ["cavage", "rfc9421"]) {
  const started = Date.now();
  const peers = await Promise.all([start("union", knock), start("ally", knock)]);
  try {
    await rehearse(...peers, knock);
    console.log(`${knock}: good, ${Date.now() - started} ms`);
  } finally {
    await Promise.all(peers.map(stop));
  }
}

async function start(handle, knock) {
  const env = {
    ...process.env,
    PEER_PORT: "0",
    PEER_HANDLE: handle,
    PEER_FIRST_KNOCK: knock,
    PEER_SECURE: isSecure(knock) ? "1" : "0",
    PEER_LEAVE_WITH_STDIN: "1",
  };
  const program = fileURLToPath(new URL("peer.mjs", import.meta.url));
  const child = spawn(process.execPath, [program], { env, stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  const { origin } = JSON.parse(line);
  return { child, origin, handle: `@${handle}@${new URL(origin).host}`, actor: `${origin}/users/${handle}` };
}

function isSecure(knock) {
  return knock === "rfc9421";
}

async function stop({ child }) {
  child.stdin.end();
  await once(child, "exit");
}

async function call(peer, method, path, body) {
  const response = await fetch(`${peer.origin}/control/${path}`, { method, body: body && JSON.stringify(body) });
  const answer = await response.json();
  assert.equal(response.status, 200, `${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

async function get(peer, path) {
  return await call(peer, "GET", path);
}

/** One step and all that it causes on both sides. */
async function act(peer, other, path, body = {}) {
  const answer = await call(peer, "POST", path, body);
  for (const one of [peer, other]) assert.ok((await get(one, "settled")).settled, `${path} did not settle`);
  return answer;
}

async function rehearse(union, ally, knock) {
  await followEachOther(union, ally);
  const { id } = await act(union, ally, "publish", { content: "<p>We strike on Monday.</p>", language: "en" });
  await expectLast(ally, "Create", union, knock);
  await readAsFedifyDoes(ally, union, id);
  assert.equal((await fetch(id, asActivity())).status, isSecure(knock) ? 401 : 200);

  const answer = await act(ally, union, "reply", { inReplyTo: id, content: "<p>With you!</p>" });
  assert.equal((await expectLast(union, "Create", ally, knock)).json.object.inReplyTo, id);
  await act(ally, union, "reply", { inReplyTo: id, content: "<p>Between us</p>", to: "direct" });
  const whispered = await expectLast(union, "Create", ally, knock);
  assert.equal(JSON.stringify(whispered.json).includes("#Public"), false);
  assert.equal((await fetch(whispered.object, asActivity())).status, 401);

  await act(union, ally, "edit", { id, content: "<p>We strike on Tuesday.</p>" });
  const edited = await expectLast(ally, "Update", union, knock);
  assert.match(edited.json.object.content, /Tuesday/);
  await reactAndUndo(ally, union, id, knock);

  await act(union, ally, "withdraw", { id });
  assert.equal((await expectLast(ally, "Delete", union, knock)).json.object.type, "Tombstone");
  assert.equal((await fetch(id, asActivity())).status, 410);
  await act(ally, union, "withdraw", { id: answer.id });
  await expectLast(union, "Delete", ally, knock);
  await leave(union, ally, knock);
  await sendOddThings(ally, union);
}

async function followEachOther(union, ally) {
  await act(ally, union, "follow", { handle: union.handle });
  assert.deepEqual((await get(ally, "following")).map((one) => one.state), ["accepted"]);
  assert.deepEqual((await get(union, "followers")).map((one) => one.actor), [ally.actor]);
  await act(union, ally, "follow", { actor: ally.actor });
  assert.deepEqual((await get(union, "following")).map((one) => one.state), ["accepted"]);
}

async function expectLast(peer, type, from, form) {
  const last = (await get(peer, "received")).at(-1);
  assert.equal(last.type, type);
  assert.equal(last.actor, from.actor);
  assert.equal(last.signature.form, form);
  assert.equal(last.signature.verified, true, last.signature.why);
  assert.deepEqual([last.proof.present, last.proof.verified], [true, true]);
  return last;
}

async function readAsFedifyDoes(reader, author, id) {
  const read = await get(reader, `fetch?url=${encodeURIComponent(id)}`);
  assert.deepEqual([read.type, read.id], ["Note", id]);
  assert.equal(read.json.contentMap.en, read.json.content);
  const byHandle = await get(reader, `lookup?resource=${encodeURIComponent(author.handle)}`);
  assert.equal(byHandle.id, author.actor);
  const outbox = await get(reader, `collection?url=${encodeURIComponent(`${author.actor}/outbox`)}`);
  assert.equal(outbox.totalItems, 1);
}

async function reactAndUndo(ally, union, id, form) {
  for (const [todo, undo, type] of [["boost", "unboost", "Announce"], ["like", "unlike", "Like"]]) {
    await act(ally, union, todo, { id });
    assert.equal((await expectLast(union, type, ally, form)).object, id);
    await act(ally, union, undo, { id });
    assert.equal((await expectLast(union, "Undo", ally, form)).json.object.type, type);
  }
}

async function leave(union, ally, form) {
  await act(ally, union, "unfollow", { handle: union.handle });
  await expectLast(union, "Undo", ally, form);
  assert.deepEqual(await get(union, "followers"), []);
  await act(union, ally, "policy", { follow: "reject" });
  await act(ally, union, "follow", { actor: union.actor });
  assert.deepEqual((await get(ally, "following")).map((one) => one.state), ["rejected"]);
}

async function sendOddThings(ally, union) {
  const odd = { "@context": "https://www.w3.org/ns/activitystreams", type: "Offer", actor: ally.actor, object: union.actor };
  for (const [form, status] of [["cavage", 202], ["rfc9421", 202], ["none", 401]]) {
    const json = { ...odd, id: `${ally.origin}/odd/${form}` };
    const answer = await call(ally, "POST", "send", { inbox: `${union.origin}/inbox`, json, form });
    assert.equal(answer.status, status);
  }
  assert.equal((await get(union, "received")).at(-1).type, "Offer");
}

function asActivity() {
  return { headers: { Accept: "application/activity+json" } };
}
