//! Civil dates. The facts of ketum carry days, months or years, never instants or time zones.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a date: {reason}")]
#[non_exhaustive]
pub struct DateError {
    /// The text as given.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// A day of the Gregorian calendar, written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day `year-month-day`, or `None` where the calendar has no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// Days from `self` to `later`; negative where `later` is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i32 {
        (later.0 - self.0).get_days()
    }

    /// The day `days` after this one, or `None` outside the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Option<Self> {
        self.0
            .checked_add(jiff::Span::new().try_days(days).ok()?)
            .ok()
            .map(Self)
    }

    /// The calendar year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let bad = |reason| DateError {
            text: text.chars().take(40).collect(),
            reason,
        };
        match PartialDate::from_str(text)? {
            PartialDate::Day(date) => Ok(date),
            PartialDate::Month { .. } | PartialDate::Year(_) => {
                Err(bad("a whole day is needed, written YYYY-MM-DD"))
            }
        }
    }
}

/// A date as exactly as its source gives it: a day, a month or a year.
///
/// The written precision is kept, so a law that starts "in 2014" never becomes one that starts on
/// 1 January 2014; [`earliest`](Self::earliest) and [`latest`](Self::latest) bound it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PartialDate {
    /// `YYYY-MM-DD`
    Day(Date),
    /// `YYYY-MM`
    Month {
        /// Calendar year.
        year: i16,
        /// 1 to 12.
        month: i8,
    },
    /// `YYYY`
    Year(i16),
}

impl PartialDate {
    /// The first day this date can mean.
    #[must_use]
    pub fn earliest(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month { year, month } => Date(jiff::civil::date(year, month, 1)),
            Self::Year(year) => Date(jiff::civil::date(year, 1, 1)),
        }
    }

    /// The last day this date can mean.
    #[must_use]
    pub fn latest(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month { year, month } => Date(jiff::civil::date(year, month, 1).last_of_month()),
            Self::Year(year) => Date(jiff::civil::date(year, 12, 31)),
        }
    }

    /// Whether a day, not only a month or year, is known.
    #[must_use]
    pub fn is_day(self) -> bool {
        matches!(self, Self::Day(_))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let bad = |reason| DateError {
            text: text.chars().take(40).collect(),
            reason,
        };
        let number = |part: &str, width: usize| -> Option<i16> {
            (part.len() == width && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
        };
        let parts: Vec<&str> = text.split('-').collect();
        let form = "write YYYY-MM-DD";
        let year = number(parts[0], 4)
            .filter(|year| *year >= 1)
            .ok_or_else(|| bad(form))?;
        let month = match parts.get(1) {
            None => return Ok(Self::Year(year)),
            Some(part) => number(part, 2).ok_or_else(|| bad(form))?,
        };
        if !(1..=12).contains(&month) {
            return Err(bad("there is no such month"));
        }
        let month = month as i8;
        match parts.get(2) {
            None => Ok(Self::Month { year, month }),
            Some(_) if parts.len() > 3 => Err(bad(form)),
            Some(part) => {
                let day = number(part, 2).ok_or_else(|| bad(form))?;
                Date::new(year, month, day as i8)
                    .map(Self::Day)
                    .ok_or_else(|| bad("the calendar has no such day"))
            }
        }
    }
}

macro_rules! as_text {
    ($type:ty, $name:literal, $format:literal, $description:literal, $pattern:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "format": $format,
                    "description": $description,
                    "pattern": $pattern
                })
            }
        }
    };
}

as_text!(
    Date,
    "Date",
    "date",
    "A day, written YYYY-MM-DD.",
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
);
as_text!(
    PartialDate,
    "PartialDate",
    "partial-date",
    "A date as exactly as its source gives it: YYYY-MM-DD, YYYY-MM or YYYY.",
    "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_do_not_exist_are_refused() {
        for text in [
            "2026-13-40",
            "2026-02-30",
            "2026-2-3",
            "26-02-03",
            "",
            "2026-11-24T00:00",
            "2026-11-24-1",
            "2026-00-01",
            "２０２６-11-24",
        ] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        assert_eq!(
            "2024-02-29".parse::<Date>().unwrap().to_string(),
            "2024-02-29"
        );
    }

    #[test]
    fn written_precision_is_kept() {
        for text in ["2014", "2014-02", "2014-02-03"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        let month: PartialDate = "2016-02".parse().unwrap();
        assert_eq!(month.earliest().to_string(), "2016-02-01");
        assert_eq!(month.latest().to_string(), "2016-02-29");
        let year: PartialDate = "2014".parse().unwrap();
        assert_eq!(year.latest().to_string(), "2014-12-31");
    }

    #[test]
    fn days_are_counted_across_a_leap_day() {
        let from: Date = "2024-02-28".parse().unwrap();
        let to: Date = "2024-03-01".parse().unwrap();
        assert_eq!(from.days_until(to), 2);
        assert_eq!(to.days_until(from), -2);
        assert_eq!(from.plus_days(2), Some(to));
    }
}
