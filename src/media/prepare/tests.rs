use image::{ColorType, GenericImageView, ImageEncoder, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

const SECRET: &[u8] = b"GPS 40.80N 29.43E of a hidden meeting";

/// Whichever of these is shorter.
const WITHOUT_LOSS: [&str; 2] = ["image/png", "image/webp"];

/// A picture whose left half is red and whose right half is blue.
fn two_halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([220, 0, 0]) } else { Rgb([0, 0, 220]) })
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}

/// Exif 2.32 by hand: orientation 6 (turn clockwise), and a GPS directory whose area information is the secret.
fn exif() -> Vec<u8> {
    let count = |bytes: usize| u32::try_from(bytes).expect("small").to_le_bytes();
    let entry = |tag: u16, kind: u16, n: [u8; 4], value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &n, &value].concat()
    };
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(entry(0x0112, 3, count(1), [6, 0, 0, 0]));
    tiff.extend(entry(0x8825, 4, count(1), count(38)));
    tiff.extend([0; 4]);
    assert_eq!(tiff.len(), 38);
    tiff.extend([1, 0]);
    tiff.extend(entry(0x001C, 7, count(SECRET.len()), count(56)));
    tiff.extend([0; 4]);
    assert_eq!(tiff.len(), 56);
    tiff.extend(SECRET);
    tiff
}

/// The same JPEG with Exif, an XMP packet and a comment, as cameras and editors leave them, and bytes behind its end.
fn with_metadata(jpeg: &[u8]) -> Vec<u8> {
    let segment = |marker: u8, content: &[u8]| {
        let length = u16::try_from(content.len() + 2).expect("short").to_be_bytes();
        [&[0xFF, marker][..], &length, content].concat()
    };
    let exif = segment(0xE1, &[b"Exif\0\0".as_slice(), &exif()].concat());
    let xmp = segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>".as_slice(), SECRET].concat());
    let comment = segment(0xFE, SECRET);
    [&jpeg[..2], &exif, &xmp, &comment, &jpeg[2..], SECRET].concat()
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_photo_is_turned_as_its_camera_said_and_nothing_of_its_file_survives() {
    let jpeg = written(&two_halves(80, 40).into(), ImageFormat::Jpeg);
    let photo = with_metadata(&jpeg);
    assert!(contains(&photo, SECRET));
    let picture = prepare(&photo).expect("a picture");
    assert_eq!((picture.media_type, picture.extension, picture.width, picture.height), ("image/jpeg", "jpg", 40, 80));
    assert!(
        !contains(&picture.bytes, &SECRET[..12])
            && !contains(&picture.bytes, b"Exif")
            && !contains(&picture.bytes, b"xmpmeta")
    );
    let seen = image::load_from_memory(&picture.bytes).expect("a picture");
    // Turned clockwise, the red left half is on top.
    assert!(seen.get_pixel(20, 10).0[0] > 150 && seen.get_pixel(20, 70).0[2] > 150);
    assert!(picture.blurhash.len() > 20);
}

#[test]
fn png_text_and_gps_do_not_survive() {
    let mut png = Vec::new();
    let pixels = two_halves(8, 8);
    let mut encoder = PngEncoder::new(&mut png);
    encoder.set_exif_metadata(exif()).expect("exif in a PNG");
    encoder.write_image(pixels.as_raw(), 8, 8, ColorType::Rgb8.into()).expect("a picture");
    assert!(contains(&png, SECRET));
    let picture = prepare(&png).expect("a picture");
    assert_eq!(picture.extension, picture.media_type.strip_prefix("image/").expect("a picture"));
    assert!(!contains(&picture.bytes, &SECRET[..12]) && !contains(&picture.bytes, b"eXIf"));
}

#[test]
fn transparency_stays_and_opaque_webp_becomes_jpeg() {
    let clear: DynamicImage = RgbaImage::from_pixel(10, 10, Rgba([10, 200, 30, 0])).into();
    let opaque: DynamicImage = two_halves(10, 10).into();
    for (picture, format, media_types) in [
        (&clear, ImageFormat::Png, &WITHOUT_LOSS[..]),
        (&clear, ImageFormat::WebP, &WITHOUT_LOSS),
        (&opaque, ImageFormat::WebP, &["image/jpeg"]),
        (&clear, ImageFormat::Gif, &WITHOUT_LOSS),
        (&opaque, ImageFormat::Png, &WITHOUT_LOSS),
    ] {
        let ours = prepare(&written(picture, format)).expect("a picture");
        assert!(media_types.contains(&ours.media_type), "{format:?}: {}", ours.media_type);
        let seen = image::load_from_memory(&ours.bytes).expect("a picture");
        assert_eq!(
            seen.color().has_alpha() && seen.get_pixel(5, 5).0[3] == 0,
            std::ptr::eq(picture, &raw const clear),
            "{format:?}"
        );
    }
}

#[test]
fn of_a_moving_gif_the_first_picture_is_taken() {
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        for colour in [[255, 0, 0, 255], [0, 0, 255, 255]] {
            encoder.encode_frame(image::Frame::new(RgbaImage::from_pixel(6, 4, Rgba(colour)))).expect("a frame");
        }
    }
    let picture = prepare(&gif).expect("a picture");
    assert_eq!((picture.width, picture.height), (6, 4));
    assert!(WITHOUT_LOSS.contains(&picture.media_type));
    assert_eq!(image::load_from_memory(&picture.bytes).expect("a picture").get_pixel(3, 2).0, [255, 0, 0, 255]);
}

#[test]
fn sixteen_bits_and_grey_become_what_screens_show() {
    let deep: DynamicImage = image::ImageBuffer::<Rgba<u16>, _>::from_pixel(5, 5, Rgba([65_535, 0, 0, 65_535])).into();
    assert_eq!(prepare(&written(&deep, ImageFormat::Png)).expect("a picture").width, 5);
    let grey: DynamicImage = image::GrayImage::from_pixel(5, 5, image::Luma([90])).into();
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        prepare(&written(&grey, format)).expect("a picture");
    }
}

#[test]
fn a_large_picture_is_scaled_down_and_keeps_its_shape() {
    let picture = prepare(&written(&two_halves(3000, 1500).into(), ImageFormat::Jpeg)).expect("a picture");
    assert_eq!((picture.width, picture.height), (2048, 1024));
    let narrow = prepare(&written(&two_halves(4000, 1).into(), ImageFormat::Png)).expect("a picture");
    assert_eq!((narrow.width, narrow.height), (2048, 1));
}

#[test]
fn a_picture_has_smaller_sizes_of_its_own_kind() {
    let picture = prepare(&written(&two_halves(1000, 500).into(), ImageFormat::Jpeg)).expect("a picture");
    let widths: Vec<u32> = picture.smaller.iter().map(|(width, _)| *width).collect();
    assert_eq!(widths, [480], "960 of 1000 is not worth a file");
    let (_, bytes) = &picture.smaller[0];
    let seen = image::load_from_memory_with_format(bytes, ImageFormat::Jpeg).expect("a JPEG");
    assert_eq!((seen.width(), seen.height()), (480, 240));
    assert!(bytes.len() < picture.bytes.len());
    let wide = prepare(&written(&two_halves(3000, 1500).into(), ImageFormat::Png)).expect("a picture");
    assert_eq!(wide.smaller.len(), SIZES.len());
    assert!(prepare(&written(&two_halves(480, 900).into(), ImageFormat::Png)).expect("a picture").smaller.is_empty());
}

#[test]
fn the_shorter_of_png_and_webp_is_kept_without_loss() {
    let drawing: DynamicImage = RgbaImage::from_fn(300, 200, |x, y| {
        Rgba([if x < 90 { 9 } else { 200 }, if y < 50 { 7 } else { 100 }, 90, 255])
    })
    .into();
    let picture = prepare(&written(&drawing, ImageFormat::Png)).expect("a picture");
    assert!(picture.bytes.len() <= as_png(&drawing).expect("a PNG").len());
    let seen = image::load_from_memory(&picture.bytes).expect("a picture");
    assert_eq!(seen.to_rgba8(), drawing.to_rgba8());
}

#[test]
fn pictures_of_others_are_shown_small_and_refused_earlier() {
    let wide = written(&two_halves(3000, 1500).into(), ImageFormat::Jpeg);
    let shown = prepare_other(&wide, 2048).expect("a picture");
    assert_eq!((shown.width, shown.height, shown.smaller.len()), (1024, 512, 0));
    assert_eq!(prepare_other(&wide, 128).expect("a picture").width, 128);
    let mut bomb = written(&two_halves(4, 4).into(), ImageFormat::Png);
    bomb[16..20].copy_from_slice(&5_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&5_000_u32.to_be_bytes());
    let checksum = crc32(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&checksum);
    assert!(prepare_other(&bomb, 128).expect_err("to be refused").to_string().contains("17 million pixels"));
    assert!(prepare_other(&vec![0xFF; OTHERS.bytes + 1], 128).is_err());
}

#[test]
fn a_file_that_is_two_things_leaves_as_a_picture_only() {
    let script = b"<script>alert(1)</script><?php ?>%PDF-1.7";
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let both = [written(&two_halves(20, 20).into(), format), script.to_vec()].concat();
        let picture = prepare(&both).expect("a picture");
        assert!(!contains(&picture.bytes, b"<script"), "{format:?}");
    }
    assert!(prepare(&[script.as_slice(), &written(&two_halves(9, 9).into(), ImageFormat::Png)].concat()).is_err());
}

#[test]
fn what_would_fill_the_memory_is_refused_before_it_is_decoded() {
    // A PNG that claims 12,000 by 12,000 pixels in a few bytes.
    let mut bomb = written(&two_halves(4, 4).into(), ImageFormat::Png);
    for (width, height) in [(12_000_u32, 12_000_u32), (20_000, 1), (1, 12_001), (u32::MAX >> 1, u32::MAX >> 1)] {
        bomb[16..20].copy_from_slice(&width.to_be_bytes());
        bomb[20..24].copy_from_slice(&height.to_be_bytes());
        let checksum = crc32(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&checksum);
        let said = prepare(&bomb).expect_err("to be refused").to_string();
        assert!(said.contains("save it smaller") || width > 1 << 30, "{said}");
    }
    assert!(prepare(&vec![0xFF; OWN.bytes + 1]).expect_err("to be refused").to_string().contains("save it smaller"));
}

#[test]
fn a_file_that_ends_early_or_is_damaged_never_panics() {
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP] {
        let whole = written(&two_halves(20, 20).into(), format);
        for end in 0..whole.len() {
            let _ = prepare(&whole[..end]);
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0xA5;
            let _ = prepare(&damaged);
        }
    }
}

/// CRC-32 as PNG has it (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
