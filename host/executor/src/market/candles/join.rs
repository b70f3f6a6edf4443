//! Files joined into one market: one interval, one series per symbol, and the gaps in it.

use std::path::Path;

use super::error::{At, CandleError};
use super::file::Segment;
use super::{CandleOptions, Gap, GapKind, LoadReport, Loaded, MAX_LISTED_GAPS};
use crate::market::series::{Market, MarketSource, Series};

/// A file without a single pair of bars says nothing about its interval.
const DEFAULT_STEP_MS: i64 = 60_000;

/// So many equal distances in a row, all longer than the step, are another interval and not gaps.
const RUN_OF_ANOTHER_INTERVAL: u32 = 20;

/// Joins the files of a folder. `segments` come sorted by symbol.
pub(super) fn join(dir: &Path, segments: Vec<Segment>, options: &CandleOptions) -> Result<Loaded, CandleError> {
    let step_ms = common_step(&segments)?;
    let mut report = LoadReport { files: segments.len(), ..LoadReport::default() };
    let mut groups: Vec<Vec<Segment>> = Vec::new();
    for segment in segments {
        match groups.last_mut() {
            Some(group) if group.first().is_some_and(|s| s.series.symbol == segment.series.symbol) => {
                group.push(segment)
            }
            _ => groups.push(vec![segment]),
        }
    }
    let spans = groups.iter().flatten().map(|s| s.span_ms);
    let reach = spans.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_default();
    for group in &mut groups {
        group.sort_by_key(|s| s.span_ms.0);
    }
    let nothing = |what: String, (first_ms, last_ms): (i64, i64)| CandleError::NothingInRange {
        dir: dir.to_owned(),
        what,
        first_ms,
        last_ms,
    };
    let mut kept = Vec::with_capacity(groups.len());
    for mut group in groups {
        let symbol = group.first().map(|s| s.series.symbol.clone()).unwrap_or_default();
        let own = group.iter().map(|s| s.span_ms).reduce(|a, b| (a.0, a.1.max(b.1))).unwrap_or_default();
        group.retain(|s| !s.series.is_empty());
        if !group.is_empty() {
            kept.push(group);
        } else if options.strict || options.symbols.as_ref().is_some_and(|wanted| wanted.contains(&symbol)) {
            return Err(nothing(symbol, own));
        } else {
            report.without_bars.push(symbol);
        }
    }
    let times = || kept.iter().flatten().flat_map(|s| s.series.ts_ms.first().into_iter().chain(s.series.ts_ms.last()));
    let (Some(&first_ms), Some(&last_ms)) = (times().min(), times().max()) else {
        return Err(nothing("any symbol".to_owned(), reach));
    };
    let mut scan = Scan { step_ms, first_ms, last_ms, strict: options.strict, report: &mut report };
    let mut symbols = Vec::with_capacity(kept.len());
    for group in kept {
        scan.symbol(&group)?;
        symbols.push(concatenate(group));
    }
    report.rows = symbols.iter().map(|s| s.len() as u64).sum();
    let source = MarketSource::Recorded { dir: dir.to_owned() };
    Ok(Loaded { market: Market { symbols, step_ms, source }, report })
}

fn concatenate(group: Vec<Segment>) -> Series {
    let mut files = group.into_iter().map(|s| s.series);
    let mut all = files.next().unwrap_or_default();
    for mut next in files {
        all.append(&mut next);
    }
    all
}

/// The interval of every file, or the first file that has another one than most.
fn common_step(segments: &[Segment]) -> Result<i64, CandleError> {
    let known = |s: &Segment| s.step.map(|(ms, _)| ms).or(s.interval_ms);
    let count = |ms: i64| segments.iter().filter(|s| known(s) == Some(ms)).count();
    // Most files win; among equals the shorter interval, so that the message is the same on every run.
    let Some(step_ms) = segments.iter().filter_map(known).max_by_key(|ms| (count(*ms), std::cmp::Reverse(*ms))) else {
        return Ok(DEFAULT_STEP_MS);
    };
    let usual = segments.iter().find(|s| known(s) == Some(step_ms));
    for segment in segments {
        if let (Some(found_ms), Some(usual)) = (known(segment), usual)
            && found_ms != step_ms
        {
            let line = segment.step.map_or(1, |(_, line)| line);
            let at = At { file: segment.path.clone(), line };
            return Err(CandleError::MixedIntervals { at, found_ms, other: usual.path.clone(), step_ms });
        }
    }
    Ok(step_ms)
}

/// One walk over the bars of each symbol: order between files, grid, gaps.
struct Scan<'a> {
    step_ms: i64,
    first_ms: i64,
    last_ms: i64,
    strict: bool,
    report: &'a mut LoadReport,
}

impl Scan<'_> {
    fn symbol(&mut self, files: &[Segment]) -> Result<(), CandleError> {
        let mut before: Option<(&Segment, i64)> = None;
        let mut run = (0, 0u32);
        for file in files {
            for (row, &ts_ms) in file.series.ts_ms.iter().enumerate() {
                let due = match before {
                    Some((_, last)) => last + self.step_ms,
                    None => self.first_ms,
                };
                if ts_ms == due {
                    run = (0, 0);
                } else {
                    self.off_beat(file, row, ts_ms, due, before, &mut run)?;
                }
                before = Some((file, ts_ms));
            }
        }
        if let Some((file, last)) = before
            && last < self.last_ms
        {
            let row = file.series.len().saturating_sub(1);
            self.gap(file, row, last + self.step_ms, self.last_ms + self.step_ms, GapKind::EndsEarly)?;
        }
        Ok(())
    }

    /// A bar that is not one step after the last one.
    fn off_beat(
        &mut self,
        file: &Segment,
        row: usize,
        ts_ms: i64,
        due: i64,
        before: Option<(&Segment, i64)>,
        run: &mut (i64, u32),
    ) -> Result<(), CandleError> {
        let Some((other, last)) = before else {
            self.on_grid(file, row, ts_ms)?;
            return self.gap(file, row, due, ts_ms, GapKind::StartsLate);
        };
        if ts_ms <= last {
            // Inside one file the reader has refused this already.
            let other = other.path.clone();
            return Err(CandleError::Overlap { at: file.at(row), ts_ms, other, until_ms: last });
        }
        self.on_grid(file, row, ts_ms)?;
        let apart = ts_ms - last;
        *run = if run.0 == apart { (apart, run.1 + 1) } else { (apart, 1) };
        if run.1 == RUN_OF_ANOTHER_INTERVAL {
            let (other, step_ms) = (other.path.clone(), self.step_ms);
            // The place where the other interval begins, as far as this file goes.
            let at = file.at(row.saturating_sub(RUN_OF_ANOTHER_INTERVAL as usize - 1));
            return Err(CandleError::MixedIntervals { at, found_ms: apart, other, step_ms });
        }
        self.gap(file, row, due, ts_ms, GapKind::Inside)
    }

    fn on_grid(&self, file: &Segment, row: usize, ts_ms: i64) -> Result<(), CandleError> {
        if (ts_ms - self.first_ms) % self.step_ms == 0 {
            return Ok(());
        }
        Err(CandleError::OffGrid { at: file.at(row), ts_ms, step_ms: self.step_ms })
    }

    fn gap(&mut self, file: &Segment, row: usize, from_ms: i64, to_ms: i64, kind: GapKind) -> Result<(), CandleError> {
        let missing = u64::try_from((to_ms - from_ms) / self.step_ms).unwrap_or(0);
        if self.strict {
            let symbol = file.series.symbol.clone();
            return Err(CandleError::Gap { at: file.at(row), symbol, from_ms, missing });
        }
        let (gaps, bars) = match kind {
            GapKind::Inside => (&mut self.report.inside_gaps, &mut self.report.inside_missing),
            _ => (&mut self.report.edge_gaps, &mut self.report.edge_missing),
        };
        *gaps += 1;
        *bars += missing;
        if self.report.gaps.len() < MAX_LISTED_GAPS {
            let At { file: path, line } = file.at(row);
            let symbol = file.series.symbol.clone();
            self.report.gaps.push(Gap { symbol, file: path, line, from_ms, missing, kind });
        }
        Ok(())
    }
}
