//! Block of our union by somebody elsewhere.

use serde_json::json;

use super::{timeline, with_statement};
use crate::harness::{followed, id, on_both_databases};

on_both_databases! {
    async fn who_blocks_the_union_follows_it_no_longer_and_is_not_followed(world) {
        let (node, _, remote, _) = with_statement(world).await;
        let ally = remote.person("ally");
        followed(&node, &remote, &ally).await;
        ally.follows(&node).await;
        node.deliver_all().await;
        ally.says(&node, &ally.activity("Create", ally.note("<p>Before</p>"))).await;
        assert_eq!(timeline(&node).await.len(), 1);
        let block = ally.activity("Block", node.union());
        ally.says(&node, &block).await;
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 0);
        assert_eq!(node.get("/actor/following").await.json()["totalItems"], 0);
        assert_eq!(node.count("follows WHERE state = 'rejected'").await, 1, "the operator sees what became of it");
        assert_eq!(node.publish("Nobody listens").await.deliveries, 0);
        assert!(timeline(&node).await.is_empty());
        // An Undo restores nothing: whoever wants to follow again says so.
        for undo in [json!(id(&block)), block.clone()] {
            ally.says(&node, &ally.activity("Undo", undo)).await;
        }
        assert_eq!(node.count("follows WHERE state = 'accepted'").await, 0);
        ally.follows(&node).await;
        node.deliver_all().await;
        assert_eq!(node.get("/actor/followers").await.json()["totalItems"], 1);
    }

    async fn a_block_of_somebody_else_is_none_of_our_business(world) {
        let (node, _, remote, _) = with_statement(world).await;
        let ally = remote.person("ally");
        followed(&node, &remote, &ally).await;
        ally.follows(&node).await;
        node.deliver_all().await;
        for object in ["https://elsewhere.example/users/x".to_owned(), format!("{}/instance", node.base)] {
            ally.says(&node, &ally.activity("Block", object)).await;
        }
        assert_eq!(node.count("follows WHERE state = 'accepted'").await, 2);
    }
}
