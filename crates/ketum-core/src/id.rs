//! Ids: the stable names of facts. An id is the file name or the `id` key of its fact.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Why a text is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an id: use lower-case letters, digits and single hyphens")]
pub struct IdError {
    /// The text as given, cut at 60 characters.
    pub text: String,
}

/// Checks that `text` is written as an id: lower-case letters, digits and single hyphens.
///
/// # Errors
/// Where it is not.
pub fn check(text: &str) -> Result<(), IdError> {
    let fine = !text.is_empty()
        && text.len() <= 80
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    fine.then_some(()).ok_or_else(|| IdError {
        text: text.chars().take(60).collect(),
    })
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(de::Error::custom)
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "format": "id",
                    "description": "Lower-case letters, digits and single hyphens.",
                    "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"
                })
            }
        }
    )+};
}

ids! {
    /// A source: `data/sources/<id>.toml`, or a `[[source]]` of the fact's own file.
    SourceId,
    /// A statement with its evidence: `[[claim]]` in `data/claims/<topic>.toml`.
    ClaimId,
    /// A topic: the name of a file in `data/claims/`.
    TopicId,
    /// An analyte: `data/analytes/<id>.toml`.
    AnalyteId,
    /// A finding rule: `data/findings/<id>.toml`; also the id of a finding in an assessment.
    FindingId,
    /// A short answer: `data/answers/<id>.toml`.
    AnswerId,
    /// A number the computation needs: `data/assumptions/<id>.toml`.
    AssumptionId,
    /// A model file: `data/models/<id>.toml` with its dots read as hyphens.
    ModelId,
    /// A red flag of the emergency card: `[[red_flag]]` in `data/emergency/card.toml`.
    RedFlagId,
    /// A study: `data/studies/<id>.toml`.
    StudyId,
    /// A row inside one file: an arm, an occasion, a reading, a statistic.
    LocalId,
    /// A drug, herb or food: `data/drugs/<id>.toml`.
    DrugId,
    /// An interaction rule: `data/interactions/<id>.toml`.
    InteractionId,
    /// An option of a monitoring plan: `data/monitoring/<id>.toml`.
    MonitoringId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_kebab_case_is_an_id() {
        assert!("7-hydroxymitragynine".parse::<AnalyteId>().is_ok());
        for text in ["", "-a", "a-", "a--b", "A", "a_b", "a b", "ä"] {
            assert!(text.parse::<AnalyteId>().is_err(), "{text:?}");
        }
    }
}
