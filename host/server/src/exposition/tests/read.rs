//! A page and a question, taken apart.

use std::collections::BTreeMap;

/// One line of a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) labels: BTreeMap<String, String>,
    pub(super) value: f64,
}

/// The samples of a page. Panics at a line that is none.
pub(super) fn samples(page: &str) -> Vec<Sample> {
    let sample = |line: &str| {
        let (series, value) = line.rsplit_once(' ').unwrap();
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        assert!(name.starts_with("bulkhead_") && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{line:?}");
        let labels = matchers(labels.strip_suffix('}').unwrap());
        let labels = labels.into_iter().map(|(name, comparison, value)| {
            assert_eq!(comparison, "=", "{line:?}");
            (name, value)
        });
        Sample { name: name.to_owned(), labels: labels.collect(), value: value.parse().unwrap() }
    };
    page.lines().filter(|line| !line.starts_with('#')).map(sample).collect()
}

/// What stands between braces: name, comparison and value.
pub(super) fn matchers(mut text: &str) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    while let Some((left, rest)) = text.split_once('"') {
        let (value, rest) = rest.split_once('"').unwrap();
        assert!(!value.contains('\\'), "nothing here needs escaping: {value:?}");
        let left = left.trim_start_matches(',').trim();
        let name = left.trim_end_matches(['=', '!', '~']);
        all.push((name.to_owned(), left[name.len()..].to_owned(), value.to_owned()));
        text = rest;
    }
    all
}
