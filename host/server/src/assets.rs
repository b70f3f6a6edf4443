//! Parts of the dashboard that other pages are made of as well: its look, and the charting library.

/// Colours, type and controls, in light and in dark.
pub const BASE_CSS: &str = include_str!("../assets/base.css");
/// The charting library, an ES module with one export.
pub const UPLOT_JS: &str = include_str!("../assets/uplot/uPlot.esm.js");
/// Its style.
pub const UPLOT_CSS: &str = include_str!("../assets/uplot/uPlot.min.css");
