//! What the pages say: each statement once, in the reader's language; campaigns, the archive, the union's own pages, and the map for crawlers.

use picket::site::{self, NewPage};
use picket::statements::{self, Campaign};
use serde_json::Value;

use super::{path, read_in};
use crate::harness::on_both_databases;

/// The JSON-LD of a page.
fn data(page: &str) -> Value {
    let (_, rest) = page.split_once("<script type=\"application/ld+json\">").expect("JSON-LD");
    serde_json::from_str(rest.split("</script>").next().expect("an end")).expect("JSON")
}

fn page(slug: &str, language: &str, title: &str) -> NewPage {
    NewPage {
        slug: slug.to_owned(),
        language: language.to_owned(),
        title: title.to_owned(),
        markdown: String::new(),
        html: format!("<p>{title}: press@union.example</p>"),
        menu_place: Some(1),
    }
}

on_both_databases! {
    async fn a_translated_statement_is_listed_once_in_the_readers_language(world) {
        let node = world.node().await;
        let original = node.publish_at("---\nlanguage: en\n---\n# The cranes stand still\n\nAbout the #lockout.").await;
        let text = format!("---\nlanguage: fa\ntranslates: {original}\n---\n# جرثقیل‌ها ایستاده‌اند\n\nAbout the #lockout.");
        let persian = node.publish_at(&text).await;
        for list in ["/", "/archive", "/tags/lockout"] {
            let english = read_in(&node, "en", list).await.body;
            assert!(english.contains("The cranes stand still") && !english.contains("جرثقیل"), "{list}: {english}");
            let in_persian = read_in(&node, "fa", list).await.body;
            assert!(in_persian.contains("جرثقیل") && !in_persian.contains("The cranes stand still"), "{list}");
            assert_eq!(read_in(&node, "de", list).await.body.matches("<h3>").count(), 1, "{list}: the original, where hers is missing");
        }
        for version in [&original, &persian] {
            let shown = read_in(&node, "en", &path(version)).await.body;
            for (tag, address) in [("en", &original), ("fa", &persian)] {
                assert!(shown.contains(&format!("<link rel=\"alternate\" hreflang=\"{tag}\" href=\"{address}\">")), "{shown}");
            }
            assert!(shown.contains(&format!("<link rel=\"canonical\" href=\"{version}\">")));
        }
        assert_eq!(data(&read_in(&node, "en", &path(&persian)).await.body)["translationOfWork"], original);
        // Once the original is taken back, its translation stands by itself.
        picket::federation::outbox::withdraw(&node.node, &original).await.expect("withdrawn");
        assert!(read_in(&node, "en", "/").await.body.contains("جرثقیل"));
    }

    async fn a_statement_of_an_ally_is_translated_with_credit(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let amal = crate::harness::ally(&node, &remote).await;
        let note = amal.note("<p>Nous arrêtons le travail.</p>");
        remote.serve(&note);
        amal.says(&node, &amal.activity("Create", note.clone())).await;
        let original = note["id"].as_str().expect("an id");
        let uri = node.publish_at(&format!("---\nlanguage: en\ntranslates: {original}\n---\n# We stop work")).await;
        node.deliver_all().await;
        let shown = read_in(&node, "en", &path(&uri)).await.body;
        assert!(shown.contains("Translated from a statement of") && shown.contains(original), "{shown}");
    }

    async fn the_archive_has_the_years_and_months_in_which_something_was_said(world) {
        let node = world.node().await;
        for day in ["1994-05-01", "1994-05-31", "1994-11-07", "2019-12-31"] {
            node.publish(&format!("---\ndate: {day}\n---\n# On {day}")).await;
        }
        let all = read_in(&node, "en", "/archive").await.body;
        assert!(all.contains("href=\"/archive/1994\"") && all.contains("href=\"/archive/2019\"") && !all.contains("/archive/2020"));
        let year = read_in(&node, "en", "/archive/1994").await.body;
        assert!(year.contains("href=\"/archive/1994/05\">May 1994") && year.contains("href=\"/archive/1994/11\"") && !year.contains("/1994/06"));
        assert!(year.contains("On 1994-11-07") && !year.contains("On 2019"));
        let month = read_in(&node, "en", "/archive/1994/05").await.body;
        assert!(month.contains("On 1994-05-01") && month.contains("On 1994-05-31") && !month.contains("On 1994-11"), "{month}");
        assert!(read_in(&node, "fa", "/archive/1994/05").await.body.contains("۱۹۹۴"));
        for nothing in ["/archive/1995", "/archive/1994/06", "/archive/1994/13", "/archive/94", "/archive/0000", "/archive/9999", "/archive/1994/5"] {
            assert_eq!(node.page(nothing).await.status, 404, "{nothing}");
        }
    }

    async fn the_archive_leads_to_no_year_and_no_month_without_a_list(world) {
        let node = world.node().await;
        let original = node.publish_at("---\ndate: 1994-05-01\n---\n# Strike").await;
        for (day, language) in [("1994-07-01", "tr"), ("1995-06-01", "es")] {
            node.publish(&format!("---\ndate: {day}\nlanguage: {language}\ntranslates: {original}\n---\n# Grev, {day}")).await;
        }
        let all = read_in(&node, "en", "/archive").await.body;
        assert!(all.contains("/archive/1994") && !all.contains("/archive/1995"), "{all}");
        let year = read_in(&node, "en", "/archive/1994").await.body;
        assert!(year.contains("/archive/1994/05") && !year.contains("/archive/1994/07"), "{year}");
        picket::federation::outbox::withdraw(&node.node, &original).await.expect("withdrawn");
        let all = read_in(&node, "en", "/archive").await.body;
        assert!(all.contains("/archive/1995"), "translations stand by themselves now: {all}");
        for listed in ["/archive/1995", "/archive/1995/06", "/archive/1994/07"] {
            assert_eq!(node.page(listed).await.status, 200, "{listed}");
        }
    }

    async fn what_goes_on_behind_the_first_page_of_a_list_names_no_other_page_as_itself(world) {
        let node = world.node().await;
        for number in 0..21 {
            node.publish(&format!("# Number {number}\n\n#strike")).await;
        }
        for list in ["/", "/archive", "/tags/strike"] {
            let first = read_in(&node, "en", list).await.body;
            assert!(first.contains(&format!("<link rel=\"canonical\" href=\"{}{list}\">", node.base)), "{first}");
            assert!(first.contains("property=\"og:url\"") && first.contains("hreflang=\"x-default\""), "{first}");
            let older = first.split("rel=\"next\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("more");
            let next = read_in(&node, "en", older).await.body;
            assert!(next.contains("Number 0") && next.contains("property=\"og:title\""), "{next}");
            for own in ["rel=\"canonical\"", "property=\"og:url\"", "<link rel=\"alternate\" hreflang=", "noindex"] {
                assert!(!next.contains(own), "{list}: {own} in {next}");
            }
        }
    }

    async fn a_campaign_has_its_name_and_introduction_in_each_language(world) {
        let node = world.node().await;
        node.publish("# One\n\n#Lockout").await;
        for (language, name) in [("en", "The lockout at <Northport>"), ("tr", "Kuzey Limanı lokavtı")] {
            let campaign = Campaign {
                tag: String::new(),
                language: language.to_owned(),
                name: name.to_owned(),
                markdown: String::new(),
                html: "<p>Since Monday.</p>".to_owned(),
            };
            node.write(move |conn| statements::describe_campaign(conn, "#LOCKOUT", campaign)).await;
        }
        let english = read_in(&node, "en", "/tags/lockout").await.body;
        assert!(english.contains("The lockout at &#60;Northport&#62;</h1>") && english.contains("<p>Since Monday.</p>"), "{english}");
        assert!(read_in(&node, "tr", "/tags/lockout").await.body.contains("Kuzey Limanı lokavtı"));
        node.write(|conn| statements::forget_campaign(conn, "lockout", "en")).await;
        assert!(!read_in(&node, "en", "/tags/lockout").await.body.contains("Northport"));
    }

    async fn a_campaigns_pictures_hang_together_with_their_credits_but_for_sensitive_ones(world) {
        let node = world.node().await;
        let file = node.data_dir().join("gate.png");
        image::RgbImage::new(8, 8).save(&file).expect("a picture");
        for (alt, more) in [("At the gate", "credit: Ada Moran"), ("HIDDEN", "sensitive: true")] {
            let picture = format!("{{file: {}, alt: {alt}, {more}}}", file.display());
            node.publish(&format!("---\npictures:\n  - {picture}\n---\n# {alt}\n\nAbout the #lockout.")).await;
        }
        assert!(read_in(&node, "en", "/tags/lockout").await.body.contains("href=\"/tags/lockout/pictures\""));
        let shown = read_in(&node, "en", "/tags/Lockout/pictures").await.body;
        assert!(shown.contains("alt=\"At the gate\"") && shown.contains("Ada Moran") && !shown.contains("HIDDEN"), "{shown}");
        image::RgbImage::new(1_300, 20).save(&file).expect("a picture");
        node.publish(&format!("---\npictures:\n  - {{file: {}, alt: Wide}}\n---\n# Wide\n\nThe #lockout.", file.display())).await;
        let shown = read_in(&node, "en", "/tags/lockout/pictures").await.body;
        let wide = shown.split("<img ").find(|picture| picture.contains("alt=\"Wide\"")).expect("a picture");
        assert!(wide.contains("w480") && wide.contains(" 1300w\" sizes=\"(min-width: 42rem) 18rem, 100vw\""), "{wide}");
        node.publish("# Two\n\nAbout the #march.").await;
        assert!(!read_in(&node, "en", "/tags/march").await.body.contains("/pictures"));
        assert!(read_in(&node, "en", "/tags/march/pictures").await.body.contains("no pictures yet"));
        assert_eq!(node.page("/tags/other/pictures").await.status, 404);
    }

    async fn the_union_writes_its_own_pages_and_its_menu(world) {
        let node = world.node().await;
        for (language, title) in [("en", "About us"), ("tr", "Hakkımızda")] {
            let new = page("about", language, title);
            node.write(move |conn| site::add_page(conn, &new, picket::clock::Clock::default().now())).await;
        }
        let english = read_in(&node, "en", "/").await.body;
        assert!(english.contains("href=\"/pages/about\"") && english.contains("About us") && !english.contains("Hakkımızda"), "{english}");
        let turkish = read_in(&node, "tr", "/pages/about").await.body;
        assert!(turkish.contains("<h1 class=\"title\">Hakkımızda</h1>") && !turkish.contains("press@union"), "{turkish}");
        assert!(turkish.contains("&#112;&#114;&#101;&#115;&#115;&#64;"), "the address is there for people");
        assert!(turkish.contains("hreflang=\"en\" href=\"") && turkish.contains("/pages/about?lang=en\""));
        for (language, shown) in [("en", "en"), ("tr", "tr"), ("fa", "en")] {
            let page = read_in(&node, language, "/pages/about").await.body;
            let whole = format!("<link rel=\"canonical\" href=\"{}/pages/about?lang={shown}\">", node.base);
            assert!(page.contains(&whole), "{language}: the address of the version that is shown: {page}");
        }
        node.write(|conn| site::remove_page(conn, "about", None)).await;
        assert_eq!(node.page("/pages/about").await.status, 404);
    }

    async fn a_page_can_be_chosen_in_each_language_in_which_it_was_written(world) {
        let node = world.node().await;
        for (language, title) in [("en", "About us"), ("ku", "Derbarê me"), ("ckb", "دەربارەی ئێمە"), ("pt-BR", "Sobre nós"), ("pt-PT", "Quem somos")] {
            let new = page("about", language, title);
            node.write(move |conn| site::add_page(conn, &new, picket::clock::Clock::default().now())).await;
        }
        let english = read_in(&node, "en", "/pages/about").await.body;
        for (tag, name) in [("ku", "Kurdî"), ("ckb", "کوردیی ناوەندی"), ("pt-BR", "Português (pt-BR)"), ("pt-PT", "Português (pt-PT)")] {
            let link = format!("<a href=\"/pages/about?lang={tag}\" hreflang=\"{tag}\" lang=\"{tag}\"><bdi>{name}</bdi></a>");
            assert!(english.contains(&link), "{tag}: {english}");
        }
        for (tag, dir, title, interface) in [
            ("ku", "ltr", "Derbarê me", "en"),
            ("ckb", "rtl", "دەربارەی ئێمە", "en"),
            ("pt-BR", "ltr", "Sobre nós", "pt"),
            ("pt-PT", "ltr", "Quem somos", "pt"),
        ] {
            let shown = read_in(&node, "en", &format!("/pages/about?lang={tag}")).await.body;
            assert!(shown.contains(&format!("<html lang=\"{interface}\"")), "{tag}: {shown}");
            assert!(shown.contains(&format!("<article class=\"written\" lang=\"{tag}\" dir=\"{dir}\">")), "{tag}: {shown}");
            assert!(shown.contains(&format!("<h1 class=\"title\">{title}</h1>")), "{tag}: {shown}");
            let canonical = format!("<link rel=\"canonical\" href=\"{}/pages/about?lang={tag}\">", node.base);
            let alternate = format!("hreflang=\"{tag}\" href=\"{}/pages/about?lang={tag}\"", node.base);
            assert!(shown.contains(&canonical) && shown.contains(&alternate), "{tag}: {shown}");
            let menu = format!("<a href=\"/pages/about?lang={tag}\" lang=\"{tag}\" aria-current=\"page\">");
            assert!(shown.contains(&menu), "{tag} stays chosen in the menu: {shown}");
        }
        for nonsense in ["?lang=%00", "?lang=xx", "?lang=%3Cscript%3E", "?lang="] {
            let shown = node.page(&format!("/pages/about{nonsense}")).await;
            assert!(shown.status == 200 && !shown.body.contains("<script>"), "{nonsense}: {shown:?}");
        }
    }

    async fn links_and_allies_are_as_the_union_sets_them(world) {
        let node = world.node().await;
        assert_eq!(node.page("/allies").await.status, 200);
        node.write(|conn| {
            site::set(conn, "donate", "https://union.example/donate?a=1&b=2")?;
            site::set(conn, "allies", "hidden")
        }).await;
        let home = read_in(&node, "en", "/").await.body;
        assert!(home.contains("href=\"https://union.example/donate?a=1&#38;b=2\"") && !home.contains("/allies"), "{home}");
        assert_eq!(node.page("/allies").await.status, 404);
    }

    async fn the_allies_are_those_that_accepted(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        assert!(read_in(&node, "en", "/allies").await.body.contains("We follow nobody"));
        let ally = crate::harness::ally(&node, &remote).await;
        let undecided = world.remote_named("undecided.example").await;
        picket::federation::outbox::follow(&node.node, &undecided.person("bea").id).await.expect("asked");
        node.deliver_all().await;
        assert_eq!(undecided.heard_of("Follow").len(), 1);
        let shown = read_in(&node, "en", "/allies").await.body;
        assert!(shown.contains("class=\"allies\"") && shown.contains("<h2>"), "{shown} {}", ally.id);
        assert!(shown.contains(&remote.host) && !shown.contains("undecided.example"), "{shown}");
    }

    async fn nobody_finds_out_by_searching_or_counting_whom_a_union_follows_that_hides_it(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        let ally = crate::harness::ally(&node, &remote).await;
        let mut document = ally.document();
        document["icon"] = serde_json::json!({"type": "Image", "url": format!("{}/icon.png", remote.base)});
        remote.serve(&document);
        ally.says(&node, &ally.activity("Update", document)).await;
        ally.says(&node, &ally.activity("Create", ally.note("<p>A lighthouse</p>"))).await;
        let uri = ally.id.clone();
        let row = node.read(move |conn| Ok(picket::actors::find(conn, &uri)?.expect("known").id)).await;
        let (search, icon) = ("/search?q=lighthouse", format!("/media/actors/{row}"));
        let name = remote.base.trim_start_matches("http://").to_owned();
        assert!(read_in(&node, "en", search).await.body.contains("<mark>lighthouse</mark>"));
        node.page(&icon).await;
        assert_eq!(remote.fetches_of("/icon.png"), 1, "it is asked for");
        node.write(|conn| site::set(conn, "allies", "hidden")).await;
        let page = read_in(&node, "en", search).await.body;
        assert!(!page.contains("<mark>") && !page.contains(&name), "{page}");
        assert_eq!(node.page(&icon).await.status, 404);
        assert_eq!(remote.fetches_of("/icon.png"), 1, "nothing is asked");
    }

    async fn crawlers_find_every_public_page_and_no_other(world) {
        let node = world.node().await;
        let shown = node.publish_at("# One").await;
        let gone = node.publish_at("# Two").await;
        picket::federation::outbox::withdraw(&node.node, &gone).await.expect("withdrawn");
        let later = node.publish_at("---\ndate: 2031-01-01\n---\n# Later").await;
        for (language, title) in [("en", "About us"), ("tr", "Hakkımızda")] {
            let new = page("about", language, title);
            node.write(move |conn| site::add_page(conn, &new, picket::clock::Clock::default().now())).await;
        }
        assert!(node.page("/robots.txt").await.body.contains("/sitemap.xml"));
        let index = node.page("/sitemap.xml").await;
        assert!(index.header("content-type").starts_with("application/xml"));
        assert!(index.body.contains("/sitemaps/pages.xml") && index.body.contains("/sitemaps/1.xml") && !index.body.contains("/2.xml"));
        let part = node.page("/sitemaps/1.xml").await.body;
        assert!(part.contains(&format!("<loc>{shown}</loc>")) && !part.contains(&gone) && !part.contains(&later), "{part}");
        let pages = node.page("/sitemaps/pages.xml").await.body;
        assert!(pages.contains("hreflang=\"fa\""));
        assert_eq!(pages.matches("/pages/about</loc></url>").count(), 1, "{pages}");
        assert!(!pages.contains("/pages/about?lang="), "a page is in no language in which nobody wrote it: {pages}");
        for nothing in ["/sitemaps/2.xml", "/sitemaps/0.xml", "/sitemaps/-1.xml", "/sitemaps/9223372036854775807.xml", "/sitemaps/x", "/sitemaps/x.xml"] {
            assert_eq!(node.page(nothing).await.status, 404, "{nothing}");
        }
    }

    async fn a_statement_says_of_itself_what_programs_want_to_know(world) {
        let node = world.node().await;
        let uri = node.publish_at("---\nlead: They want \"rest\" </script> & pay.\nlanguage: en\n---\n# Locked out\n\nText.").await;
        node.edit(&uri, "---\nlead: They want \"rest\" </script> & pay.\nlanguage: en\n---\n# Locked out again\n\nText.").await;
        let shown = read_in(&node, "en", &path(&uri)).await.body;
        let article = data(&shown);
        assert_eq!(article["headline"], "Locked out again");
        assert_eq!(article["description"], "They want \"rest\" </script> & pay.");
        assert_eq!(article["inLanguage"], "en");
        assert!(article["dateModified"].is_string() && shown.contains("Corrected on "), "{shown}");
        assert!(shown.contains("<meta property=\"og:title\" content=\"Locked out again\">"));
        assert!(shown.contains("class=\"qr\"") && shown.contains("https://t.me/share/url?url="));
        let gone = read_in(&node, "en", "/statements/none").await.body;
        assert!(gone.contains("<meta name=\"robots\" content=\"noindex\">") && !gone.contains("og:title"));
    }

    async fn the_first_page_is_small(world) {
        let node = world.node().await;
        for number in 0..30 {
            let text = "The cranes stand still until the dismissed are back. ".repeat(20);
            node.publish(&format!("---\nlead: {}\n---\n# Statement {number} on the lockout\n\n{text}", &text[..250])).await;
        }
        let home = read_in(&node, "en", "/").await.body;
        let style = home.split("rel=\"stylesheet\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a style");
        let coded = |text: &str| {
            let mut coder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            std::io::Write::write_all(&mut coder, text.as_bytes()).expect("written");
            coder.finish().expect("finished").len()
        };
        let bytes = coded(&home) + coded(&node.page(style).await.body);
        assert!(bytes < 30_000, "{bytes}");
    }
}
