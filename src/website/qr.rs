//! An address as a QR code, for a leaflet of paper.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// White around the code, in modules (ISO/IEC 18004).
const QUIET: usize = 4;

/// The code as an SVG element; none for an address that is too long for one.
pub(super) fn svg(address: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|one, other| one == other) {
            if run[0] == Color::Dark {
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z", length = run.len());
            }
            x += run.len();
        }
    }
    let side = width + 2 * QUIET;
    Some(format!(
        "<svg class=\"qr\" viewBox=\"-{QUIET} -{QUIET} {side} {side}\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::svg;

    #[test]
    fn an_address_becomes_a_square_and_one_that_is_too_long_nothing() {
        let drawn = svg("https://union.example/statements/2026-05-01-strike").expect("a code");
        // A finder pattern stands in the corner (seven modules wide), and the whole is small.
        assert!(drawn.contains("M0 0h7v1h-7z") && drawn.len() < 8_000, "{drawn}");
        assert!(svg(&"x".repeat(5_000)).is_none());
    }
}
