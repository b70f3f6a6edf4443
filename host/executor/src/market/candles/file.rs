//! One candle file, streamed.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::error::{At, CandleError};
use super::folder::Listed;
use super::row::{Layout, Row};
use super::{CandleOptions, MAX_ROWS};
use crate::market::series::Series;

/// A candle row has about 60 bytes and Binance's longest under 200: what is longer is another kind of file.
const MAX_LINE: u64 = 4096;

/// The rows of one file.
#[derive(Debug)]
pub(super) struct Segment {
    /// The file.
    pub(super) path: PathBuf,
    /// The rows inside the wanted range.
    pub(super) series: Series,
    /// Where rows are in the file.
    pub(super) lines: Lines,
    /// The smallest distance between two bars, over the whole file, and the line of the second one.
    pub(super) step: Option<(i64, u64)>,
    /// The bar length that the name promises.
    pub(super) interval_ms: Option<i64>,
    /// Open times of the first and last row of the whole file.
    pub(super) span_ms: (i64, i64),
}

impl Segment {
    /// The place of row `row`.
    pub(super) fn at(&self, row: usize) -> At {
        At { file: self.path.clone(), line: self.lines.of(row) }
    }
}

/// Line numbers of rows: one entry wherever line and row stop counting in step (header, blank lines, range).
#[derive(Debug, Default)]
pub(super) struct Lines {
    anchors: Vec<(usize, u64)>,
}

impl Lines {
    fn note(&mut self, row: usize, line: u64) {
        if self.anchors.is_empty() || self.of(row) != line {
            self.anchors.push((row, line));
        }
    }

    fn of(&self, row: usize) -> u64 {
        let before = self.anchors.partition_point(|(first, _)| *first <= row);
        match before.checked_sub(1).and_then(|i| self.anchors.get(i)) {
            Some((first, line)) => line + (row - first) as u64,
            None => 1,
        }
    }
}

/// Reads a file; `room` is how many rows the load may still keep.
pub(super) fn read(listed: &Listed, options: &CandleOptions, room: u64) -> Result<Segment, CandleError> {
    let path = listed.path.as_path();
    let file = File::open(path).map_err(|error| unreadable(path, 1, &error))?;
    let zipped = path.extension().is_some_and(|e| e == "gz");
    if zipped {
        let mut source = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(BufReader::new(file)));
        read_rows(&mut source, listed, options, room)
    } else {
        let mut source = BufReader::with_capacity(1 << 16, file);
        read_rows(&mut source, listed, options, room)
    }
}

fn unreadable(path: &Path, line: u64, error: &std::io::Error) -> CandleError {
    CandleError::Unreadable { at: At { file: path.to_owned(), line }, reason: error.to_string() }
}

fn read_rows(
    source: &mut impl BufRead,
    listed: &Listed,
    options: &CandleOptions,
    room: u64,
) -> Result<Segment, CandleError> {
    let path = listed.path.as_path();
    let (from, to) = (options.from_ms.unwrap_or(i64::MIN), options.to_ms.unwrap_or(i64::MAX));
    let mut series = Series::with_capacity(&listed.symbol, 0);
    let mut lines = Lines::default();
    let mut layout = None;
    let mut span: Option<(i64, i64)> = None;
    let mut step: Option<(i64, u64)> = None;
    let mut line = 0;
    let mut bytes = Vec::with_capacity(256);
    loop {
        bytes.clear();
        line += 1;
        let at = || At { file: path.to_owned(), line };
        let got =
            source.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes).map_err(|e| unreadable(path, line, &e))?;
        if got == 0 {
            break;
        }
        if got as u64 == MAX_LINE && !bytes.ends_with(b"\n") {
            return Err(CandleError::LineTooLong { at: at(), limit: MAX_LINE });
        }
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| CandleError::Unreadable { at: at(), reason: "it is not text".to_owned() })?;
        let text = if line == 1 { text.trim_start_matches('\u{feff}') } else { text }.trim_ascii();
        if text.is_empty() {
            continue;
        }
        let known = match layout {
            Some(known) => known,
            None => {
                let (found, header) = Layout::detect(text, &at)?;
                layout = Some(found);
                if header {
                    continue;
                }
                found
            }
        };
        let row = Row::split(text, known, &at)?;
        let first = match span {
            Some((first, last)) => {
                let apart = row.ts_ms - last;
                if apart == 0 {
                    return Err(CandleError::Duplicate { at: at(), ts_ms: row.ts_ms });
                }
                if apart < 0 {
                    return Err(CandleError::Descending { at: at(), ts_ms: row.ts_ms, after_ms: last });
                }
                if step.is_none_or(|(least, _)| apart < least) {
                    step = Some((apart, line));
                }
                first
            }
            None => row.ts_ms,
        };
        span = Some((first, row.ts_ms));
        if row.ts_ms < from || row.ts_ms >= to {
            continue;
        }
        if series.len() as u64 >= room {
            return Err(CandleError::TooManyRows { at: at(), limit: MAX_ROWS });
        }
        lines.note(series.len(), line);
        series.push(row.candle(&at)?);
    }
    let Some(span_ms) = span else {
        return Err(CandleError::EmptyFile { at: At { file: path.to_owned(), line: line.saturating_sub(1).max(1) } });
    };
    Ok(Segment { path: path.to_owned(), series, lines, step, interval_ms: listed.interval_ms, span_ms })
}
