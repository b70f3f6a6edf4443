//! What is left of a variable's text: blanks, quotes and an inline comment are taken off.
//!
//! A container's env-file hands `true   # comment` over as it stands. The original read that as false, and a brake that was
//! switched on stayed off.

/// The value itself.
///
/// # Errors
/// What is wrong with the quotes.
pub(super) fn clean(text: &str) -> Result<&str, &'static str> {
    let text = text.trim();
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        return Ok(text.get(..comment(text)).unwrap_or(text).trim_end());
    };
    let inner = text.get(1..).unwrap_or_default();
    let Some((value, rest)) = inner.split_once(quote) else {
        return Err("the quote is not closed");
    };
    let rest = rest.trim_start();
    if rest.is_empty() || rest.starts_with('#') {
        Ok(value.trim())
    } else {
        Err("there is text after the closing quote")
    }
}

/// Where a comment starts: a `#` at the beginning or after a blank.
fn comment(text: &str) -> usize {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c == '#' && before.is_whitespace() {
            return at;
        }
        before = c;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn comments_quotes_and_blanks_are_taken_off() {
        for (text, value) in [
            ("true", "true"),
            ("  true ", "true"),
            ("true   # engage the brake", "true"),
            ("true\t#x", "true"),
            ("true# x", "true# x"),
            ("a#b", "a#b"),
            ("# only a comment", ""),
            ("\"true\" # c", "true"),
            ("'a # b'", "a # b"),
            ("\" 5.0 \"", "5.0"),
            ("", ""),
            ("\"\"", ""),
        ] {
            assert_eq!(clean(text), Ok(value), "{text:?}");
        }
        for text in ["\"true", "'", "\"a\" b", "'a'b"] {
            assert!(clean(text).is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_comment_changes_nothing(value in "[A-Za-z0-9._:/-]{1,20}", blanks in "[ \t]{1,4}", comment in "[ -~]{0,30}") {
            let bare = format!("{value}{blanks}#{comment}");
            prop_assert_eq!(clean(&bare), Ok(value.as_str()));
            let quoted = format!("{blanks}\"{value}\"{blanks}#{comment}");
            prop_assert_eq!(clean(&quoted), Ok(value.as_str()));
        }
    }
}
