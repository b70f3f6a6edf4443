//! A report or a sweep as one page that asks nobody for anything: style, script, charting library and data stand in it.
//!
//! Invariants:
//! - **Self-contained.** It can be mailed and opened from a file; its content policy forbids every request.
//! - **Data stays data.** It is JSON in an element that no browser runs, with no `<` in it, and the scripts set it as text
//!   only.

use serde::Serialize;

use crate::{report::Report, sweep::Swept};

const PAGE: &str = include_str!("../assets/page.html");
const STYLE: &str = include_str!("../assets/page.css");
/// In the order in which they are read: one scope.
const SCRIPTS: [&str; 13] = [
    include_str!("../assets/js/dom.js"),
    include_str!("../assets/js/format.js"),
    include_str!("../assets/js/charts.js"),
    include_str!("../assets/js/account.js"),
    include_str!("../assets/js/decisions.js"),
    include_str!("../assets/js/funnel.js"),
    include_str!("../assets/js/sizes.js"),
    include_str!("../assets/js/trades.js"),
    include_str!("../assets/js/costs.js"),
    include_str!("../assets/js/observed.js"),
    include_str!("../assets/js/report.js"),
    include_str!("../assets/js/sweep.js"),
    include_str!("../assets/js/main.js"),
];
/// The library's last line, which only a module may have.
const EXPORT: &str = "export { uPlot as default };";

/// The page of a replay.
#[must_use]
pub fn of_report(report: &Report) -> String {
    page("Bulkhead: replay", report)
}

/// The page of a sweep.
#[must_use]
pub fn of_sweep(swept: &Swept) -> String {
    page("Bulkhead: sweep", swept)
}

fn page(title: &str, data: &impl Serialize) -> String {
    // Every key is a string: it cannot fail.
    let data = serde_json::to_string(data).unwrap_or_default().replace('<', "\\u003c");
    let style = [bulkhead_server::assets::UPLOT_CSS, bulkhead_server::assets::BASE_CSS, STYLE].join("\n");
    let script = format!("'use strict';\n{}\n{}", library(), SCRIPTS.join("\n"));
    // The data last: nothing that stands in it is a place to fill.
    let filled = PAGE.replacen("{{TITLE}}", title, 1).replacen("{{STYLE}}", &style, 1);
    filled.replacen("{{SCRIPT}}", &script, 1).replacen("{{DATA}}", &data, 1)
}

/// The charting library in a scope of its own. Lines that are only remarks, with addresses of web pages in them, are left
/// out; the notice of its licence stays.
fn library() -> String {
    let code = bulkhead_server::assets::UPLOT_JS.replace(EXPORT, "return uPlot;");
    let remark = |line: &&str| {
        let line = line.trim_start();
        !(line.starts_with("//") || line.starts_with('*') && line.contains("://"))
    };
    format!("const uPlot = (() => {{\n{}\n}})();", code.lines().filter(remark).collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_page_leads_out_of_it() {
        let page = page("t", &serde_json::json!({}));
        for way in ["http:", "https:", "src=", "<link", "url(", "@import", "import(", "fetch(", "XMLHttp", "{{"] {
            assert!(!page.contains(way), "{way}");
        }
        assert!(page.contains("default-src 'none'") && page.contains("Leon Sorokin"));
        assert!(library().contains("return uPlot;") && !page.contains(EXPORT));
    }

    #[test]
    fn what_a_plugin_said_never_ends_the_data() {
        let said = "</script><script>alert(1)</script>{{SCRIPT}}";
        let page = page("t", &serde_json::json!({ "said": said }));
        assert_eq!(page.matches("<script").count(), 2);
        let data = page.split("id=\"data\">").nth(1).unwrap().split("</script>").next().unwrap();
        assert_eq!(serde_json::from_str::<serde_json::Value>(data).unwrap()["said"], said);
    }

    #[test]
    fn text_never_becomes_markup() {
        for script in SCRIPTS {
            for maker in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("] {
                assert!(!script.contains(maker), "{maker}");
            }
        }
    }
}
