//! Leaflets as programs make them, with names at every place where these leave one.

use lopdf::{Document, Object, ObjectId, SaveOptions, Stream, StringFormat, dictionary};

/// A name that must not leave the house.
pub(super) const SECRET: &str = "Ayse-Yilmaz-of-the-night-shift";

/// A leaflet that is being made: its document, its catalogue and its page.
pub(super) struct Leaflet {
    pub(super) document: Document,
    pub(super) catalog: ObjectId,
    pub(super) page: ObjectId,
}

impl Leaflet {
    pub(super) fn new() -> Self {
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
    pub(super) fn at_large(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.document.get_dictionary_mut(self.catalog).expect("a catalogue").set(key, value);
        self
    }

    /// Puts something into the page.
    pub(super) fn on_page(mut self, key: &str, value: impl Into<Object>) -> Self {
        self.document.get_dictionary_mut(self.page).expect("a page").set(key, value);
        self
    }

    /// Lays something over the page.
    pub(super) fn over_page(mut self, kind: &str, more: lopdf::Dictionary) -> Self {
        let mut over =
            dictionary! {"Type" => "Annot", "Subtype" => kind, "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()]};
        for (key, value) in more {
            over.set(key, value);
        }
        let over = self.document.add_object(over);
        self.on_page("Annots", vec![over.into()])
    }

    /// Puts a picture on the page.
    pub(super) fn with_picture(mut self, filter: impl Into<Object>, content: Vec<u8>) -> Self {
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

    pub(super) fn bytes(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.document.save_to(&mut bytes).expect("written");
        bytes
    }
}

pub(super) fn secret() -> Object {
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
pub(super) fn names(bytes: &[u8], name: &str) -> bool {
    let has = |bytes: &[u8]| bytes.windows(name.len()).any(|window| window == name.as_bytes());
    let document = Document::load_mem(bytes).expect("a PDF");
    let streams = document.objects.values().filter_map(|object| object.as_stream().ok());
    has(bytes) || streams.filter_map(|stream| stream.decompressed_content().ok()).any(|content| has(&content))
}
