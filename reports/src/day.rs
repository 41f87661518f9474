//! Owns days of the calendar as records and lists of deviations write them. Does not know which
//! day it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::visible::quoted;

const ISO_DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// A day, written as `2027-06-30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(Date);

/// Text that names no day.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{} is no day of the calendar; write it as `2027-06-30`", quoted(.0))]
pub struct NoDay(String);

impl From<OffsetDateTime> for Day {
    /// The day in UTC, so that a run has one day wherever it is made.
    fn from(instant: OffsetDateTime) -> Day {
        Day(instant.to_utc().date())
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Day, NoDay> {
        let day = Date::parse(text, ISO_DAY).map(Day).ok();
        // A day has one spelling: signs and other liberties of the parser are refused.
        day.filter(|day| day.to_string() == text)
            .ok_or_else(|| NoDay(text.to_owned()))
    }
}

impl TryFrom<String> for Day {
    type Error = NoDay;

    fn try_from(text: String) -> Result<Day, NoDay> {
        text.parse()
    }
}

impl From<Day> for String {
    fn from(day: Day) -> String {
        day.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.0.to_calendar_date();
        write!(f, "{year:04}-{:02}-{day:02}", u8::from(month))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_the_calendar_has_one_spelling() {
        for text in ["2027-06-30", "2028-02-29", "0999-01-01"] {
            assert_eq!(text.parse::<Day>().map(String::from).as_deref(), Ok(text));
        }
        for text in [
            "2027-06-31",
            "2027-02-29",
            "2027-6-30",
            "30.06.2027",
            "+2027-06-30",
            "2027-06-30T00:00",
            "",
        ] {
            assert_eq!(text.parse::<Day>(), Err(NoDay(text.to_owned())));
        }
    }

    #[test]
    fn days_are_ordered_as_they_come() {
        let day = |text: &str| text.parse::<Day>().expect("it is a day");
        assert!(day("2026-12-31") < day("2027-01-01"));
    }
}
