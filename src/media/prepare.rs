//! A picture from somebody as one of ours.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::codecs::webp::WebPEncoder;
use image::imageops::FilterType::CatmullRom as FILTER;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::files::SIZES;
use super::kinds::kind;
use crate::error::{Error, Result};

/// What a picture may be at most, before it is decoded, and how large it is shown.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    bytes: usize,
    pixels: u64,
    /// What the decoder may hold: four bytes a pixel, and room to work.
    memory: u64,
    /// Larger pictures are scaled down to this.
    shown: u32,
}

/// A picture of ours: what a camera makes, shown on a large screen.
const OWN: Bounds = Bounds { bytes: 20 * 1024 * 1024, pixels: 40_000_000, memory: 256 * 1024 * 1024, shown: 2048 };
const LONGEST_SIDE: u32 = 12_000;
const JPEG_QUALITY: u8 = 85;
const BLURHASH_SIDE: u32 = 32;

/// The longest file of somebody else's picture that is looked at.
pub const MOST_BYTES_OF_OTHERS: usize = 8 * 1024 * 1024;
/// A picture of somebody else: any server can have us decode some, so less is held at a time.
const OTHERS: Bounds =
    Bounds { bytes: MOST_BYTES_OF_OTHERS, pixels: 17_000_000, memory: 96 * 1024 * 1024, shown: 1024 };

/// A picture that is safe to publish, in bytes that we wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    /// The end of its name.
    pub extension: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// A few letters from which readers paint a blurred picture while the real one loads (<https://blurha.sh/>).
    pub blurhash: String,
    /// The same picture in each smaller width, in the same kind of file.
    pub smaller: Vec<(u32, Vec<u8>)>,
}

/// What kind of file we write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
    /// Without loss, as PNG is.
    WebP,
}

impl Kind {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Jpeg => ("image/jpeg", "jpg"),
            Self::Png => ("image/png", "png"),
            Self::WebP => ("image/webp", "webp"),
        }
    }
}

/// Makes a picture ours: turned as its camera said, at most 2048 pixels long, and written anew, so that no metadata survives (place,
/// camera, colour profile). A JPEG and a WebP without transparency become JPEG, everything else PNG or WebP, whichever is shorter; of a
/// moving GIF or WebP the first picture is taken.
///
/// # Errors
/// `Invalid`, in a sentence that says what to do.
pub fn prepare(bytes: &[u8]) -> Result<Picture> {
    let (picture, format) = read(bytes, OWN)?;
    let (bytes, kind) = write_shortest(&picture, format)?;
    let widths = SIZES.into_iter().filter(|width| is_worth_a_size(picture.width(), *width));
    let smaller = widths.map(|width| Ok((width, write(&picture.resize(width, u32::MAX, FILTER), kind)?)));
    let smaller = smaller.collect::<Result<Vec<(u32, Vec<u8>)>>>()?;
    finish(&picture, bytes, kind, smaller)
}

/// Makes a picture of somebody else fit to be shown by us: the same, at most 1024 pixels long, or as long as is asked for.
///
/// # Errors
/// `Invalid`.
pub fn prepare_other(bytes: &[u8], longest: u32) -> Result<Picture> {
    let (picture, format) = read(bytes, Bounds { shown: OTHERS.shown.min(longest), ..OTHERS })?;
    let (bytes, kind) = write_shortest(&picture, format)?;
    finish(&picture, bytes, kind, Vec::new())
}

/// A picture that is hardly larger is no trouble itself.
fn is_worth_a_size(width: u32, smaller: u32) -> bool {
    width >= smaller + smaller / 4
}

fn read(bytes: &[u8], bounds: Bounds) -> Result<(DynamicImage, ImageFormat)> {
    if bytes.len() > bounds.bytes {
        let why = format!(
            "the file has {} MB; {} is the most, so save it smaller",
            bytes.len() / 1_000_000,
            bounds.bytes / 1_000_000
        );
        return Err(refused(why));
    }
    let format = kind(bytes)?;
    Ok((shown_size(decode(bytes, format, bounds)?, bounds.shown), format))
}

fn finish(picture: &DynamicImage, bytes: Vec<u8>, kind: Kind, smaller: Vec<(u32, Vec<u8>)>) -> Result<Picture> {
    let (media_type, extension) = kind.names();
    let (width, height, blurhash) = (picture.width(), picture.height(), blurhash(picture)?);
    Ok(Picture { bytes, media_type, extension, width, height, blurhash, smaller })
}

/// The file, of the kind that suits the picture.
fn write_shortest(picture: &DynamicImage, format: ImageFormat) -> Result<(Vec<u8>, Kind)> {
    let jpeg = match format {
        ImageFormat::Jpeg => true,
        ImageFormat::WebP => is_opaque(picture),
        _ => false,
    };
    if jpeg {
        return Ok((write(picture, Kind::Jpeg)?, Kind::Jpeg));
    }
    let (png, webp) = (write(picture, Kind::Png)?, write(picture, Kind::WebP)?);
    Ok(if webp.len() < png.len() { (webp, Kind::WebP) } else { (png, Kind::Png) })
}

fn write(picture: &DynamicImage, kind: Kind) -> Result<Vec<u8>> {
    let bytes = match kind {
        Kind::Jpeg => as_jpeg(picture),
        Kind::Png => as_png(picture),
        Kind::WebP => as_webp(picture),
    };
    bytes.map_err(|error| Error::internal(format!("a picture could not be written: {error}")))
}

fn decode(bytes: &[u8], format: ImageFormat, bounds: Bounds) -> Result<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(bounds.memory);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error, bounds))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    let is_long = width > LONGEST_SIDE || height > LONGEST_SIDE;
    if is_long || pixels > bounds.pixels || decoder.total_bytes() > bounds.memory {
        return Err(too_large(bounds));
    }
    // Without a readable orientation it stays as it is.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error, bounds))?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

fn shown_size(picture: DynamicImage, longest: u32) -> DynamicImage {
    // Eight bits a channel: what screens show and every reader understands.
    let picture = match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => picture,
        picture if picture.color().has_alpha() => DynamicImage::ImageRgba8(picture.into_rgba8()),
        picture => DynamicImage::ImageRgb8(picture.into_rgb8()),
    };
    if picture.width() <= longest && picture.height() <= longest {
        return picture;
    }
    picture.resize(longest, longest, FILTER)
}

fn is_opaque(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        _ => true,
    }
}

fn as_jpeg(picture: &DynamicImage) -> std::result::Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
    match picture {
        DynamicImage::ImageLuma8(grey) => grey.write_with_encoder(encoder)?,
        picture => picture.to_rgb8().write_with_encoder(encoder)?,
    }
    Ok(bytes)
}

fn as_png(picture: &DynamicImage) -> std::result::Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(PngEncoder::new_with_quality(
        &mut bytes,
        CompressionType::Default,
        FilterType::Adaptive,
    ))?;
    Ok(bytes)
}

fn as_webp(picture: &DynamicImage) -> std::result::Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(WebPEncoder::new_lossless(&mut bytes))?;
    Ok(bytes)
}

fn blurhash(picture: &DynamicImage) -> Result<String> {
    let small = picture.thumbnail(BLURHASH_SIDE, BLURHASH_SIDE).into_rgba8();
    let hash = blurhash::encode(4, 3, small.width(), small.height(), small.as_raw());
    hash.map_err(|error| Error::internal(format!("a blurhash could not be made: {error}")))
}

fn unreadable(error: &ImageError, bounds: Bounds) -> Error {
    match error {
        ImageError::Limits(_) => too_large(bounds),
        _ => refused("the file is damaged or only part of a picture; open it, save it anew and try again".to_owned()),
    }
}

fn too_large(bounds: Bounds) -> Error {
    refused(format!(
        "it is larger than {} million pixels or {LONGEST_SIDE} on a side; save it smaller",
        bounds.pixels / 1_000_000
    ))
}

fn refused(why: String) -> Error {
    Error::invalid("picture", why)
}

#[cfg(test)]
mod tests;
