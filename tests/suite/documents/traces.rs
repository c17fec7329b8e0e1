//! Traces that lie deep in a PDF, and bombs that hide from whoever looks for them.

use lopdf::{Dictionary, Object, ObjectId, Stream, dictionary};
use picket::media;

use super::leaflets::{Leaflet, SECRET, leaflet, names, secret};

fn cleaned(leaflet: Leaflet) -> Vec<u8> {
    media::prepare_pdf(&leaflet.bytes()).expect("cleaned")
}

/// A leaflet of which a page was taken out, and which still knows it; that page.
fn shortened() -> (Leaflet, ObjectId) {
    let mut leaflet = Leaflet::new();
    let drawn = leaflet.document.add_object(Stream::new(dictionary! {}, format!("({SECRET}) Tj").into()));
    let parent =
        leaflet.document.get_dictionary(leaflet.page).and_then(|page| page.get(b"Parent")).expect("pages").clone();
    let page = dictionary! {
        "Type" => "Page", "Parent" => parent, "Contents" => drawn,
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    };
    let page = leaflet.document.add_object(page);
    (leaflet, page)
}

#[test]
fn a_page_that_was_taken_out_is_gone_wherever_something_still_leads_to_it() {
    let to = |page: ObjectId| vec![Object::from(page), "Fit".into()];
    let link = |leaflet: Leaflet, page| leaflet.over_page("Link", dictionary! {"Dest" => to(page)});
    let action = |leaflet: Leaflet, page| {
        leaflet.over_page("Link", dictionary! {"A" => dictionary! {"S" => "GoTo", "D" => to(page)}})
    };
    let outline = |mut leaflet: Leaflet, page| {
        let root = leaflet.document.new_object_id();
        let entry = dictionary! {"Title" => secret(), "Parent" => root, "Dest" => to(page)};
        let entry = leaflet.document.add_object(entry);
        leaflet.document.objects.insert(root, dictionary! {"First" => entry, "Last" => entry, "Count" => 1}.into());
        leaflet.at_large("Outlines", root)
    };
    let name_tree = |leaflet: Leaflet, page| {
        let named = dictionary! {"Names" => vec![Object::string_literal("there"), to(page).into()]};
        leaflet.at_large("Names", dictionary! {"Dests" => named})
    };
    let structure = |mut leaflet: Leaflet, page| {
        let element =
            dictionary! {"Type" => "StructElem", "S" => "P", "Pg" => page, "K" => 0, "ActualText" => secret()};
        let element = leaflet.document.add_object(element);
        leaflet.at_large("StructTreeRoot", dictionary! {"Type" => "StructTreeRoot", "K" => vec![element.into()]})
    };
    let untyped = |mut leaflet: Leaflet, page| {
        leaflet.document.get_dictionary_mut(page).expect("the page").remove(b"Type");
        link(leaflet, page)
    };
    let ways: [&dyn Fn(Leaflet, ObjectId) -> Leaflet; 6] = [&link, &action, &outline, &name_tree, &structure, &untyped];
    for (number, way) in ways.into_iter().enumerate() {
        let (leaflet, page) = shortened();
        let cleaned = cleaned(way(leaflet, page));
        assert!(!names(&cleaned, SECRET), "{number}: {}", String::from_utf8_lossy(&cleaned));
        assert!(names(&cleaned, "The cranes stand still"), "{number}");
    }
}

#[test]
fn outlines_and_structure_of_pages_that_stay_stay() {
    let mut leaflet = Leaflet::new();
    let root = leaflet.document.new_object_id();
    let dest = vec![Object::from(leaflet.page), "Fit".into()];
    let entry = dictionary! {"Title" => Object::string_literal("A chapter"), "Parent" => root, "Dest" => dest};
    let entry = leaflet.document.add_object(entry);
    leaflet.document.objects.insert(root, dictionary! {"First" => entry, "Last" => entry, "Count" => 1}.into());
    let element = dictionary! {
        "Type" => "StructElem", "S" => "Figure", "Pg" => leaflet.page, "K" => 0, "Alt" => Object::string_literal("A crane"),
    };
    let element = leaflet.document.add_object(element);
    let tree = dictionary! {"Type" => "StructTreeRoot", "K" => vec![element.into()]};
    let cleaned = cleaned(leaflet.at_large("Outlines", root).at_large("StructTreeRoot", tree));
    assert!(names(&cleaned, "A chapter") && names(&cleaned, "A crane"));
}

/// A leaflet whose page is drawn with the given commands.
fn drawn_with(commands: Vec<u8>) -> Leaflet {
    let mut leaflet = Leaflet::new();
    let mut stream = Stream::new(dictionary! {}, commands);
    stream.compress().expect("packed");
    let drawn = leaflet.document.add_object(stream);
    leaflet.on_page("Contents", drawn)
}

#[test]
fn a_photograph_among_the_commands_is_refused_and_notes_among_them_go() {
    let commands = [b"q BI /W 8 /H 8 /CS/RGB /BPC 8 /F/DCT ID ".as_slice(), b"\xFF\xD8Exif\0\0", b"\nEI Q"].concat();
    let said = media::prepare_pdf(&drawn_with(commands).bytes()).expect_err("to be refused").to_string();
    assert!(said.contains("print it to a new PDF"), "{said}");
    let commands = format!("/Span <</Author ({SECRET}) /MCID 7>> BDC (The cranes) Tj EMC /X <</By({SECRET})>> DP");
    let cleaned = cleaned(drawn_with(commands.into()));
    assert!(!names(&cleaned, SECRET) && names(&cleaned, "/MCID 7") && names(&cleaned, "(The cranes) Tj"));
}

#[test]
fn titles_of_things_drawn_and_names_of_files_in_descriptions_go() {
    let properties = dictionary! {"MC0" => dictionary! {"Title" => secret(), "MCID" => 3}};
    assert!(!names(&cleaned(Leaflet::new().on_page("Resources", dictionary! {"Properties" => properties})), SECRET));
    let utf16 = format!("C:\\Users\\{SECRET}\\a.jpg").encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let wide = Object::String([vec![0xFE, 0xFF], utf16.clone()].concat(), lopdf::StringFormat::Hexadecimal);
    for (key, value) in [
        ("Alt", Object::string_literal(format!("/home/{SECRET}/a"))),
        ("ActualText", Object::string_literal(format!("{SECRET}.jpg"))),
        ("E", wide),
    ] {
        let element = Dictionary::from_iter([("S", Object::from("Figure")), (key, value)]);
        let cleaned = cleaned(Leaflet::new().at_large("StructTreeRoot", dictionary! {"K" => vec![element.into()]}));
        let written = utf16.iter().fold(String::new(), |written, byte| written + &format!("{byte:02X}"));
        assert!(!names(&cleaned, SECRET) && !names(&cleaned, &written), "{key}");
    }
}

#[test]
fn a_pdf_may_begin_behind_what_a_program_wrote_before_it() {
    media::prepare_pdf(&[b"\r\n@PJL ENTER LANGUAGE=PDF\r\n", leaflet().as_slice()].concat()).expect("cleaned");
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

/// Much that is packed into little.
fn packed() -> Vec<u8> {
    let mut packed = Stream::new(dictionary! {}, vec![b' '; 40 * 1024 * 1024]);
    packed.compress().expect("packed");
    packed.content
}

#[test]
fn a_bomb_is_found_however_its_dictionary_is_written() {
    let packed = packed();
    let long = " ".repeat(9_000);
    let comment = "x".repeat(9_000);
    for (dictionary, behind) in [
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>", "stream \t\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/A( 1 0 obj )>>", "stream\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/A( 1 0 obj<</B/C)>>", "stream\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/A( 1 0 obj<</B\\( )>>", "stream\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode% 1 0 obj <</A/B\n>>", "stream\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/A(stream\n)>>", "stream\n"),
        (&format!("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode{long}>>"), "stream\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>", "% a comment\nstream\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>", &format!("%{comment}\nstream\n")),
        ("<</Type/ObjStm/N 1/First 4/Filter[/FlateDecode/FlateDecode]>>", "stream\n"),
        ("<</Type/ObjStm/N 1/First 4/Filter/LZWDecode>>", "stream\n"),
        ("<</Type/Obj#53tm/N 1/First 4/Filter/FlateDecode>>", "stream\r\n"),
    ] {
        let before = format!("%PDF-1.7\n9 0 obj\n{dictionary}\n{behind}");
        let said = media::prepare_pdf(&[before.as_bytes(), &packed].concat()).expect_err("to be refused").to_string();
        assert!(said.contains("unpacks to more"), "{dictionary} {behind}: {said}");
        // Without the usual beginning the reader unpacks it as well.
        let headless = [before.as_bytes(), &[0, 0], &packed[2..]].concat();
        let said = media::prepare_pdf(&headless).expect_err("to be refused").to_string();
        assert!(said.contains("unpacks to more"), "headless {dictionary} {behind}: {said}");
    }
}
