//! A picture from somebody as one of ours.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::kinds::kind;
use crate::error::{Error, Result};

const MOST_BYTES: usize = 20 * 1024 * 1024;
const MOST_PIXELS: u64 = 40_000_000;
const LONGEST_SIDE: u32 = 12_000;
/// What the decoder may hold: 40 million pixels of four bytes, and room to work.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// Larger pictures are scaled down to this: what a large screen shows.
const SHOWN_SIDE: u32 = 2048;
const JPEG_QUALITY: u8 = 85;
const BLURHASH_SIDE: u32 = 32;

/// A picture that is safe to publish, in bytes that we wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// The end of its name.
    pub extension: &'static str,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// A few letters from which readers paint a blurred picture while the real one loads (<https://blurha.sh/>).
    pub blurhash: String,
}

/// Makes a picture ours: turned as its camera said, at most 2048 pixels long, and written anew, so that no metadata survives (place,
/// camera, colour profile). A JPEG and a WebP without transparency become JPEG, everything else PNG; of a moving GIF or WebP the first
/// picture is taken.
///
/// # Errors
/// `Invalid`, in a sentence that says what to do.
pub fn prepare(bytes: &[u8]) -> Result<Picture> {
    if bytes.len() > MOST_BYTES {
        let why = format!(
            "the file has {} MB; {} is the most, so save it smaller",
            bytes.len() / 1_000_000,
            MOST_BYTES / 1_000_000
        );
        return Err(refused(why));
    }
    let format = kind(bytes)?;
    let picture = shown_size(decode(bytes, format)?);
    let blurhash = blurhash(&picture)?;
    let (width, height) = (picture.width(), picture.height());
    let jpeg = match format {
        ImageFormat::Jpeg => true,
        ImageFormat::WebP => is_opaque(&picture),
        _ => false,
    };
    let bytes = if jpeg { as_jpeg(&picture) } else { as_png(&picture) };
    let (media_type, extension) = if jpeg { ("image/jpeg", "jpg") } else { ("image/png", "png") };
    let bytes = bytes.map_err(|error| Error::internal(format!("a picture could not be written: {error}")))?;
    Ok(Picture { bytes, media_type, extension, width, height, blurhash })
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<DynamicImage> {
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST_SIDE);
    limits.max_image_height = Some(LONGEST_SIDE);
    limits.max_alloc = Some(MOST_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(|error| unreadable(&error))?;
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if width > LONGEST_SIDE || height > LONGEST_SIDE || pixels > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY {
        return Err(too_large());
    }
    // Without a readable orientation it stays as it is.
    let orientation = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unreadable(&error))?;
    if let Some(orientation) = orientation {
        picture.apply_orientation(orientation);
    }
    Ok(picture)
}

fn shown_size(picture: DynamicImage) -> DynamicImage {
    // Eight bits a channel: what screens show and every reader understands.
    let picture = match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgba8(_) => picture,
        picture if picture.color().has_alpha() => DynamicImage::ImageRgba8(picture.into_rgba8()),
        picture => DynamicImage::ImageRgb8(picture.into_rgb8()),
    };
    if picture.width() <= SHOWN_SIDE && picture.height() <= SHOWN_SIDE {
        return picture;
    }
    picture.resize(SHOWN_SIDE, SHOWN_SIDE, image::imageops::FilterType::CatmullRom)
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

fn blurhash(picture: &DynamicImage) -> Result<String> {
    let small = picture.thumbnail(BLURHASH_SIDE, BLURHASH_SIDE).into_rgba8();
    let hash = blurhash::encode(4, 3, small.width(), small.height(), small.as_raw());
    hash.map_err(|error| Error::internal(format!("a blurhash could not be made: {error}")))
}

fn unreadable(error: &ImageError) -> Error {
    match error {
        ImageError::Limits(_) => too_large(),
        _ => refused("the file is damaged or only part of a picture; open it, save it anew and try again".to_owned()),
    }
}

fn too_large() -> Error {
    refused(format!(
        "it is larger than {} million pixels or {LONGEST_SIDE} on a side; save it smaller",
        MOST_PIXELS / 1_000_000
    ))
}

fn refused(why: String) -> Error {
    Error::invalid("picture", why)
}

#[cfg(test)]
mod tests;
