//! Searching: in every language as its readers type it, and nothing that is not public.

use std::slice::from_ref;

use picket::federation::{defederation, outbox};
use picket::moderation::review::{approve, reject};
use picket::search::{self, Filters, Of, Wanted};
use picket::{server, statements};
use serde_json::json;
use url::form_urlencoded::byte_serialize;

use crate::harness::{PUBLIC, TestNode, ally, id, on_both_databases};

/// What the page finds for some words, as addresses, newest first.
async fn found(node: &TestNode, words: &str) -> Vec<String> {
    asked(node, &format!("q={}", encoded(words))).await
}

async fn asked(node: &TestNode, query: &str) -> Vec<String> {
    let page = node.page(&format!("/search?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    let Some((_, list)) = page.body.split_once("<ol class=\"list found\">") else { return Vec::new() };
    let list = list.split_once("</ol>").expect("an end").0;
    let links = list.split("href=\"").skip(1).map(|rest| rest.split('"').next().expect("an end").to_owned());
    links.map(|link| if link.starts_with('/') { format!("{}{link}", node.base) } else { link }).collect()
}

fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}

/// A statement in each language: what somebody types, and what stands in it.
const TEXTS: [(&str, &str, &[&str]); 14] = [
    ("en", "The night shift's strike goes on", &["STRIKE", "shift", "night shifts strike", "ｓｔｒｉｋｅ"]),
    ("es", "Huelga general en la siderúrgica: ¡adelante, compañeros!", &["siderurgica", "companeros", "HUELGA"]),
    ("fr", "Grève à l'usine d’Œuvres", &["greve", "usine", "oeuvres", "GRÈVE"]),
    ("de", "Warnstreik in der Großküche, Straße gesperrt", &["grosskuche", "STRASSE", "großküche", "warnstreik"]),
    ("it", "Sciopero! Più diritti all'orario", &["piu", "orario", "sciopero"]),
    ("pt", "Greve na construção: união dos operários", &["construcao", "operarios", "uniao"]),
    (
        "tr",
        "IŞIKLI'da işçiler İstanbul'a yürüyor, grevdeyiz",
        &["ışıklı", "ISIKLI", "istanbul", "ISTANBUL", "İŞÇİLER", "isciler", "grev"],
    ),
    (
        "fa",
        "کارگران نمی‌روند و تا ۱۴۰۳ می‌مانند",
        &["كارگران", "نمی روند", "نمیروند", "نمی‌روند", "1403", "مي‌مانند", "کــارگران"],
    ),
    ("ar", "إضراب العمّال في نقابة المعلمين ٢٠٢٦", &["اضراب", "العمال", "نقابه", "2026", "المعلمين"]),
    ("uk", "Страйк на заводі: п'ять вимог, їхній мітинг", &["СТРАЙК", "п’ять", "їхній", "мітинг"]),
    ("ru", "Забастовка: ещё одна смена отдыхает", &["еще", "забастовка", "ЗАБАСТОВКА"]),
    ("ja", "夜勤のｽﾄﾗｲｷは職場で続く", &["夜勤", "ストライキ", "職場", "勤"]),
    ("ko", "야간조는 파업을 계속한다", &["파업", "야간조", "\u{1111}\u{1161}\u{110B}\u{1165}\u{11B8}"]),
    ("th", "คนงานประท้วงค่าแรง", &["ประท้วง", "คนงาน"]),
];

on_both_databases! {
    async fn statements_are_found_as_readers_of_their_language_type(world) {
        let node = world.node().await;
        let mut addresses = Vec::new();
        for (language, text, _) in TEXTS {
            addresses.push(node.publish_at(&format!("+++\nlanguage = \"{language}\"\n+++\n# {text}\n\n…")).await);
        }
        for ((language, text, questions), address) in TEXTS.into_iter().zip(&addresses) {
            for question in questions {
                // The same word may be one of a neighbouring language too.
                assert!(found(&node, question).await.contains(address), "{language}: {question} in {text}");
            }
            let by_language = asked(&node, &format!("in={language}")).await;
            assert_eq!(by_language, from_ref(address), "{language}");
        }
        // Other words, though their letters look alike.
        for question in ["strikes on", "іхній", "夜職", "무파업", "grevx", "12026"] {
            assert_eq!(found(&node, question).await, Vec::<String>::new(), "{question}");
        }
    }

    async fn what_was_asked_for_is_marked_and_everything_else_is_text(world) {
        let node = world.node().await;
        node.publish("# The <b>strike</b> & more\n\nNous sommes en GRÈVE depuis lundi.").await;
        let page = node.page("/search?q=greve+strik%3Cb%3E").await.body;
        assert!(!page.contains("<b>"), "{page}");
        let page = node.page("/search?q=greve").await.body;
        assert!(page.contains("en <mark>GRÈVE</mark> depuis"), "{page}");
        assert!(page.contains("noindex"), "{page}");
    }

    async fn a_search_is_narrowed_and_paged_without_gap_or_double(world) {
        let node = world.node().await;
        for day in 1..=25 {
            let front = format!("+++\ndate = \"2025-01-{day:02}\"\nlanguage = \"pt-BR\"\nhashtags = [\"Porto_Livre\"]\n+++\n");
            node.publish(&format!("{front}Strike number {day}.")).await;
        }
        let other = node.publish_at("+++\ndate = \"1920-05-01\"\nlanguage = \"tr\"\n+++\nStrike of old.").await;
        let all = node.texts("uri", "statements ORDER BY published DESC").await;
        let mut seen = found(&node, "strike").await;
        assert_eq!(seen.len(), 20);
        let page = node.page("/search?q=strike").await.body;
        let older = page.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a next page");
        let query = older.split_once('?').expect("a query").1.replace("&#38;", "&").replace("&amp;", "&");
        seen.extend(asked(&node, &query).await);
        assert_eq!(seen.into_iter().map(Some).collect::<Vec<_>>(), all);
        assert_eq!(asked(&node, "q=strike&year=1920").await, from_ref(&other));
        assert_eq!(asked(&node, "year=1920").await, from_ref(&other));
        assert_eq!(asked(&node, "q=strike&in=tr").await, [other]);
        assert_eq!(asked(&node, "q=strike&in=pt&tag=%23porto_livre&year=2025").await.len(), 20);
        assert_eq!(asked(&node, "q=strike&tag=porto").await.len(), 0);
        assert_eq!(asked(&node, &format!("q=strike&union={}", encoded(&node.node.identity.union.handle))).await.len(), 20);
        assert_eq!(asked(&node, "q=strike&union=%40nobody%40nowhere.example").await.len(), 0);
    }

    async fn a_statement_is_found_from_its_publication_to_its_withdrawal_and_by_its_newest_words(world) {
        let node = world.node().await;
        let address = node.publish_at("# Strike\n\nThe harbour stands still.").await;
        assert_eq!(found(&node, "harbour").await, from_ref(&address));
        node.edit(&address, "# Strike\n\nThe airport stands still.").await;
        assert_eq!((found(&node, "harbour").await.len(), found(&node, "airport").await.len()), (0, 1));
        outbox::withdraw(&node.node, &address).await.expect("withdrawn");
        assert_eq!(found(&node, "airport").await.len(), 0);
        assert_eq!(node.count("search_entries").await, 0, "no word of it stays");
        let later = node.publish_at("+++\ndate = \"2031-05-01\"\n+++\nSecret plan").await;
        assert_eq!(found(&node, "secret").await.len(), 0);
        assert_eq!(node.count("search_entries").await, 0);
        world.pass(chrono::TimeDelta::days(365 * 100));
        outbox::publish_due(&node.node).await.expect("published");
        assert_eq!(found(&node, "secret").await, [later]);
        node.deliver_all().await;
    }

    async fn allies_are_found_as_long_as_they_are_followed_and_not_blocked(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = ally(&node, &remote).await;
        let public = ally.note("<p>Solidarity from the <b>foundry</b></p>");
        ally.says(&node, &ally.activity("Create", public.clone())).await;
        let mut unlisted = ally.note("<p>foundry, unlisted</p>");
        unlisted["to"] = json!([format!("{}/followers", ally.id)]);
        unlisted["cc"] = json!([PUBLIC]);
        ally.says(&node, &ally.activity("Create", unlisted)).await;
        let mut private = ally.note("<p>foundry, private</p>");
        private["to"] = json!([node.union()]);
        ally.says(&node, &ally.activity("Create", private)).await;
        let shown = [id(&public).to_owned()];
        assert_eq!(found(&node, "foundry").await, shown);
        assert_eq!(asked(&node, &format!("q=foundry&union={}", encoded(&format!("ally@{}", remote.host)))).await, shown);
        let host = remote.host.clone();
        defederation::block(&node.node, "127.0.0.1", None).await.expect("blocked");
        assert_eq!(found(&node, "foundry").await.len(), 0, "{host}");
        defederation::unblock(&node.node, "127.0.0.1").await.expect("unblocked");
        assert_eq!(found(&node, "foundry").await.len(), 0, "the block ended the relation");
    }

    async fn an_ally_s_statement_goes_with_its_words_when_it_is_changed_deleted_or_no_longer_followed(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = ally(&node, &remote).await;
        let mut note = ally.note("<p>foundry</p>");
        ally.says(&node, &ally.activity("Create", note.clone())).await;
        note["content"] = json!("<p>shipyard</p>");
        note["updated"] = json!("2099-01-01T00:00:00Z");
        ally.says(&node, &ally.activity("Update", note.clone())).await;
        assert_eq!((found(&node, "foundry").await.len(), found(&node, "shipyard").await.len()), (0, 1));
        ally.says(&node, &ally.activity("Delete", id(&note))).await;
        assert_eq!(found(&node, "shipyard").await.len(), 0);
        assert_eq!(node.count("search_entries").await, 0);
        let other = ally.note("<p>foundry</p>");
        ally.says(&node, &ally.activity("Create", other)).await;
        assert_eq!(found(&node, "foundry").await.len(), 1);
        outbox::unfollow(&node.node, &ally.id).await.expect("unfollowed");
        node.deliver_all().await;
        assert_eq!(found(&node, "foundry").await.len(), 0);
    }

    async fn an_answer_is_found_once_it_is_approved_and_only_where_its_author_allows_it(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let statement = node.publish_at("# Strike").await;
        let (open, shy) = (remote.person("open"), remote.person("shy"));
        let mut document = open.document();
        document["indexable"] = json!(true);
        remote.serve(&document);
        for person in [&open, &shy] {
            let answer = person.answer(&statement, "<p>lighthouse</p>");
            person.says(&node, &person.activity("Create", answer)).await;
        }
        assert_eq!(found(&node, "lighthouse").await.len(), 0, "held");
        assert_eq!(node.count("search_entries WHERE post_id IS NOT NULL").await, 0);
        for number in [1, 2] {
            node.write(move |conn| approve(conn, number)).await;
        }
        let shown = found(&node, "lighthouse").await;
        let page = node.page("/search?q=lighthouse").await.body;
        assert!(shown.len() == 1 && page.contains("@open@") && !page.contains("@shy@"), "{page}");
        for number in [1, 2] {
            node.write(move |conn| reject(conn, number)).await;
        }
        assert_eq!(found(&node, "lighthouse").await.len(), 0);
        assert_eq!(node.count("search_entries WHERE post_id IS NOT NULL").await, 0);
    }

    async fn an_answer_is_not_found_once_what_it_answers_is_withdrawn(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let statement = node.publish_at("# Strike").await;
        let open = remote.person("open");
        let mut document = open.document();
        document["indexable"] = json!(true);
        remote.serve(&document);
        let answer = open.answer(&statement, "<p>lighthouse</p>");
        open.says(&node, &open.activity("Create", answer)).await;
        node.write(|conn| approve(conn, 1)).await;
        assert_eq!(found(&node, "lighthouse").await.len(), 1);
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        assert_eq!(found(&node, "lighthouse").await.len(), 0);
        assert!(!node.page("/search?q=lighthouse").await.body.contains("@open@"));
        node.deliver_all().await;
    }

    async fn what_the_union_passes_on_is_found_where_an_organisation_or_a_willing_person_wrote_it(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        for (name, kind, indexable, expected) in
            [("org", "Organization", false, 1), ("anna", "Person", false, 0), ("bela", "Person", true, 1)]
        {
            let person = remote.person(name);
            let mut document = person.document();
            document["type"] = json!(kind);
            document["indexable"] = json!(indexable);
            remote.serve(&document);
            let note = person.note(&format!("<p>word{name}</p>"));
            remote.serve(&note);
            outbox::boost(&node.node, id(&note)).await.expect("passed on");
            assert_eq!(found(&node, &format!("word{name}")).await.len(), expected, "{name}");
            outbox::unboost(&node.node, id(&note)).await.expect("taken back");
            assert_eq!(found(&node, &format!("word{name}")).await.len(), 0, "{name}");
        }
        node.deliver_all().await;
    }

    async fn whatever_is_typed_a_page_comes(world) {
        let node = world.node().await;
        node.publish("# AND OR NOT near strike").await;
        for words in [
            "\"", "'", "\"strike", "strike*", "*", "(", ")", "NEAR(", "AND", "OR OR", "NOT", "words:strike", "-strike", "^strike",
            "strike)--", "'; DROP TABLE statements;--", "\0", "strike\0x", "\\", "\\'", "§a1", "§lfa", ":*", "&", "|", "!", "<->",
            "strike:*", "{}", "%", "_", "\u{FEFF}", "\u{202E}strike", "🚩", "e\u{301}\u{301}\u{301}", "\u{1160}", "\u{3099}", "ー", "々",
        ] {
            let _ = found(&node, words).await;
        }
        let long = format!("q={}", "a+%E5%A4%9C%E5%8B%A4+".repeat(300));
        assert_eq!(node.page(&format!("/search?{long}")).await.status, 200);
        for query in ["", "q=%FF%FE", "q", "&&==", "before=1", "q=strike&before=-9223372036854775808", "in=%00%27", "lang=%00", "tag=%27%22+x", "union=%00"] {
            assert_eq!(node.page(&format!("/search?{query}")).await.status, 200, "{query}");
        }
        let tag = format!("tag={}", "%EF%B7%BA".repeat(300));
        assert_eq!(node.page(&format!("/search?{tag}")).await.status, 200, "a name that grows when it is folded");
        for query in ["before=x", "before=99999999999999999999"] {
            let page = node.page(&format!("/search?q=strike&{query}")).await;
            assert!(page.status == 400 && page.body.contains(&node.node.identity.union.handle), "{query}: {page:?}");
        }
        assert_eq!(found(&node, "\"strike\" AND").await.len(), 1);
        assert_eq!(found(&node, "§a1").await.len(), 0, "a mark is no word");
    }

    async fn a_year_is_read_in_any_digits_and_what_is_none_is_a_problem_beside_the_form(world) {
        let node = world.node().await;
        let statement = node.publish_at("---\ndate: 1994-05-01\n---\n# Strike").await;
        for year in ["1994", " 1994 ", "۱۹۹۴", "١٩٩٤", "１９９４", "१९९४"] {
            assert_eq!(asked(&node, &format!("q=strike&year={}", encoded(year))).await, from_ref(&statement), "{year}");
        }
        for year in ["MMXXVI", "99999999999", "今年"] {
            let page = node.page(&format!("/search?q=strike+now&tag=lockout&year={}", encoded(year))).await;
            assert_eq!(page.status, 400, "{year}");
            for kept in ["value=\"strike now\"", "value=\"lockout\"", &format!("value=\"{year}\""), "class=\"problem\"", "aria-invalid=\"true\""] {
                assert!(page.body.contains(kept), "{kept}: {}", page.body);
            }
            assert!(page.body.contains(&node.node.identity.union.handle) && !page.body.contains("<mark>"), "{}", page.body);
        }
    }

    async fn a_new_node_has_nothing_to_fill_and_what_it_publishes_is_found(world) {
        let node = world.node().await;
        node.publish("# Lighthouse").await;
        assert_eq!(server::fill_search(&node.node).await.expect("filled"), 0);
        assert_eq!(found(&node, "lighthouse").await.len(), 1);
    }

    async fn what_was_there_before_the_search_is_filled_in_part_by_part(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = ally(&node, &remote).await;
        let statement = node.publish_at("# Lighthouse").await;
        let note = ally.note("<p>lighthouse</p>");
        ally.says(&node, &ally.activity("Create", note.clone())).await;
        node.deliver_all().await;
        node.write(|conn| {
            crate::harness::execute(conn, "DELETE FROM search_entries; DELETE FROM settings WHERE key = 'search'");
            Ok(())
        })
        .await;
        assert_eq!(found(&node, "lighthouse").await.len(), 0);
        assert!(server::fill_search(&node.node).await.expect("filled") > 0);
        assert_eq!(found(&node, "lighthouse").await.len(), 2);
        assert_eq!(server::fill_search(&node.node).await.expect("filled"), 0, "filled once");
        node.write(search::begin_anew).await;
        assert!(node.write(|conn| search::fill(conn, &[statements::index_part])).await);
        assert_eq!(found(&node, "lighthouse").await.len(), 2, "found while it is made anew");
        assert!(server::fill_search(&node.node).await.expect("filled") > 0);
        let union = node.node.identity.union.id;
        let hits = node.read(move |conn| search::find(conn, union, &Wanted::read("lighthouse"), &Filters::default(), 9)).await;
        assert!(hits.iter().any(|hit| matches!(hit.of, Of::Statement(_))) && hits.len() == 2, "{statement} {hits:?}");
    }
}
