//! Languages in which a union writes and that the interface does not speak, such as Kurdish: whoever asks for one reads it wherever there is
//! something in it, with the words around it in the best language of hers.

use picket::statements::{self, Campaign};

use super::{path, read_in};
use crate::harness::{TestNode, on_both_databases};

fn campaign(language: &str, name: &str) -> Campaign {
    Campaign {
        tag: String::new(),
        language: language.to_owned(),
        name: name.to_owned(),
        markdown: String::new(),
        html: "<p>Since Monday.</p>".to_owned(),
    }
}

/// A statement in English, and in Kurdish in Latin and in Arabic letters: their addresses.
async fn in_three_languages(node: &TestNode) -> [String; 3] {
    let english = node.publish_at("---\nlanguage: en\n---\n# The cranes stand still\n\nAbout the #lockout.").await;
    let translated = |tag: &str, title: &str| {
        format!("---\nlanguage: {tag}\ntranslates: {english}\n---\n# {title}\n\nAbout the #lockout.")
    };
    let latin = node.publish_at(&translated("ku", "Wînç sekinîne")).await;
    let arabic = node.publish_at(&translated("ckb", "کڕینەکان وەستاون")).await;
    [english, latin, arabic]
}

on_both_databases! {
    async fn a_statement_stands_in_its_language_and_its_links_keep_the_one_that_was_asked_for(world) {
        let node = world.node().await;
        let [english, latin, arabic] = in_three_languages(&node).await;
        for (address, tag, dir) in [(&latin, "ku", "ltr"), (&arabic, "ckb", "rtl")] {
            let shown = read_in(&node, "tr", &format!("{}?lang={tag}", path(address))).await;
            assert_eq!((shown.status, shown.header("content-language")), (200, "tr"));
            let page = shown.body;
            assert!(page.contains("<html lang=\"tr\" dir=\"ltr\">"), "{page}");
            assert!(page.contains(&format!("<article class=\"statement\" lang=\"{tag}\" dir=\"{dir}\">")), "{page}");
            assert!(page.contains(&format!("<link rel=\"canonical\" href=\"{address}\">")), "{page}");
            assert!(page.contains(&format!("href=\"/feed.atom?in={tag}\"")), "{page}");
            for link in ["/", "/archive", "/search", "/follow", "/tags/lockout", &path(&english)] {
                assert!(page.contains(&format!("href=\"{link}?lang={tag}\"")), "{link}: {page}");
            }
            let here = format!("<a href=\"{}?lang={tag}\" hreflang=\"{tag}\" lang=\"{tag}\" aria-current=\"page\">", path(address));
            assert!(page.contains(&here), "the switch of the statement: {page}");
        }
    }

    async fn lists_and_campaigns_are_in_the_language_that_was_asked_for(world) {
        let node = world.node().await;
        in_three_languages(&node).await;
        node.write(|conn| {
            for (language, name) in [("en", "The lockout"), ("ku", "Girtina deriyan")] {
                statements::describe_campaign(conn, "lockout", campaign(language, name))?;
            }
            statements::feature(conn, "lockout", picket::clock::Clock::default().now()).map(drop)
        }).await;
        for list in ["/", "/archive", "/tags/lockout"] {
            let kurdish = read_in(&node, "en", &format!("{list}?lang=ku")).await.body;
            assert!(kurdish.contains("Wînç sekinîne") && !kurdish.contains("The cranes stand still"), "{list}: {kurdish}");
            assert!(kurdish.contains(&format!("<link rel=\"canonical\" href=\"{}{list}\">", node.base)), "{list}: {kurdish}");
            let unspoken = read_in(&node, "en", &format!("{list}?lang=xx")).await.body;
            assert!(unspoken.contains("The cranes stand still"), "{list}: {unspoken}");
        }
        assert!(read_in(&node, "en", "/tags/lockout?lang=ku").await.body.contains("Girtina deriyan</h1>"));
        let home = read_in(&node, "en", "/?lang=ku").await.body;
        assert!(home.contains("<bdi>Girtina deriyan</bdi>") && home.contains("<html lang=\"en\""), "{home}");
    }

    async fn a_search_and_a_feed_can_be_narrowed_to_each_language_in_which_the_union_writes(world) {
        let node = world.node().await;
        in_three_languages(&node).await;
        node.publish("---\nlanguage: ku-TR\n---\n# Grev didome").await;
        let search = read_in(&node, "en", "/search?q=lockout&in=ku&lang=ku").await.body;
        assert_eq!(search.matches("<option value=\"ku\"").count(), 1, "{search}");
        assert!(search.contains("<option value=\"ku\" lang=\"ku\" selected>Kurdî</option>"), "{search}");
        assert!(search.contains("<option value=\"ckb\"") && search.contains("name=\"lang\" value=\"ku\""), "{search}");
        assert!(search.contains("Wînç sekinîne") && !search.contains("The cranes"), "{search}");
        let feed = node.page("/feed.atom?in=ku").await.body;
        assert!(feed.contains("Wînç sekinîne") && !feed.contains("The cranes") && feed.contains("xml:lang=\"ku\""), "{feed}");
        let tagged = node.page("/tags/lockout/feed.json?in=ckb").await.body;
        assert!(tagged.contains("کڕینەکان") && !tagged.contains("Wînç"), "{tagged}");
    }

    async fn a_page_that_is_not_there_says_whose_site_it_is(world) {
        let node = world.node().await;
        let gone = node.publish_at("# Sent by mistake").await;
        picket::federation::outbox::withdraw(&node.node, &gone).await.expect("withdrawn");
        let name = format!("rel=\"home\" lang=\"en\" dir=\"auto\">{}</a>", node.node.identity.union.display_name());
        let missing = ["/nothing", "/statements/none", "/tags/none", "/tags/none/pictures", "/pages/none", "/archive/1066", "/archive/x"];
        let gone = path(&gone);
        for (address, status) in missing.map(|address| (address, 404)).into_iter().chain([("/?before=x", 400), (&gone, 410)]) {
            let shown = read_in(&node, "en", address).await;
            assert_eq!((shown.status, shown.header("cache-control")), (status, "no-store"), "{address}");
            let page = shown.body;
            assert!(page.contains(&name) && page.contains("href=\"/allies\""), "{address}: {page}");
            assert!(page.contains("noindex") && !page.contains("mistake"), "{address}: {page}");
        }
    }
}
