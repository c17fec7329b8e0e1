//! Tools that we did not write judge a real node (`tests/peer/conformance.mjs`): npm's activitypub-testing, and the official schemas of
//! NodeInfo. What does not pass stands here with its reason; anything else that does not pass fails the test.

use std::process::Command;

use serde_json::Value;

use crate::processes::database::on_both;
use crate::processes::ended::ended;
use crate::processes::union::Union;
use crate::processes::variable;

/// What the tool says of the union's actor.
const ACTOR: [(&str, &str, &str); 15] = [
    ("actor-must-serve-as2-object-to-get", "passed", ""),
    ("actor-objects-must-have-inbox-outbox-properties", "passed", ""),
    ("outbox-must-be-an-orderedcollection", "passed", ""),
    ("followers-collection-must-be-a-collection", "passed", ""),
    ("following-collection-must-be-a-collection", "passed", ""),
    ("inbox-must-be-an-orderedcollection", "inapplicable", INBOX),
    ("liked-collection-must-be-a-collection", "inapplicable", "a union likes nothing, so it has no `liked`"),
    ("likes-collection-must-be-a-collection", "inapplicable", OF_POSTS),
    ("shares-collection-must-be-a-collection", "inapplicable", OF_POSTS),
    ("outbox-post-servers-must-return-a-201-created-http-code", "inapplicable", CLIENTS),
    ("outbox-post-must-accept-non-activity-object", "inapplicable", CLIENTS),
    ("outbox-wraps-object-with-create-checked-using-get-location", "inapplicable", CLIENTS),
    ("post-outbox-server-overwrites-id-property", "inapplicable", CLIENTS),
    ("outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get", "inapplicable", CLIENTS),
    ("create-then-update-modifies-object-checked-by-get", "inapplicable", CLIENTS),
];
const INBOX: &str = "what others sent us is nobody else's affair: an inbox answers GET with 405";
const OF_POSTS: &str = "this is about posts; a statement passes it";
const CLIENTS: &str =
    "nobody publishes by posting to our outbox (ActivityPub's client-to-server part): that is the editors' business";

/// What it says of a statement, where that differs from the actor: the tests that are about posts.
const STATEMENT: [(&str, &str); 2] =
    [("likes-collection-must-be-a-collection", "passed"), ("shares-collection-must-be-a-collection", "passed")];

on_both! {
    fn a_node_is_what_others_tools_expect(on) {
        let (Some(node), Some(folder), Some(fixtures)) =
            (variable("TEST_PEER_NODE"), variable("TEST_PEER"), crate::fixtures::folder())
        else {
            println!("skipped: TEST_PEER or TEST_FIXTURES is not set");
            return;
        };
        let union = Union::start(on, "press");
        let statement = union.publish("# Locked out\n\nFor asking for rest. #Lockout", &[]);
        let schemas = fixtures.join("nodeinfo");
        let mut command = Command::new(node);
        command.arg("conformance.mjs").args([&union.actor(), &statement]).arg(schemas).current_dir(folder);
        let said = ended(&mut command);
        assert_eq!(said.code, Some(0), "{}", said.stderr);
        let judged = said.document();

        let of_actor = judged["actor"].as_object().expect("outcomes");
        for (test, outcome, reason) in ACTOR {
            assert_eq!(of_actor.get(test).map(|said| &said["outcome"]), Some(&Value::from(outcome)), "{test}: {reason} {judged}");
        }
        assert_eq!(of_actor.len(), ACTOR.len(), "a test that we know nothing of: {judged}");
        for (test, outcome) in STATEMENT {
            assert_eq!(judged["statement"][test]["outcome"], outcome, "{test}: {judged}");
        }
        assert!(judged["statement"].as_object().expect("outcomes").values().all(|said| said["outcome"] != "failed"), "{judged}");

        for version in ["2.0", "2.1"] {
            let info = &judged["nodeinfo"][version];
            assert_eq!(info["errors"], Value::Array(Vec::new()), "NodeInfo {version}: {judged}");
            let expected = format!("application/json; profile=\"http://nodeinfo.diaspora.software/ns/schema/{version}#\"");
            assert_eq!(info["contentType"], expected);
        }
    }
}
