//! The page that people steer the host with, and what it is made of.
//!
//! Invariants:
//! - **Nothing of it is secret**: it is served without a token, and knows nothing until one is given.
//! - **Nothing in it is made**: the files are part of the binary, byte by byte; what plugins say comes as JSON.

use axum::{
    Router,
    extract::Path,
    http::{HeaderName, StatusCode, header::CONTENT_TYPE},
    routing::get,
};

use crate::error::Problem;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";
const SVG: &str = "image/svg+xml";

const PAGE: &str = include_str!("../assets/index.html");

/// Name, kind and content of each file below `/assets/`.
type File = (&'static str, &'static str, &'static str);

macro_rules! files {
    ($($kind:ident: $($name:literal),+;)+) => {
        &[$($(($name, $kind, include_str!(concat!("../assets/", $name)))),+),+]
    };
}

const FILES: &[File] = files! {
    SVG: "icon.svg";
    CSS: "base.css", "parts.css", "uplot/uPlot.min.css";
    JS: "uplot/uPlot.esm.js",
        "js/account.js", "js/api.js", "js/ask.js", "js/attention.js", "js/brake.js", "js/chart.js", "js/decisions.js",
        "js/detail.js", "js/dom.js", "js/door.js", "js/filters.js", "js/format.js", "js/funnel.js", "js/gate.js",
        "js/latency.js", "js/main.js", "js/meter.js", "js/notice.js", "js/pretty.js", "js/record.js", "js/stage.js",
        "js/store.js", "js/stream.js", "js/subsystems.js";
};

type Served = ([(HeaderName, &'static str); 1], &'static str);

/// Whether this path belongs to the page, and needs no token.
pub(crate) fn has(path: &str) -> bool {
    path == "/" || path.starts_with("/assets/")
}

pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/", get(page)).route("/assets/{*name}", get(asset))
}

async fn page() -> Served {
    ([(CONTENT_TYPE, HTML)], PAGE)
}

async fn asset(Path(name): Path<String>) -> Result<Served, Problem> {
    let found = FILES.iter().find(|(known, ..)| *known == name);
    let none = || Problem::new(StatusCode::NOT_FOUND, "unknown-path", "the page has no such file");
    found.map(|(_, kind, content)| ([(CONTENT_TYPE, *kind)], *content)).ok_or_else(none)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    use super::*;

    /// Every file below the folder, by its path from there.
    fn below(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
            match entry.file_type().unwrap().is_dir() {
                true => below(&entry.path(), &format!("{name}/"), found),
                false => drop(found.insert(name)),
            }
        }
    }

    #[test]
    fn every_file_is_served() {
        let mut there = BTreeSet::new();
        below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("assets"), "", &mut there);
        let not_served = ["index.html", "uplot/LICENSE"].map(str::to_owned);
        let served: BTreeSet<String> = FILES.iter().map(|(name, ..)| (*name).to_owned()).chain(not_served).collect();
        assert_eq!(there, served);
    }

    /// The policy that browsers are told lets no script and no style run that stands in the page.
    #[test]
    fn nothing_stands_inline_and_everything_named_is_there() {
        assert!(!PAGE.contains("style=") && !PAGE.contains("<style") && !PAGE.contains(" on"));
        for script in PAGE.split("<script").skip(1) {
            assert!(script.contains("src=\"/assets/") && script.contains("></script>"), "{script}");
        }
        for named in PAGE.split("\"/assets/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(FILES.iter().any(|(name, ..)| *name == named), "{named}");
        }
    }

    #[test]
    fn text_never_becomes_markup() {
        let makers = ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "setHTML", "eval("];
        for (name, _, content) in FILES.iter().filter(|(name, ..)| name.starts_with("js/")) {
            for maker in makers {
                assert!(!content.contains(maker), "{name} has {maker}");
            }
        }
    }
}
