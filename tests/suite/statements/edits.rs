//! A newer wording in the place of an older one: what it may change, and what it tells.

use std::path::PathBuf;

use picket::federation::outbox;
use picket::statements::draft::Draft;

use super::followed;
use crate::harness::on_both_databases;

fn draft(text: &str) -> Draft {
    Draft::from_file_text(text).expect("a draft")
}

on_both_databases! {
    async fn the_date_of_a_statement_stays_and_whoever_writes_another_is_told_what_to_do(world) {
        let node = world.node_with(&[("PICKET_TIME_ZONE", "Asia/Tokyo")]).await;
        for date in ["2019-05-01", "2019-05-01T09:30", "2030-05-01"] {
            let text = |date: &str, word: &str| format!("---\ndate: {date}\n---\n# Strike\n\n{word}");
            let statement = node.publish_at(&text(date, "Monday.")).await;
            let refused = outbox::edit(&node.node, &statement, draft(&text("2018-05-01", "Tuesday."))).await.expect_err("another date");
            let refused = refused.to_string();
            assert!(refused.starts_with("date: ") && refused.contains("withdraw") && refused.contains(&statement), "{refused}");
            node.edit(&statement, &text(date, "Tuesday.")).await;
        }
        let today = node.publish_at("Monday.").await;
        assert!(outbox::edit(&node.node, &today, draft("---\ndate: 2030-05-01\n---\nTuesday.")).await.is_err());
    }

    async fn a_wording_in_which_nothing_differs_is_told_to_nobody(world) {
        let (node, remote, _) = followed(world).await;
        let pictures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/screenshots");
        let text = |picture: &str, alt: &str| {
            let file = pictures.join(picture);
            let entry = format!("pictures: [{{file: {}, alt: {alt}}}]", file.display());
            format!("---\nlead: Rest!\nhashtags: [Ports, Strike]\n{entry}\n---\n# Strike\n\nFrom Monday on. #crane @amal@{}", remote.host)
        };
        let statement = node.publish_at(&text("home.png", "A page")).await;
        node.deliver_all().await;
        let files = || std::fs::read_dir(node.data_dir().join("media")).expect("the folder").count();
        let before = files();
        for same in [text("home.png", "A page"), "# Strike\n\nFrom Monday on. #crane @amal@HOST".replace("HOST", &remote.host)] {
            let same = same.replace("# Strike\n\n", "# Strike\n\n\n");
            let hashtags = if same.contains("hashtags") { same } else { format!("---\nhashtags: [Strike, Ports]\n---\n{same}") };
            let told = outbox::edit(&node.node, &statement, draft(&hashtags)).await.expect("no fault");
            assert!(told.is_none(), "{told:?}");
        }
        assert_eq!((files(), node.count("revisions").await, node.waiting().await), (before, 0, 0));
        assert!(remote.heard_of("Update").is_empty());
        node.edit(&statement, &text("home.png", "The first page")).await;
        node.edit(&statement, &text("search.png", "The first page")).await;
        node.deliver_all().await;
        assert!(!remote.heard_of("Update").is_empty());
    }
}
