//! The union's colour as it can be read. Whatever a union picks is made darker on light paper, and lighter on dark paper, until text in it
//! stands out; hue and strength stay, as far as a screen can show them.
//!
//! That is done in OKLCH, where equal steps look equal: <https://bottosson.github.io/posts/oklab/>.

use std::fmt;

/// Red, green, blue, as in `#a8201a`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(pub(super) [u8; 3]);

/// The papers of `style.css`, light and dark.
const PAPERS: [Colour; 2] = [Colour([0xfd, 0xfc, 0xf9]), Colour([0x16, 0x15, 0x13])];
/// Contrast of text with its ground, as WCAG 2.2 counts it (1.4.6).
const CONTRAST: f64 = 7.0;
/// How far lightness moves at a time; from black to white it is 1.
const STEP: f64 = 0.005;

/// The rules that put the colour into the style.
pub(super) fn rules(of: Colour) -> String {
    let [light, dark] = PAPERS.map(|paper| readable(of, paper));
    format!(":root{{--accent:{light}}}@media (prefers-color-scheme:dark){{:root{{--accent:{dark}}}}}\n")
}

/// The nearest lightness of a colour that can be read on a paper.
fn readable(colour: Colour, paper: Colour) -> Colour {
    let wanted = Oklch::of(colour);
    let darker = luminance(paper) > 0.5;
    let mut lightness = wanted.lightness;
    let mut found = colour;
    while contrast(found, paper) < CONTRAST && (0.0..=1.0).contains(&lightness) {
        lightness += if darker { -STEP } else { STEP };
        found = Oklch { lightness, ..wanted }.shown();
    }
    found
}

/// Lightness, strength, and the two halves of the hue's direction.
#[derive(Clone, Copy)]
struct Oklch {
    lightness: f64,
    chroma: f64,
    hue: (f64, f64),
}

#[expect(clippy::many_single_char_names, reason = "the letters by which these colour spaces name their axes")]
impl Oklch {
    fn of(colour: Colour) -> Self {
        let [r, g, b] = colour.0.map(to_linear);
        let l = (0.412_221_470_8 * r + 0.536_332_536_3 * g + 0.051_445_992_9 * b).cbrt();
        let m = (0.211_903_498_2 * r + 0.680_699_545_1 * g + 0.107_396_956_6 * b).cbrt();
        let s = (0.088_302_461_9 * r + 0.281_718_837_6 * g + 0.629_978_700_5 * b).cbrt();
        let lightness = 0.210_454_255_3 * l + 0.793_617_785_0 * m - 0.004_072_046_8 * s;
        let a = 1.977_998_495_1 * l - 2.428_592_205_0 * m + 0.450_593_709_9 * s;
        let b = 0.025_904_037_1 * l + 0.782_771_766_2 * m - 0.808_675_766_0 * s;
        let chroma = a.hypot(b);
        let hue = if chroma > 0.0 { (a / chroma, b / chroma) } else { (0.0, 0.0) };
        Self { lightness, chroma, hue }
    }

    /// As a screen shows it: weaker, where it cannot show it as strong.
    fn shown(self) -> Colour {
        let mut chroma = self.chroma;
        loop {
            let linear = self.linear(chroma);
            if linear.iter().all(|part| (-0.001..=1.001).contains(part)) || chroma < 0.001 {
                return Colour(linear.map(from_linear));
            }
            chroma *= 0.97;
        }
    }

    fn linear(self, chroma: f64) -> [f64; 3] {
        let (a, b) = (self.hue.0 * chroma, self.hue.1 * chroma);
        let l = (self.lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
        let m = (self.lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
        let s = (self.lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b).powi(3);
        [
            4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
            -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
            -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
        ]
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

/// WCAG's contrast of two colours, from 1 to 21.
fn contrast(one: Colour, other: Colour) -> f64 {
    let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
    one.max(other) / one.min(other)
}

fn luminance(colour: Colour) -> f64 {
    let [r, g, b] = colour.0.map(to_linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// What a screen makes of a value (IEC 61966-2-1).
fn to_linear(value: u8) -> f64 {
    let value = f64::from(value) / 255.0;
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

fn from_linear(value: f64) -> u8 {
    let value = if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "brought within 0 and 255")]
    let byte = (value * 255.0).round().clamp(0.0, 255.0) as u8;
    byte
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_colour_can_be_read_on_both_papers_and_keeps_its_hue() {
        // Six steps of each part, in every combination.
        for number in 0..216_u8 {
            let colour = Colour([number / 36, number / 6 % 6, number % 6].map(|step| step * 51));
            for paper in PAPERS {
                let found = readable(colour, paper);
                assert!(contrast(found, paper) >= CONTRAST, "{colour} as {found} on {paper}");
                let (wanted, got) = (Oklch::of(colour), Oklch::of(found));
                let alike = wanted.hue.0 * got.hue.0 + wanted.hue.1 * got.hue.1;
                assert!(got.chroma < 0.02 || alike > 0.98, "{colour} as {found} on {paper} has another hue");
            }
        }
    }

    #[test]
    fn a_colour_that_can_be_read_stays_as_it_is() {
        assert_eq!(readable(Colour([0xa8, 0x20, 0x1a]), PAPERS[0]), Colour([0xa8, 0x20, 0x1a]));
        assert!(rules(Colour([0xff, 0xd5, 0x00])).starts_with(":root{--accent:#"));
    }

    #[test]
    fn black_on_white_has_the_most_contrast() {
        assert!((contrast(Colour([0; 3]), Colour([255; 3])) - 21.0).abs() < 0.001);
    }
}
