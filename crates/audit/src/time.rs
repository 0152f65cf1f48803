//! Times as RFC 3339 in UTC with milliseconds, and back. Not a calendar library, and no clock: callers bring the time.

use crate::Error;

const DAY: u64 = 86_400_000;

/// `2026-01-31T12:34:56.789Z` for milliseconds since the epoch.
#[must_use]
pub fn rfc3339(millis: u64) -> String {
    let (year, month, day) = date(millis / DAY);
    let rest = millis % DAY;
    let (hour, minute, second, milli) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60, rest % 1000);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z")
}

/// Milliseconds since the epoch for an RFC 3339 time, or a day alone; offsets are honoured.
#[must_use]
pub fn parse(text: &str) -> Option<u64> {
    let (day, clock) = match text.split_once(['T', 't', ' ']) {
        Some((day, clock)) => (day, Some(clock)),
        None => (text, None),
    };
    let mut parts = day.split('-');
    let (year, month, day) = (
        number(parts.next()?, 4)?,
        number(parts.next()?, 2)?,
        number(parts.next()?, 2)?,
    );
    if parts.next().is_some() || !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    if day < 1 || day > days_in(year, month) {
        return None;
    }
    let midnight = days(year, month, day) * DAY;
    let Some(clock) = clock else { return Some(midnight) };
    let at = clock.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = clock.split_at_checked(at)?;
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let (second, fraction) = match parts.next()?.split_once('.') {
        Some((second, fraction)) => (number(second, 2)?, fraction),
        None => (0, ""),
    };
    let second = if fraction.is_empty() {
        number(clock.rsplit(':').next()?, 2)?
    } else {
        second
    };
    let millis = match fraction.get(..3) {
        Some(three) => number(three, 3)?,
        None if fraction.is_empty() => 0,
        None => number(fraction, fraction.len())? * if fraction.len() == 1 { 100 } else { 10 },
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let local = midnight + hour * 3_600_000 + minute * 60_000 + second * 1000 + millis;
    if zone.eq_ignore_ascii_case("z") {
        return Some(local);
    }
    let (sign, offset) = zone.split_at_checked(1)?;
    let (hours, minutes) = offset.split_once(':')?;
    let offset = (number(hours, 2)? * 60 + number(minutes, 2)?) * 60_000;
    if sign == "+" {
        local.checked_sub(offset)
    } else {
        local.checked_add(offset)
    }
}

/// The moment that a person means: a day, a time, or an age (`90s`, `15m`, `24h`, `7d`) before `now`.
///
/// # Errors
/// When it is none of these.
pub fn moment(text: &str, now: u64) -> Result<u64, Error> {
    let age = || {
        let unit = match text.as_bytes().last()? {
            b's' => 1000,
            b'm' => 60_000,
            b'h' => 3_600_000,
            b'd' => DAY,
            b'w' => 7 * DAY,
            _ => return None,
        };
        let count: u64 = text.get(..text.len() - 1)?.parse().ok()?;
        Some(now.saturating_sub(count.checked_mul(unit)?))
    };
    age()
        .or_else(|| parse(text))
        .ok_or_else(|| Error::Time { text: text.to_owned() })
}

fn number(text: &str, digits: usize) -> Option<u64> {
    let all = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

/// Year, month and day of a day counted from the epoch. Years begin in March here, so that the leap day comes last.
fn date(day: u64) -> (u64, u64, u64) {
    let shifted = day + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

fn days(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let shifted_month = (month + 9) % 12;
    let year_of_era = year % 400;
    let day_of_year = (153 * shifted_month + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    year / 400 * 146_097 + day_of_era - 719_468
}

fn days_in(year: u64, month: u64) -> u64 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_written_as_the_calendar_says() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(rfc3339(951_782_400_000), "2000-02-29T00:00:00.000Z");
        assert_eq!(rfc3339(1_767_225_599_999), "2025-12-31T23:59:59.999Z");
        assert_eq!(rfc3339(1_790_000_000_123), "2026-09-21T14:13:20.123Z");
    }

    #[test]
    fn every_day_survives_the_way_there_and_back() {
        for day in (0..60_000).step_by(7) {
            let millis = day * DAY + 12_345_678;
            assert_eq!(parse(&rfc3339(millis)), Some(millis));
        }
    }

    #[test]
    fn offsets_and_short_forms_are_understood() {
        let noon = parse("2026-01-31T12:00:00Z").unwrap();
        assert_eq!(parse("2026-01-31T13:00:00+01:00"), Some(noon));
        assert_eq!(parse("2026-01-31T12:00:00.5Z"), Some(noon + 500));
        assert_eq!(parse("2026-01-31"), Some(noon - 12 * 3_600_000));
        assert_eq!(moment("2h", noon).unwrap(), noon - 7_200_000);
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-02-30",
            "2026-01-31T12:00",
            "2026-01-31T25:00:00Z",
            "h",
            "-3h",
            "9é",
        ] {
            assert!(moment(text, 0).is_err(), "{text}");
        }
    }
}
