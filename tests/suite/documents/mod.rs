//! PDFs that a statement has attached: what of them is published, who is told, and when they are gone.

mod leaflets;
mod traces;

use lopdf::encryption::{EncryptionState, EncryptionVersion, Permissions};
use lopdf::{Document, Object, dictionary};
use picket::federation::outbox;
use picket::media;
use picket::statements::draft::Draft;
use serde_json::{Value, json};

use self::leaflets::{Leaflet, SECRET, names, secret};
pub use self::leaflets::{leaflet, leaflet_with_everything, packed_leaflet};
use crate::harness::{Answered, TestNode, all, on_both_databases};

#[test]
fn a_pdf_keeps_its_pages_and_no_name_of_who_made_it() {
    let given = leaflet_with_everything();
    assert!(names(&given, SECRET));
    let cleaned = media::prepare_pdf(&given).expect("cleaned");
    assert!(!names(&cleaned, SECRET), "{}", String::from_utf8_lossy(&cleaned));
    let document = Document::load_mem(&cleaned).expect("a PDF");
    assert_eq!(document.get_pages().len(), 1);
    assert!(document.extract_text(&[1]).expect("text").contains("The cranes stand still"));
    let catalog = document.catalog().expect("a catalogue");
    assert_eq!(catalog.get(b"Lang").and_then(Object::as_str).expect("a language"), b"en", "screen readers need it");
    let pictures = document.objects.values().filter_map(|object| object.as_stream().ok());
    let picture = pictures.into_iter().find(|stream| stream.dict.has(b"Width")).expect("the picture");
    let shown = image::load_from_memory_with_format(&picture.content, image::ImageFormat::Jpeg).expect("a JPEG");
    assert_eq!((shown.width(), shown.height()), (8, 8));
    for key in [b"Info".as_slice(), b"ID", b"Prev"] {
        assert!(!document.trailer.has(key));
    }
}

#[test]
fn packed_and_plain_pdfs_are_taken_and_come_out_the_same_each_time() {
    for given in [leaflet(), packed_leaflet()] {
        let cleaned = media::prepare_pdf(&given).expect("cleaned");
        assert_eq!(media::prepare_pdf(&given).expect("cleaned"), cleaned);
        assert!(names(&cleaned, "The cranes stand still"));
    }
}

#[test]
fn links_to_the_web_and_within_stay_and_others_go() {
    let linked = |action: lopdf::Dictionary| {
        let cleaned = Leaflet::new().over_page("Link", dictionary! {"A" => action}).bytes();
        media::prepare_pdf(&cleaned).expect("cleaned")
    };
    let address = |address: &str| dictionary! {"S" => "URI", "URI" => Object::string_literal(address)};
    assert!(names(&linked(address("https://union.example/petition")), "union.example/petition"));
    assert!(!names(&linked(address("file:///home/ayse/a.pdf")), "ayse"));
    assert!(!names(
        &linked(dictionary! {"S" => "GoToR", "F" => Object::string_literal("C:\\Users\\ayse\\a.pdf")}),
        "ayse"
    ));
}

#[test]
fn what_cannot_be_cleaned_is_refused_in_a_sentence() {
    let note = |key: &str, value: Object| lopdf::Dictionary::from_iter([(key, value)]);
    let script = || dictionary! {"S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)")};
    let cases = [
        (Leaflet::new().at_large("OpenAction", script()).bytes(), "JavaScript"),
        (
            Leaflet::new()
                .over_page("Link", dictionary! {"A" => dictionary! {"S" => "Launch", "F" => secret()}})
                .bytes(),
            "programs",
        ),
        (
            Leaflet::new().over_page("Link", dictionary! {"A" => dictionary! {"S" => "SubmitForm"}}).bytes(),
            "sends data",
        ),
        (Leaflet::new().at_large("Names", dictionary! {"EmbeddedFiles" => dictionary! {}}).bytes(), "files in it"),
        (Leaflet::new().over_page("FileAttachment", dictionary! {}).bytes(), "files in it"),
        (Leaflet::new().over_page("Text", note("T", secret())).bytes(), "comments"),
        (Leaflet::new().over_page("Highlight", dictionary! {}).bytes(), "comments"),
        (Leaflet::new().over_page("Link", note("Subtype", Object::Null)).bytes(), "comments"),
        (Leaflet::new().over_page("Widget", dictionary! {}).bytes(), "form or a signature"),
        (Leaflet::new().over_page("RichMedia", dictionary! {}).bytes(), "films"),
        (Leaflet::new().at_large("OCProperties", dictionary! {}).bytes(), "layers"),
        (Leaflet::new().with_picture("JPXDecode", b"jp2".to_vec()).bytes(), "JPEG 2000"),
        (Leaflet::new().with_picture("DCTDecode", b"no picture".to_vec()).bytes(), "damaged"),
        (encrypted(""), "encrypted"),
        (encrypted("a password"), "encrypted"),
        (leaflet()[..leaflet().len() / 2].to_vec(), "damaged"),
        (b"%PDF-1.7\nnothing".to_vec(), "damaged"),
        (b"PK\x03\x04".to_vec(), "no PDF"),
        (Vec::new(), "empty"),
        (vec![b'%'; 17 * 1024 * 1024], "save it smaller"),
    ];
    for (bytes, words) in cases {
        let said = media::prepare_pdf(&bytes).expect_err(words).to_string();
        assert!(said.contains(words) && !said.contains('\n'), "{words}: {said}");
    }
}

fn encrypted(password: &str) -> Vec<u8> {
    let mut leaflet = Leaflet::new();
    leaflet.document.trailer.set("ID", vec![Object::string_literal("a"), Object::string_literal("b")]);
    let version = EncryptionVersion::V2 {
        document: &leaflet.document,
        owner_password: "owner",
        user_password: password,
        key_length: 128,
        permissions: Permissions::all(),
    };
    let state = EncryptionState::try_from(version).expect("keys");
    leaflet.document.encrypt(&state).expect("encrypted");
    leaflet.bytes()
}

fn text<'a>(value: &'a Value, property: &str) -> &'a str {
    value[property].as_str().unwrap_or_else(|| panic!("{property} in {value}"))
}

/// Publishes a statement with a leaflet of the given title.
async fn publish(node: &TestNode, title: &str) -> String {
    let file = node.data_dir().join("ayse-draft-3.pdf");
    std::fs::write(&file, leaflet_with_everything()).expect("a file");
    let front =
        format!("---\ndocuments:\n  - {{file: {}, title: {title}}}\n---\n# Lockout\n\nRead it.", file.display());
    node.publish_at(&front).await
}

fn kept(node: &TestNode) -> usize {
    std::fs::read_dir(node.node.config.media_dir()).map_or(0, Iterator::count)
}

async fn load(node: &TestNode, statement: &str) -> (String, Answered) {
    let note = node.get(statement).await.json();
    let address = text(&all(&note["attachment"])[0], "url").to_owned();
    let path = address.strip_prefix(&node.base).expect("ours").to_owned();
    (path.clone(), node.page(&path).await)
}

on_both_databases! {
    async fn a_document_is_shown_with_its_title_and_size_and_served_as_a_file_to_keep(world) {
        let node = world.node().await;
        let statement = publish(&node, "Ortak mektup").await;
        let (path, served) = load(&node, &statement).await;
        assert!(path.rsplit('.').next() == Some("pdf") && !path.contains("draft"), "{path}");
        assert_eq!((served.status, served.header("content-type")), (200, "application/pdf"));
        assert_eq!(served.header("x-content-type-options"), "nosniff");
        assert!(served.header("content-security-policy").contains("sandbox"), "{:?}", served.headers);
        let disposition = served.header("content-disposition");
        assert!(disposition.starts_with("attachment; filename=\"Ortak mektup.pdf\""), "{disposition}");
        assert!(served.body.starts_with("%PDF-") && !served.body.contains(SECRET));
        let page = node.page(&statement).await.body;
        assert!(page.contains(&format!("<a href=\"{path}\" type=\"application/pdf\"><bdi>Ortak mektup</bdi></a>")), "{page}");
        assert!(page.contains("PDF, 2 KB") || page.contains("PDF, 3 KB"), "{page}");
    }

    async fn a_document_travels_as_an_attachment_and_stands_in_the_feeds(world) {
        let (node, remote) = (world.node().await, world.remote().await);
        remote.person("amal").follows(&node).await;
        publish(&node, "Open <letter>").await;
        node.deliver_all().await;
        let note = remote.heard_of("Create").remove(0)["object"].clone();
        let document = &all(&note["attachment"])[0];
        assert_eq!((&document["type"], &document["mediaType"]), (&json!("Document"), &json!("application/pdf")));
        assert_eq!(document["name"], "Open <letter>");
        let address = text(document, "url");
        let content = text(&note, "content");
        assert!(content.contains(&format!("href=\"{address}\"")) && content.contains("Open &lt;letter&gt; (PDF)"), "{content}");
        for file in ["/feed.atom", "/feed.rss", "/feed.json"] {
            let feed = node.page(file).await.body;
            assert!(feed.contains(address) && feed.contains("application/pdf"), "{file}: {feed}");
        }
        let feed = node.page("/feed.json").await.json();
        assert_eq!(feed["items"][0].get("image"), None, "a document is no picture");
    }

    async fn an_edit_keeps_documents_or_puts_others_in_their_place_and_a_withdrawal_takes_them_along(world) {
        let node = world.node().await;
        let statement = publish(&node, "First").await;
        node.edit(&statement, "Read it again.").await;
        let (first, served) = load(&node, &statement).await;
        assert_eq!((served.status, kept(&node)), (200, 1));
        let file = node.data_dir().join("other.pdf");
        std::fs::write(&file, leaflet()).expect("a file");
        node.edit(&statement, &format!("---\ndocuments: [{{file: {}, title: Second}}]\n---\nRead it.", file.display())).await;
        let (second, served) = load(&node, &statement).await;
        assert_eq!((served.status, node.page(&first).await.status, kept(&node)), (200, 404, 1));
        outbox::withdraw(&node.node, &statement).await.expect("withdrawn");
        assert_eq!((node.page(&second).await.status, kept(&node)), (404, 0));
    }

    async fn an_edit_takes_documents_and_pictures_away_where_it_names_none(world) {
        let node = world.node().await;
        let picture = node.data_dir().join("gate.png");
        image::RgbImage::new(8, 8).save(&picture).expect("a picture");
        let file = node.data_dir().join("letter.pdf");
        std::fs::write(&file, leaflet()).expect("a file");
        let statement = node.publish_at(&format!(
            "---\npictures: [{{file: {}, alt: A gate}}]\ndocuments: [{{file: {}, title: Letter}}]\n---\nRead it.",
            picture.display(), file.display(),
        )).await;
        let attached = async || all(&node.get(&statement).await.json()["attachment"]).len();
        for (edit, left) in [
            ("Again.", 2),
            ("---\ndocuments:\npictures:\n---\nOnce more.", 2),
            ("---\ndocuments: []\n---\nAgain.", 1),
            ("+++\npictures = []\n+++\nAgain.", 0),
        ] {
            node.edit(&statement, edit).await;
            assert_eq!((attached().await, kept(&node)), (left, left), "{edit}");
        }
    }

    async fn a_document_is_not_swept_while_it_is_shown_and_not_served_before(world) {
        let node = world.node().await;
        let statement = publish(&node, "Kept").await;
        let file = node.texts("file", "statement_documents").await.remove(0).expect("a name");
        let path = node.node.config.media_dir().join(&file);
        std::fs::File::options().write(true).open(&path).and_then(|file| file.set_modified(std::time::UNIX_EPOCH)).expect("old");
        picket::server::forget(&node.node).await.expect("forgotten");
        assert_eq!(load(&node, &statement).await.1.status, 200);
        let file = node.data_dir().join("later.pdf");
        std::fs::write(&file, leaflet()).expect("a file");
        let later = format!("---\ndate: 2031-01-01\ndocuments: [{{file: {}, title: Later}}]\n---\nLater.", file.display());
        node.publish(&later).await;
        let file = node.texts("file", "statement_documents WHERE title = 'Later'").await.remove(0).expect("a name");
        assert_eq!(node.page(&format!("/media/{file}")).await.status, 404);
    }

    async fn a_statement_whose_document_cannot_be_cleaned_is_not_published(world) {
        let node = world.node().await;
        let file = node.data_dir().join("form.pdf");
        std::fs::write(&file, Leaflet::new().over_page("Widget", dictionary! {}).bytes()).expect("a file");
        for (entry, words) in [
            (format!("{{file: {}, title: A form}}", file.display()), "form.pdf: it has a form"),
            (format!("{{file: {}}}", file.display()), "what readers are to find"),
            ("{title: Lost}".to_owned(), "document 1 file"),
            ("{file: /none.pdf, title: Lost}".to_owned(), "cannot be read"),
        ] {
            let draft = Draft::from_file_text(&format!("---\ndocuments: [{entry}]\n---\nA text."));
            let refused = match draft {
                Ok(draft) => outbox::publish(&node.node, draft).await.map(drop),
                Err(error) => Err(error),
            };
            let said = refused.expect_err("to be refused").to_string();
            assert!(said.contains(words) && !said.contains('\n'), "{words}: {said}");
        }
        let good = node.data_dir().join("good.pdf");
        std::fs::write(&good, leaflet()).expect("a file");
        let (good, bad) = (good.display(), file.display());
        for attached in [
            format!("documents: [{{file: {good}, title: Good}}, {{file: {bad}, title: Bad}}]"),
            format!("documents: [{{file: {good}, title: Good}}]\npictures: [{{file: {bad}, alt: No picture}}]"),
        ] {
            let draft = Draft::from_file_text(&format!("---\n{attached}\n---\nA text.")).expect("a draft");
            outbox::publish(&node.node, draft).await.expect_err("to be refused");
            assert_eq!(kept(&node), 0, "{attached}");
        }
        assert_eq!(node.count("statements").await, 0);
    }
}
