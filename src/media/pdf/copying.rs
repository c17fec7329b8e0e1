//! What the pages need, object by object, from the catalogue on. What nothing leads to from there is not copied.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use lopdf::{DecompressError, Dictionary, Document, Object, ObjectId, Stream};

use super::bounds::{MOST_UNPACKED, too_much};
use super::{commands, damaged, has_unclean_pictures, jpeg, keys, paths};
use crate::error::{Error, Result};

/// The number of the catalogue in the copy.
pub(super) const FIRST: ObjectId = (1, 0);
/// How a stream may be packed so that nothing but its data is in it.
const OPEN: [&[u8]; 6] =
    [b"FlateDecode", b"LZWDecode", b"RunLengthDecode", b"CCITTFaxDecode", b"ASCII85Decode", b"ASCIIHexDecode"];
const JPEG: &[u8] = b"DCTDecode";
/// What a link may lead to: never a file, whose path tells who has it.
const SCHEMES: [&str; 4] = ["https:", "http:", "mailto:", "tel:"];

/// What all commands that draw may unpack to together.
const MOST_COMMANDS: usize = 64 * 1024 * 1024;

/// Where something stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where its keys are those of the format.
    Known,
    /// Where its keys are names of the file's own.
    Map,
    /// The same, and what they name is drawn.
    Glyphs,
    /// Where a stream, or each of a list, holds commands that draw.
    Drawn,
}

pub(super) struct Copying<'d> {
    document: &'d Document,
    /// The pages of the document, without those that were taken out.
    pages: BTreeSet<ObjectId>,
    /// What each object is called in the copy.
    numbers: BTreeMap<ObjectId, ObjectId>,
    waiting: VecDeque<(ObjectId, Place)>,
    /// How much commands may still unpack to.
    commands_left: usize,
}

impl<'d> Copying<'d> {
    pub(super) fn of(document: &'d Document) -> Result<Self> {
        let root = document.trailer.get(b"Root").and_then(Object::as_reference).map_err(|_| damaged())?;
        let mut copying = Self {
            document,
            pages: document.page_iter().collect(),
            numbers: BTreeMap::new(),
            waiting: VecDeque::new(),
            commands_left: MOST_COMMANDS,
        };
        copying.number(root, Place::Known)?;
        Ok(copying)
    }

    pub(super) fn objects(mut self) -> Result<BTreeMap<ObjectId, Object>> {
        let mut copies = BTreeMap::new();
        while let Some((id, place)) = self.waiting.pop_front() {
            let copy = match self.document.objects.get(&id) {
                Some(Object::Dictionary(page)) if self.pages.contains(&id) => {
                    Object::Dictionary(self.dictionary(page, place)?)
                }
                Some(object) => self.copy(object, place)?,
                None => Object::Null,
            };
            // What is missing is nothing (7.3.10), and need not be said.
            if copy != Object::Null && !is_of_the_file(&copy) {
                copies.insert(self.number(id, place)?, copy);
            }
        }
        Ok(copies)
    }

    fn number(&mut self, id: ObjectId, place: Place) -> Result<ObjectId> {
        if let Some(number) = self.numbers.get(&id) {
            return Ok(*number);
        }
        let number = (u32::try_from(self.numbers.len() + 1).map_err(|_| damaged())?, 0);
        self.numbers.insert(id, number);
        self.waiting.push_back((id, place));
        Ok(number)
    }

    fn copy(&mut self, object: &Object, place: Place) -> Result<Object> {
        Ok(match object {
            Object::Array(items) => {
                if let Some(colour) = self.colour_of_profile(items)? {
                    return Ok(colour);
                }
                let within = if place == Place::Drawn { Place::Drawn } else { Place::Known };
                let items = items.iter().map(|item| self.copy(item, within));
                Object::Array(items.collect::<Result<_>>()?)
            }
            Object::Dictionary(dictionary) if self.is_taken_out(dictionary, place) => Object::Null,
            Object::Dictionary(dictionary) => Object::Dictionary(self.dictionary(dictionary, place)?),
            Object::Stream(stream) => Object::Stream(self.stream(stream, place)?),
            Object::Reference(id) => Object::Reference(self.number(*id, place)?),
            plain => plain.clone(),
        })
    }

    /// A colour profile names the screen or the person that it was made for: the device's own colours are near enough, as in our pictures.
    fn colour_of_profile(&self, items: &[Object]) -> Result<Option<Object>> {
        let [Object::Name(name), profile] = items else { return Ok(None) };
        if name != b"ICCBased" {
            return Ok(None);
        }
        let count = self.follow(profile).as_stream().and_then(|stream| stream.dict.get(b"N"));
        let count = count.map(|count| self.follow(count)).and_then(Object::as_i64).map_err(|_| damaged())?;
        let colours = match count {
            1 => "DeviceGray",
            3 => "DeviceRGB",
            4 => "DeviceCMYK",
            _ => return Err(damaged()),
        };
        Ok(Some(Object::Name(colours.into())))
    }

    fn dictionary(&mut self, given: &Dictionary, place: Place) -> Result<Dictionary> {
        // What says what it is, is no map.
        let is_map =
            matches!(place, Place::Map | Place::Glyphs) && given.get_type().is_err() && !given.has(b"ShadingType");
        let is_action = given.get(b"S").and_then(Object::as_name).is_ok_and(|kind| matches!(kind, b"URI" | b"GoTo"));
        let mut copy = Dictionary::new();
        for (key, value) in given {
            if !is_map && !self.is_needed(given, key, value) || is_action && key == b"Next" {
                continue;
            }
            let within = match key.as_slice() {
                _ if is_map && place == Place::Glyphs => Place::Drawn,
                _ if is_map => Place::Known,
                b"Contents" => Place::Drawn,
                b"CharProcs" => Place::Glyphs,
                key if keys::leads_to_map(key) => Place::Map,
                _ => Place::Known,
            };
            copy.set(key.clone(), self.copy(value, within)?);
        }
        Ok(copy)
    }

    /// Whether this is a page that is none of the document's any more, to which links still lead, or says what stands on one. Asked of those that
    /// are no pages of the document.
    fn is_taken_out(&self, dictionary: &Dictionary, place: Place) -> bool {
        if matches!(place, Place::Map | Place::Glyphs) && !dictionary.has(b"Type") {
            return false;
        }
        let is_page = match dictionary.get(b"Type").map(|kind| self.follow(kind).as_name()) {
            Ok(Ok(kind)) => matches!(kind, b"Page" | b"Template"),
            _ => dictionary.has(b"MediaBox") && !dictionary.has(b"Kids"),
        };
        is_page || dictionary.get(b"Pg").is_ok_and(|page| !self.is_page(page))
    }

    fn is_page(&self, object: &Object) -> bool {
        object.as_reference().is_ok_and(|id| self.pages.contains(&id))
    }

    /// Whether an entry of the outlines, which has neighbours or leads somewhere, is one of a page that stays.
    fn is_shown_outline(&self, entry: &Dictionary) -> bool {
        let is_outline =
            entry.has(b"Parent") && ["Dest", "A", "First", "Next", "Prev"].iter().any(|key| entry.has(key.as_bytes()));
        let action = entry.get(b"A").map(|action| self.follow(action)).and_then(Object::as_dict);
        let target = entry.get(b"Dest").or_else(|_| action.and_then(|action| action.get(b"D")));
        let page = target.map(|target| self.follow(target)).and_then(Object::as_array).map(|target| target.first());
        is_outline
            && page.map_or(true, |page| page.is_none_or(|page| page.as_reference().is_err() || self.is_page(page)))
    }

    fn is_needed(&self, given: &Dictionary, key: &[u8], value: &Object) -> bool {
        let found = self.follow(value);
        match key {
            // Signs of an annotation, never the name of a file.
            b"F" => found.as_i64().is_ok(),
            // What a page draws, never a note.
            b"Contents" => found.as_str().is_err(),
            b"Title" => self.is_shown_outline(given),
            // What is to be seen, never where its file lies.
            b"Alt" | b"ActualText" | b"E" => !found.as_str().is_ok_and(paths::names_file),
            b"A" => found.as_dict().map_or(true, |action| self.is_harmless(action)),
            key => keys::is_needed(key),
        }
    }

    /// Whether something that a click does leads to a page here or on the web. What has no kind does nothing: attributes of structure.
    fn is_harmless(&self, action: &Dictionary) -> bool {
        let Ok(kind) = action.get(b"S") else { return true };
        match self.follow(kind).as_name() {
            Ok(b"GoTo") => true,
            Ok(b"URI") => {
                let address = action.get(b"URI").map(|address| self.follow(address)).and_then(Object::as_str);
                let address = address.unwrap_or_default().to_ascii_lowercase();
                SCHEMES.iter().any(|scheme| address.starts_with(scheme.as_bytes()))
            }
            _ => false,
        }
    }

    fn stream(&mut self, stream: &Stream, place: Place) -> Result<Stream> {
        let filters = self.listed(&stream.dict, b"Filter");
        let names: Vec<&[u8]> =
            filters.iter().map(|filter| filter.as_name().map_err(|_| damaged())).collect::<Result<_>>()?;
        let mut dictionary = self.dictionary(&stream.dict, Place::Known)?;
        let content = match names.split_last() {
            Some((&JPEG, before)) => {
                let parameters =
                    self.listed(&stream.dict, b"DecodeParms").pop().filter(|found| found.as_dict().is_ok());
                dictionary.set("Filter", Object::Name(JPEG.to_vec()));
                dictionary.remove(b"DecodeParms");
                if let Some(parameters) = parameters {
                    dictionary.set("DecodeParms", self.copy(&parameters, Place::Known)?);
                }
                jpeg::without_notes(&unpacked(stream, before, Vec::new(), MOST_UNPACKED)?).ok_or_else(damaged)?
            }
            _ if names.iter().all(|name| OPEN.contains(name)) => {
                if (place == Place::Drawn || is_drawn(&stream.dict))
                    && let Some(commands) = self.commands(stream, &names)?
                {
                    return repacked(dictionary, commands);
                }
                stream.content.clone()
            }
            _ => return Err(has_unclean_pictures()),
        };
        Ok(Stream::new(dictionary, content))
    }

    /// What a stream draws with, where that had notes.
    fn commands(&mut self, stream: &Stream, names: &[&[u8]]) -> Result<Option<Vec<u8>>> {
        let parameters = self.listed(&stream.dict, b"DecodeParms");
        let given = unpacked(stream, names, parameters, self.commands_left)?;
        self.commands_left = self.commands_left.saturating_sub(given.len());
        commands::without_notes(&given)
    }

    /// One thing or a list of them, as a list.
    fn listed(&self, dictionary: &Dictionary, key: &[u8]) -> Vec<Object> {
        match dictionary.get(key).map(|found| self.follow(found)) {
            Ok(Object::Array(items)) => items.iter().map(|item| self.follow(item).clone()).collect(),
            Ok(Object::Null) | Err(_) => Vec::new(),
            Ok(one) => vec![one.clone()],
        }
    }

    /// What an object stands for; itself where it leads nowhere.
    fn follow<'o>(&self, object: &'o Object) -> &'o Object
    where
        'd: 'o,
    {
        self.document.dereference(object).map_or(object, |(_, found)| found)
    }
}

/// Whether an object says of itself that it is a part of how a file is built, and so of no page: the writer builds its own.
fn is_of_the_file(object: &Object) -> bool {
    object.type_name().is_ok_and(|kind| matches!(kind, b"ObjStm" | b"XRef" | b"Linearized"))
}

/// Whether a stream says of itself that it holds commands that draw: a form or a pattern.
fn is_drawn(dictionary: &Dictionary) -> bool {
    let is_form = dictionary.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Form");
    is_form || dictionary.has(b"PatternType")
}

/// The data of a stream without its packing by the filters named.
fn unpacked(stream: &Stream, filters: &[&[u8]], parameters: Vec<Object>, most: usize) -> Result<Vec<u8>> {
    let names: Vec<Object> = filters.iter().map(|name| Object::Name(name.to_vec())).collect();
    let mut dictionary = Dictionary::new();
    if !names.is_empty() {
        dictionary.set("Filter", names);
        dictionary.set("DecodeParms", parameters);
    }
    Stream::new(dictionary, stream.content.clone()).decompressed_content_with_limit(most).map_err(|error| match error {
        lopdf::Error::Decompress(DecompressError::MemoryLimitExceeded { .. }) => too_much(),
        _ => damaged(),
    })
}

fn repacked(mut dictionary: Dictionary, content: Vec<u8>) -> Result<Stream> {
    dictionary.remove(b"Filter");
    dictionary.remove(b"DecodeParms");
    let mut stream = Stream::new(dictionary, content);
    stream.compress().map_err(|error| Error::internal(format!("a PDF could not be written: {error}")))?;
    // The length comes last again, as in every other stream of ours.
    stream.dict.remove(b"Length");
    Ok(Stream::new(stream.dict, stream.content))
}
