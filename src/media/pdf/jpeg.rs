//! A JPEG within a PDF without what a camera or a program wrote beside the picture (ITU-T T.81, annex B).

/// Start of image, end of image, start of scan.
const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const SOS: u8 = 0xDA;
/// Adobe's word on how colours were turned, without which a picture of four colours is shown wrong: the one thing that stays.
const ADOBE: u8 = 0xEE;
const ADOBE_NAME: &[u8] = b"Adobe";
const ADOBE_LENGTH: usize = 14;

/// The picture alone; nothing where the file is no whole JPEG.
pub(super) fn without_notes(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut kept = vec![0xFF, SOI];
    let mut rest = bytes.strip_prefix(&[0xFF, SOI])?;
    loop {
        let (marker, after) = marker(rest)?;
        if marker == EOI {
            kept.extend([0xFF, EOI]);
            // Whatever lies behind the end is no picture.
            return Some(kept);
        }
        // The length counts its own two bytes.
        let length = usize::from(u16::from_be_bytes([*after.first()?, *after.get(1)?]));
        let (segment, after) = after.split_at_checked(length).filter(|_| length >= 2)?;
        if is_of_the_picture(marker, segment) {
            kept.extend([0xFF, marker]);
            kept.extend(segment);
        }
        rest = after;
        if marker == SOS {
            let scan = scan_length(rest)?;
            kept.extend(&rest[..scan]);
            rest = &rest[scan..];
        }
    }
}

/// The marker at the beginning, behind any number of filling bytes, and what follows.
fn marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let bytes = bytes.strip_prefix(&[0xFF])?;
    let filling = bytes.iter().position(|byte| *byte != 0xFF)?;
    match bytes[filling] {
        // Zero is no marker, and those without a length stand within scans only.
        0x00 | 0x01 | 0xD0..=SOI => None,
        marker => Some((marker, &bytes[filling + 1..])),
    }
}

fn is_of_the_picture(marker: u8, segment: &[u8]) -> bool {
    match marker {
        ADOBE => segment.len() == ADOBE_LENGTH && segment[2..].starts_with(ADOBE_NAME),
        // Notes of programs (APP0 to APP15), comments, and what is kept for extensions.
        0xE0..=0xFE => false,
        _ => true,
    }
}

/// How far the data of a scan reach: up to a marker that is none within scans.
fn scan_length(bytes: &[u8]) -> Option<usize> {
    let is_end = |pair: &[u8]| pair[0] == 0xFF && !matches!(pair[1], 0x00 | 0xFF | 0xD0..=0xD7);
    bytes.windows(2).position(is_end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).expect("short").to_be_bytes();
        [&[0xFF, marker], length.as_slice(), content].concat()
    }

    #[test]
    fn a_picture_keeps_its_data_and_loses_its_notes() {
        let scan = [segment(SOS, &[1, 2]), vec![7, 0xFF, 0, 8, 0xFF, 0xD0, 9]].concat();
        let picture = |notes: &[u8]| [&[0xFF, SOI], notes, &segment(0xDB, &[3]), &scan, &[0xFF, EOI]].concat();
        let adobe = segment(ADOBE, b"Adobe\0\x64\0\0\0\0\0");
        let notes = [segment(0xE1, b"Exif\0\0GPS"), segment(0xED, b"by"), segment(0xFE, b"secret"), adobe.clone()];
        let given = [picture(&notes.concat()), b"behind the end".to_vec()].concat();
        assert_eq!(without_notes(&given), Some(picture(&adobe)));
        assert_eq!(without_notes(&picture(&segment(ADOBE, b"Adobe and a long secret"))), Some(picture(&[])));
    }

    #[test]
    fn what_is_no_whole_picture_is_none() {
        let whole = [&[0xFF, SOI], segment(0xDB, &[3]).as_slice(), &segment(SOS, &[1]), &[5, 0xFF, EOI]].concat();
        assert!(without_notes(&whole).is_some());
        for length in 0..whole.len() {
            assert_eq!(without_notes(&whole[..length]), None, "{length}");
        }
        for bytes in [b"GIF89a".as_slice(), &[0xFF, SOI, 0xFF, 0xE1, 0, 1, 0xFF, EOI], &[0xFF, SOI, 0xFF, 0, 0, 2]] {
            assert_eq!(without_notes(bytes), None);
        }
    }
}
