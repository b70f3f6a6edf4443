//! What somebody who mistyped a name may have meant.

/// Names less alike than this are not suggested.
const ALIKE: f64 = 0.6;

/// The most similar name, if one is similar at all. Upper and lower case are alike.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(alike, _)| *alike > ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

/// The end of a sentence about an unknown name: the nearest one, or else all there are.
#[must_use]
pub fn did_you_mean(wrong: &str, known: &[&str]) -> String {
    match nearest(wrong, known.iter().copied()) {
        Some(name) => format!("; did you mean {name:?}?"),
        None => format!(" (there is: {})", known.join(", ")),
    }
}
