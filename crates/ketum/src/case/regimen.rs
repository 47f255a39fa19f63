//! How it is taken: amounts, times, days.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use ketum_core::date::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A dosing pattern.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Regimen {
    /// How much is taken at one time.
    #[schemars(range(min = 0.0, max = 100_000.0))]
    pub amount: Option<f64>,
    /// Least, where the amount is not certain; same unit.
    #[schemars(range(min = 0.0, max = 100_000.0))]
    pub amount_low: Option<f64>,
    /// Most, where the amount is not certain; same unit.
    #[schemars(range(min = 0.0, max = 100_000.0))]
    pub amount_high: Option<f64>,
    /// The unit of the amount.
    pub unit: Option<DoseUnit>,
    /// The analyte, where the unit is mg.
    pub analyte: Option<String>,
    /// Times of day.
    #[schemars(length(max = 24))]
    pub times: Vec<Clock>,
    /// Hours between doses, instead of times.
    #[schemars(range(min = 0.25, max = 336.0))]
    pub every_h: Option<f64>,
    /// Doses a day, where neither times nor hours are known.
    #[schemars(range(min = 0.1, max = 24.0))]
    pub doses_per_day: Option<f64>,
    /// On how many days, from the start.
    #[schemars(range(min = 0.0, max = 3650.0))]
    pub days: Option<f64>,
    /// First day.
    pub start: Option<Date>,
    /// With or without food.
    pub food: Option<Food>,
    /// Share of doses that are missed, 0 to 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub missed_share: Option<f64>,
    /// Who takes it; `mother` where the case is about a child.
    pub taken_by: Option<TakenBy>,
}

/// Units people count doses in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DoseUnit {
    /// Grams of product.
    #[serde(rename = "g")]
    Gram,
    /// Milligrams of the analyte named beside it.
    #[serde(rename = "mg")]
    Milligram,
    /// Ounces of product.
    #[serde(rename = "oz")]
    Ounce,
    /// Capsules.
    #[serde(rename = "capsule")]
    Capsule,
    /// Tablets.
    #[serde(rename = "tablet")]
    Tablet,
    /// Level teaspoons.
    #[serde(rename = "level_teaspoon")]
    LevelTeaspoon,
    /// Heaped teaspoons: not convertible.
    #[serde(rename = "heaped_teaspoon")]
    HeapedTeaspoon,
    /// Level tablespoons.
    #[serde(rename = "level_tablespoon")]
    LevelTablespoon,
    /// Millilitres.
    #[serde(rename = "mL")]
    Millilitre,
    /// US fluid ounces.
    #[serde(rename = "fl_oz")]
    FluidOunce,
    /// Bottles.
    #[serde(rename = "bottle")]
    Bottle,
    /// Glasses of brew.
    #[serde(rename = "glass")]
    Glass,
    /// Leaves.
    #[serde(rename = "leaf")]
    Leaf,
    /// Servings of the label.
    #[serde(rename = "serving")]
    Serving,
}

impl DoseUnit {
    /// The word in files.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Gram => "g",
            Self::Milligram => "mg",
            Self::Ounce => "oz",
            Self::Capsule => "capsule",
            Self::Tablet => "tablet",
            Self::LevelTeaspoon => "level_teaspoon",
            Self::HeapedTeaspoon => "heaped_teaspoon",
            Self::LevelTablespoon => "level_tablespoon",
            Self::Millilitre => "mL",
            Self::FluidOunce => "fl_oz",
            Self::Bottle => "bottle",
            Self::Glass => "glass",
            Self::Leaf => "leaf",
            Self::Serving => "serving",
        }
    }
}

/// With or without food.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Food {
    /// With a meal.
    Fed,
    /// On an empty stomach.
    Fasted,
}

/// Who takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TakenBy {
    /// The person of the case.
    #[serde(rename = "self")]
    Person,
    /// The mother of the child the case is about.
    Mother,
}

/// A time of day, written `HH:MM`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock {
    minutes: u16,
}

impl Clock {
    /// Hours since midnight.
    #[must_use]
    pub fn hours(self) -> f64 {
        f64::from(self.minutes) / 60.0
    }
}

/// Why a text is not a time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time of day: write HH:MM, 00:00 to 23:59")]
pub struct ClockError {
    text: String,
}

impl FromStr for Clock {
    type Err = ClockError;

    fn from_str(text: &str) -> Result<Self, ClockError> {
        let two = |part: &str| -> Option<u16> {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())
                .flatten()
        };
        text.split_once(':')
            .and_then(|(hour, minute)| Some((two(hour)?, two(minute)?)))
            .filter(|(hour, minute)| *hour < 24 && *minute < 60)
            .map(|(hour, minute)| Self {
                minutes: hour * 60 + minute,
            })
            .ok_or_else(|| ClockError {
                text: text.chars().take(20).collect(),
            })
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Clock {
    fn schema_name() -> Cow<'static, str> {
        "Clock".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "clock",
            "description": "A time of day, written HH:MM.",
            "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"
        })
    }
}
