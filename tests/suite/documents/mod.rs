//! PDFs that a statement has attached: what of them is published, who is told, and when they are gone.

use lopdf::encryption::{EncryptionState, EncryptionVersion, Permissions};
use lopdf::{Document, Object, ObjectId, SaveOptions, Stream, StringFormat, dictionary};
use picket::federation::outbox;
use picket::media;
use picket::statements::draft::Draft;
use serde_json::{Value, json};

use crate::harness::{Answered, TestNode, all, on_both_databases};

/// A name that must not leave the house.
const SECRET: &str = "Ayse-Yilmaz-of-the-night-shift";

/// A leaflet that is being made: its document, its catalogue and its page.
struct Leaflet {
    document: Document,
    catalog: ObjectId,
    page: ObjectId,
}

impl Leaflet {
    fn new() -> Self {
        let mut document = Document::with_version("1.5");
        let pages = document.new_object_id();
        let font = document.add_object(dictionary! {"Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica"});
        let drawn = format!("% drawn by {SECRET}\nBT /F1 24 Tf 72 720 Td (The cranes stand still) Tj ET").into_bytes();
        let contents = document.add_object(Stream::new(dictionary! {}, drawn));
        let page = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => contents,
            "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            "Resources" => dictionary! {"Font" => dictionary! {"F1" => font}},
        });
        document
            .objects
            .insert(pages, dictionary! {"Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1}.into());
        let catalog = document.add_object(dictionary! {"Type" => "Catalog", "Pages" => pages});
        document.trailer.set("Root", catalog);
        Self { document, catalog, page }
    }

    /// Puts something into the catalogue.
    fn at_large(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.document.get_dictionary_mut(self.catalog).expect("a catalogue").set(key, value);
        self
    }

    /// Puts something into the page.
    fn on_page(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.document.get_dictionary_mut(self.page).expect("a page").set(key, value);
        self
    }

    /// Lays something over the page.
    fn over_page(mut self, kind: &str, more: lopdf::Dictionary) -> Self {
        let mut over =
            dictionary! {"Type" => "Annot", "Subtype" => kind, "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()]};
        for (key, value) in more {
            over.set(key, value);
        }
        let over = self.document.add_object(over);
        self.on_page("Annots", vec![over.into()])
    }

    /// Puts a picture on the page.
    fn with_picture(mut self, filter: impl Into<Object>, content: Vec<u8>) -> Self {
        let profile = self.document.add_object(Stream::new(dictionary! {"N" => 3}, SECRET.into()));
        let picture = dictionary! {
            "Type" => "XObject", "Subtype" => "Image", "Width" => 8, "Height" => 8, "BitsPerComponent" => 8,
            "ColorSpace" => vec!["ICCBased".into(), profile.into()], "Filter" => filter, "PTEX.FileName" => secret(),
        };
        let picture = self.document.add_object(Stream::new(picture, content));
        let page = self.document.get_dictionary_mut(self.page).expect("a page");
        page.get_mut(b"Resources")
            .and_then(Object::as_dict_mut)
            .expect("resources")
            .set("XObject", dictionary! {"Im0" => picture});
        self
    }

    fn bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).expect("written");
        bytes
    }
}

fn secret() -> Object {
    Object::String(SECRET.into(), StringFormat::Literal)
}

/// A plain leaflet.
pub fn leaflet() -> Vec<u8> {
    Leaflet::new().bytes()
}

/// The same, its objects packed into streams.
pub fn packed_leaflet() -> Vec<u8> {
    let mut bytes = Vec::new();
    let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
    Leaflet::new().document.save_with_options(&mut bytes, options).expect("written");
    bytes
}

/// A JPEG as a camera writes it, with a name in its notes.
fn photograph() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(8, 8, |x, _| image::Rgb([if x < 4 { 200 } else { 20 }, 0, 0]))
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .expect("a picture");
    let bytes = bytes.into_inner();
    let notes =
        [(0xE1_u8, format!("Exif\0\0{SECRET}")), (0xED, format!("Photoshop 3.0\0{SECRET}")), (0xFE, SECRET.to_owned())];
    let notes = notes.iter().flat_map(|(marker, note)| {
        let length = u16::try_from(note.len() + 2).expect("short").to_be_bytes();
        [&[0xFF, *marker], length.as_slice(), note.as_bytes()].concat()
    });
    [&bytes[..2], &notes.collect::<Vec<u8>>(), &bytes[2..], SECRET.as_bytes()].concat()
}

/// A leaflet with a name at every place where programs leave one.
pub fn leaflet_with_everything() -> Vec<u8> {
    let mut leaflet = Leaflet::new().with_picture("DCTDecode", photograph());
    let document = &mut leaflet.document;
    let info = document.add_object(dictionary! {"Author" => secret(), "Title" => secret(), "Producer" => secret()});
    document.trailer.set("Info", info);
    document.trailer.set("ID", vec![secret(), secret()]);
    let xmp = dictionary! {"Type" => "Metadata", "Subtype" => "XML"};
    let xmp = document.add_object(Stream::new(xmp, format!("<x:xmpmeta>{SECRET}</x:xmpmeta>").into()));
    let packed = document.add_object({
        let mut stream =
            Stream::new(dictionary! {"Type" => "Metadata"}, format!("{} {SECRET}", " ".repeat(400)).into());
        stream.compress().expect("packed");
        stream
    });
    let thumb = document.add_object(Stream::new(dictionary! {"Width" => 1, "Height" => 1}, SECRET.into()));
    // What nothing leads to, as older wordings are.
    document.add_object(dictionary! {"Type" => "Page", "Contents" => secret()});
    let outside = dictionary! {"S" => "URI", "URI" => Object::string_literal(format!("file:///home/{SECRET}/a.pdf"))};
    let elsewhere = dictionary! {"Dest" => vec![leaflet.page.into(), "Fit".into()], "T" => secret(), "Contents" => secret(), "A" => outside, "M" => secret()};
    let intents = vec![dictionary! {"S" => "GTS_PDFA1", "OutputCondition" => secret()}.into()];
    leaflet
        .at_large("Metadata", xmp)
        .at_large("OutputIntents", intents)
        .at_large("PieceInfo", dictionary! {"Word" => dictionary! {"Private" => secret()}})
        .at_large("Lang", Object::string_literal("en"))
        .on_page("Metadata", packed)
        .on_page("PieceInfo", dictionary! {"Draw" => dictionary! {"Private" => secret()}})
        .on_page("LastModified", secret())
        .on_page("Thumb", thumb)
        .over_page("Link", elsewhere)
        .bytes()
}

/// Whether a name stands anywhere in a PDF, packed or not.
fn names(bytes: &[u8], name: &str) -> bool {
    let has = |bytes: &[u8]| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    let document = Document::load_mem(bytes).expect("a PDF");
    let streams = document.objects.values().filter_map(|object| object.as_stream().ok());
    has(bytes) || streams.filter_map(|stream| stream.decompressed_content().ok()).any(|content| has(&content))
}

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
        (Vec::new(), "no PDF"),
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

#[test]
fn a_small_file_that_unpacks_to_very_much_is_refused_before_it_is_read() {
    let mut packed =
        Stream::new(dictionary! {"Type" => "ObjStm", "N" => 1, "First" => 4}, vec![b' '; 40 * 1024 * 1024]);
    packed.compress().expect("packed");
    assert!(packed.content.len() < 100_000);
    let mut bytes = b"%PDF-1.7\n9 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>\nstream\n".to_vec();
    bytes.extend(&packed.content);
    bytes.extend(b"\nendstream\nendobj\n");
    let said = media::prepare_pdf(&bytes).expect_err("to be refused").to_string();
    assert!(said.contains("unpacks to more"), "{said}");
    // What lies in pages stays packed, however much it is.
    let mut leaflet = Leaflet::new();
    let mut large = Stream::new(dictionary! {}, vec![b' '; 40 * 1024 * 1024]);
    large.compress().expect("packed");
    let large = leaflet.document.add_object(large);
    assert!(media::prepare_pdf(&leaflet.on_page("Contents", large).bytes()).expect("cleaned").len() < 200_000);
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
        let later = format!("---\ndate: 2099-01-01\ndocuments: [{{file: {}, title: Later}}]\n---\nLater.", file.display());
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
        assert_eq!((node.count("statements").await, kept(&node)), (0, 0));
    }
}
