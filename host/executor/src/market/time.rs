//! Times people write (`--from`, `--to`) and times people read. Everything is UTC.

use ::time::{Date, Month, OffsetDateTime};

const MS_PER_DAY: i64 = 86_400_000;

/// A time that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text has none of the known shapes.
    #[error(
        "\"{text}\" is not a time: write a UTC date (2025-05-05), a date and time (2025-05-05T12:00Z) or epoch milliseconds (1746446400000)"
    )]
    Shape {
        /// What was written.
        text: String,
    },
    /// The shape is right and the day or hour does not exist.
    #[error("\"{text}\" names a day or an hour that does not exist: check month, day, hour and minute")]
    NoSuchTime {
        /// What was written.
        text: String,
    },
    /// A whole number that is too small or too large for epoch milliseconds.
    #[error(
        "\"{text}\" is not epoch milliseconds (13 digits): multiply seconds by 1000, or write a date such as 2025-05-05"
    )]
    NotMillis {
        /// What was written.
        text: String,
    },
}

/// Reads `2025-05-05`, `2025-05-05T12:00`, `2025-05-05T12:00:30`, each with or without a final `Z`, or epoch
/// milliseconds. Returns epoch milliseconds UTC. A blank may stand for the `T`.
///
/// # Errors
/// [`TimeError`] says what to write instead.
pub fn parse_time(text: &str) -> Result<i64, TimeError> {
    let trimmed = text.trim();
    if !trimmed.is_empty() && trimmed.bytes().all(|b| b.is_ascii_digit()) {
        // Twelve to fourteen digits reach from 1973 to 5138: shorter numbers are seconds or a year, longer ones
        // microseconds, and guessing among those would start a run in the wrong decade.
        return match trimmed.parse::<i64>() {
            Ok(ms) if (12..=14).contains(&trimmed.len()) => Ok(ms),
            _ => Err(TimeError::NotMillis { text: text.to_owned() }),
        };
    }
    let shape = || TimeError::Shape { text: text.to_owned() };
    let body = trimmed.strip_suffix(['Z', 'z']).unwrap_or(trimmed);
    let (date, clock) = match body.split_once(['T', 't', ' ']) {
        Some((date, clock)) => (date, Some(clock)),
        // A `Z` belongs to a clock time, but a date marked as UTC is clear too.
        None => (body, None),
    };
    let day = parse_date(date, text)?;
    let seconds = match clock {
        Some(clock) => parse_clock(clock).ok_or_else(shape)?,
        None => (0, 0, 0),
    };
    let (hour, minute, second) = seconds;
    if hour > 23 || minute > 59 || second > 59 {
        return Err(TimeError::NoSuchTime { text: text.to_owned() });
    }
    let days = i64::from(day.to_julian_day()) - i64::from(OffsetDateTime::UNIX_EPOCH.date().to_julian_day());
    Ok(days * MS_PER_DAY + (i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second)) * 1000)
}

fn parse_date(date: &str, text: &str) -> Result<Date, TimeError> {
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let number = |part: Option<&str>, digits: usize| part.and_then(|p| fixed(p, digits));
    match (number(year, 4), number(month, 2), number(day, 2), parts.next()) {
        (Some(year), Some(month), Some(day), None) => u8::try_from(month)
            .ok()
            .and_then(|m| Month::try_from(m).ok())
            .zip(i32::try_from(year).ok().zip(u8::try_from(day).ok()))
            .and_then(|(month, (year, day))| Date::from_calendar_date(year, month, day).ok())
            .ok_or_else(|| TimeError::NoSuchTime { text: text.to_owned() }),
        _ => Err(TimeError::Shape { text: text.to_owned() }),
    }
}

fn parse_clock(clock: &str) -> Option<(u32, u32, u32)> {
    let mut parts = clock.split(':');
    let hour = fixed(parts.next()?, 2)?;
    let minute = fixed(parts.next()?, 2)?;
    let second = match parts.next() {
        Some(part) => fixed(part, 2)?,
        None => 0,
    };
    parts.next().is_none().then_some((hour, minute, second))
}

fn fixed(part: &str, digits: usize) -> Option<u32> {
    (part.len() == digits && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
}

/// Epoch milliseconds as people read them, to the minute where that is exact: `2025-05-05T12:00Z`,
/// `2025-05-05T12:00:30Z`, `2025-05-05T12:00:30.001Z`. [`parse_time`] reads the first two back.
#[must_use]
pub fn format_ms(ms: i64) -> String {
    let Ok(time) = OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000) else {
        return format!("{ms} ms");
    };
    let (date, clock) = (time.date(), time.time());
    let day = format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day());
    match (clock.second(), clock.millisecond()) {
        (0, 0) => format!("{day}T{:02}:{:02}Z", clock.hour(), clock.minute()),
        (second, 0) => format!("{day}T{:02}:{:02}:{second:02}Z", clock.hour(), clock.minute()),
        (second, milli) => format!("{day}T{:02}:{:02}:{second:02}.{milli:03}Z", clock.hour(), clock.minute()),
    }
}

/// A bar length as people read it: `1m`, `5m`, `1h`, `1d`; odd lengths in seconds or milliseconds.
#[must_use]
pub fn format_step(step_ms: i64) -> String {
    let units = [(MS_PER_DAY, "d"), (3_600_000, "h"), (60_000, "m"), (1000, "s")];
    let whole = units.iter().find(|(unit, _)| step_ms >= *unit && step_ms % unit == 0);
    whole.map_or_else(|| format!("{step_ms}ms"), |(unit, name)| format!("{}{name}", step_ms / unit))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_written_shape_is_read_as_utc() {
        let noon = 1_746_446_400_000;
        let midnight = 1_746_403_200_000;
        for (text, want) in [
            ("2025-05-05", midnight),
            ("2025-05-05Z", midnight),
            ("2025-05-05T12:00", noon),
            ("2025-05-05T12:00Z", noon),
            ("2025-05-05T12:00:00", noon),
            ("2025-05-05 12:00:30Z", noon + 30_000),
            (" 1746446400000 ", noon),
            ("2024-02-29", 1_709_164_800_000),
        ] {
            assert_eq!(parse_time(text), Ok(want), "{text}");
        }
    }

    #[test]
    fn a_wrong_time_says_what_to_write() {
        let said = |text: &str| parse_time(text).unwrap_err().to_string();
        for text in ["", "yesterday", "2025-5-5", "05.05.2025", "2025-05-05T12", "2025-05-05T12:00+02:00", "-5"] {
            assert_eq!(
                said(text),
                format!(
                    "\"{text}\" is not a time: write a UTC date (2025-05-05), a date and time (2025-05-05T12:00Z) or epoch milliseconds (1746446400000)"
                )
            );
        }
        for text in ["2025-02-30", "2025-13-01", "2025-05-05T24:00", "2025-05-05T12:60"] {
            assert_eq!(
                said(text),
                format!("\"{text}\" names a day or an hour that does not exist: check month, day, hour and minute")
            );
        }
        assert_eq!(
            said("1746446400"),
            "\"1746446400\" is not epoch milliseconds (13 digits): multiply seconds by 1000, or write a date such as 2025-05-05"
        );
    }

    #[test]
    fn times_and_steps_read_well() {
        assert_eq!(format_ms(1_746_446_400_000), "2025-05-05T12:00Z");
        assert_eq!(format_ms(1_746_446_430_000), "2025-05-05T12:00:30Z");
        assert_eq!(format_ms(1_746_446_400_001), "2025-05-05T12:00:00.001Z");
        assert_eq!(format_ms(i64::MAX), format!("{} ms", i64::MAX));
        let steps = [60_000, 300_000, 3_600_000, 86_400_000, 90_000, 250].map(format_step);
        assert_eq!(steps, ["1m", "5m", "1h", "1d", "90s", "250ms"]);
    }

    proptest! {
        #[test]
        fn a_formatted_time_is_read_back(seconds in 0i64..4_000_000_000) {
            prop_assert_eq!(parse_time(&format_ms(seconds * 1000)), Ok(seconds * 1000));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}") {
            let _ = parse_time(&text);
        }
    }
}
