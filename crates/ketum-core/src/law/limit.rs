//! Numbers of law keep their written digits: `"0.00500"` stays `"0.00500"`. They become exact
//! fractions for comparison and are never binary floats.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A decimal number or `true`/`false`, as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Limit(String);

/// Why a text is not a limit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a limit: write digits with a point, such as \"0.050\", or \"true\" or \"false\""
)]
pub struct LimitError {
    /// The text as given, cut at 40 characters.
    pub text: String,
}

impl Limit {
    /// The text as written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The truth value, where it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.0.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// Digits without the point, and the number of digits behind the point: `"0.050"` is `(50, 3)`.
    #[must_use]
    pub fn digits(&self) -> Option<(i128, u32)> {
        decimal_digits(&self.0)
    }
}

/// Reads plain decimal digits: an optional minus, digits, optionally a point and digits.
#[must_use]
pub fn decimal_digits(text: &str) -> Option<(i128, u32)> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = rest.split_once('.').unwrap_or((rest, ""));
    let has_point = rest.contains('.');
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty()
        || (has_point && part.is_empty())
        || !all_digits(whole)
        || !all_digits(part)
        || whole.len() + part.len() > 30
    {
        return None;
    }
    let digits: i128 = format!("{whole}{part}").parse().ok()?;
    Some((if negative { -digits } else { digits }, part.len() as u32))
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let limit = Self(text.to_owned());
        if limit.as_bool().is_some() || limit.digits().is_some() {
            Ok(limit)
        } else {
            Err(LimitError {
                text: text.chars().take(40).collect(),
            })
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<'de, str>::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A decimal number with its written digits, or true or false.",
            "pattern": "^(true|false|-?[0-9]+([.][0-9]+)?)$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_digits_survive() {
        let limit: Limit = "0.00500".parse().unwrap();
        assert_eq!(limit.to_string(), "0.00500");
        assert_eq!(limit.digits(), Some((500, 5)));
        for text in [
            "", ".5", "5.", "1e7", "1,5", "0x1", "NaN", "--1", "yes", "1 ",
        ] {
            assert!(text.parse::<Limit>().is_err(), "{text:?}");
        }
        assert_eq!("false".parse::<Limit>().unwrap().as_bool(), Some(false));
    }
}
