// All that the peer remembers. It lives in memory only: a test starts a fresh peer.

export function createState() {
  return {
    /** How a Follow is answered: "accept", "reject" or "hold" (no answer). */
    followPolicy: "accept",
    /** actor id -> { id, inboxId, endpoints, followId }: what Fedify needs to deliver to a follower. */
    followers: new Map(),
    /** actor id -> { actor, id, state, recipient }; state is pending, accepted, rejected or undone. */
    following: new Map(),
    /** short id -> our note, also after it was withdrawn, so that its address can answer 410. */
    notes: new Map(),
    /** path -> activity that we sent, so that its id can be fetched as on any other server. */
    activities: new Map(),
    /** "Like https://…" or "Announce https://…" -> what to undo later. */
    reactions: new Map(),
    /** Journals, oldest first. */
    received: [],
    requests: [],
    sent: [],
    log: [],
  };
}

/** The order of journals is the order of arrival, so a clock is for people who read them. */
export function note(journal, entry, limit = 2000) {
  journal.push({ at: new Date().toISOString(), ...entry });
  if (journal.length > limit) journal.shift();
}
