//! Real content: what real unions' sites say, and texts in many scripts, published by the real command and read back as other servers
//! read it. Nothing may be lost or garbled on the way.

mod own_texts;
mod plain;
mod real_sites;
mod split;
