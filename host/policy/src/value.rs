//! Numbers that cannot be wrong: each type's constructor refuses what its hook may not answer.
//!
//! `qty > max` is false for NaN, so finiteness is checked before any comparison, here and nowhere else.

use serde::{Deserialize, Serialize};

use crate::contract::Breach;

/// Longest text kept from a plugin, in bytes.
pub const MAX_TEXT: usize = 256;

/// Refuses NaN and infinities; turns -0.0 and denormals into 0.0 so that equal values hash equally.
///
/// # Errors
/// [`Breach::NotFinite`] with the field's name.
pub fn finite(field: &str, value: f64) -> Result<f64, Breach> {
    if !value.is_finite() {
        return Err(Breach::NotFinite { field: field.to_owned() });
    }
    Ok(if value.is_normal() { value } else { 0.0 })
}

/// A finite number in a closed range.
///
/// # Errors
/// [`Breach::NotFinite`] or [`Breach::OutOfRange`].
pub fn in_range(field: &str, value: f64, min: f64, max: f64) -> Result<f64, Breach> {
    let value = finite(field, value)?;
    if value < min || value > max {
        return Err(Breach::OutOfRange { field: field.to_owned(), value, min, max });
    }
    Ok(value)
}

/// Cuts a plugin's text to [`MAX_TEXT`] bytes at a character boundary and replaces control characters, so that it
/// cannot forge log lines or terminal sequences.
#[must_use]
pub fn tame_text(text: &str) -> String {
    let forges = |c: char| {
        c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut tamed = String::with_capacity(text.len().min(MAX_TEXT));
    for c in text.chars().map(|c| if forges(c) { char::REPLACEMENT_CHARACTER } else { c }) {
        // A replacement is longer than what it replaces, so the length is that of the result.
        if tamed.len() + c.len_utf8() > MAX_TEXT {
            break;
        }
        tamed.push(c);
    }
    tamed
}

macro_rules! ranged {
    ($(#[$doc:meta])* $name:ident, $field:literal, $min:expr, $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "f64")]
        pub struct $name(f64);

        impl TryFrom<f64> for $name {
            type Error = Breach;

            fn try_from(value: f64) -> Result<Self, Breach> {
                Self::new(value)
            }
        }

        impl $name {
            /// Checks the range.
            ///
            /// # Errors
            /// [`Breach::NotFinite`] or [`Breach::OutOfRange`].
            pub fn new(value: f64) -> Result<Self, Breach> {
                in_range($field, value, $min, $max).map(Self)
            }

            /// The number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }
        }
    };
}

ranged! {
    /// A confidence or a confidence threshold, 0 to 1.
    Confidence, "confidence", 0.0, 1.0
}
ranged! {
    /// A size in USD, 0 to 1e12. Zero skips the trade.
    SizeUsd, "size-usd", 0.0, 1e12
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hostile_numbers_are_refused_not_clamped() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -f64::NAN] {
            assert_eq!(finite("x", bad), Err(Breach::NotFinite { field: "x".to_owned() }));
            assert!(Confidence::new(bad).is_err() && SizeUsd::new(bad).is_err());
        }
        for bad in [-1e308, -f64::EPSILON, 1.0 + f64::EPSILON, 1e308] {
            assert!(matches!(Confidence::new(bad), Err(Breach::OutOfRange { .. })), "{bad}");
        }
    }

    #[test]
    fn minus_zero_and_denormals_become_zero() {
        for tiny in [-0.0, f64::MIN_POSITIVE / 2.0, -f64::MIN_POSITIVE / 2.0] {
            assert_eq!(finite("x", tiny).unwrap().to_bits(), 0.0f64.to_bits());
        }
    }

    #[test]
    fn a_plugins_text_cannot_forge_a_line() {
        assert_eq!(tame_text("ok\n2026 ERROR fake\u{1b}[31m"), "ok\u{fffd}2026 ERROR fake\u{fffd}[31m");
        let long = "é".repeat(400);
        assert!(tame_text(&long).len() <= MAX_TEXT);
        assert!(tame_text(&"\n".repeat(400)).len() <= MAX_TEXT);
    }

    proptest! {
        #[test]
        fn any_bit_pattern_is_refused_or_in_range(bits: u64, min in -10.0..0.0f64, max in 0.0..10.0f64) {
            if let Ok(v) = in_range("x", f64::from_bits(bits), min, max) {
                prop_assert!(v.is_finite() && v >= min && v <= max);
            }
        }
    }
}
