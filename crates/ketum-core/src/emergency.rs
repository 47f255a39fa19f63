//! Emergency: red flags, what to do, and whom to call. `data/emergency/card.toml` has this shape.
//!
//! The card is read by a frightened person, so it is printed before anything else can fail. It knows
//! signs, first steps and telephone numbers; it knows no case, no dose and no diagnosis.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::circumstance::Circumstance;
use crate::date::{Date, PartialDate};
use crate::evidence::{Citation, Text};
use crate::id::{ClaimId, RedFlagId};

/// How fast, and by whom, help is needed.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// Call an ambulance now.
    Ambulance,
    /// Call a crisis line now; an ambulance where life is in danger.
    CrisisLine,
    /// See a doctor or go to hospital today.
    SameDay,
}

/// One red flag: what one sees, what to do, what not to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RedFlag {
    /// Stable name.
    pub id: RedFlagId,
    /// A few words, as a person would say them.
    pub title: Text,
    /// How fast help is needed.
    pub urgency: Urgency,
    /// What one sees or feels. Any of them is enough.
    pub see: Vec<Text>,
    /// What to do, in this order.
    pub act: Vec<Text>,
    /// What not to do.
    #[serde(default)]
    pub avoid: Vec<Text>,
    /// Words in a case or question that raise this flag, in lower case.
    pub words: Vec<String>,
    /// Circumstances that raise it without a word.
    #[serde(default)]
    pub when: Vec<Circumstance>,
    /// The claims its sentences rest on. At least one.
    pub claims: Vec<ClaimId>,
}

/// A telephone number with the source that says so.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HelpLine {
    /// The number, as it is dialled in the place.
    pub number: String,
    /// Who answers.
    pub name: Text,
    /// Where the number stands. At least one.
    pub sources: Vec<Citation>,
}

/// Whom to call in one place. A number we could not source is absent, never guessed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmergencyPlace {
    /// ISO 3166-1 alpha-2 code in capitals, or `EU`.
    pub code: String,
    /// Name of the place.
    pub name: Text,
    /// The number that brings an ambulance.
    pub ambulance: HelpLine,
    /// Poison information.
    #[serde(default)]
    pub poison: Option<HelpLine>,
    /// Crisis line for thoughts of suicide.
    #[serde(default)]
    pub crisis: Option<HelpLine>,
}

/// The whole card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmergencyCard {
    /// Heading.
    pub title: Text,
    /// The few lines that come first, whatever the sign. In order.
    pub first: Vec<Text>,
    /// What to say where the place is not known or not listed.
    pub elsewhere: Text,
    /// Red flags, the most urgent first.
    pub red_flag: Vec<RedFlag>,
    /// Numbers by place.
    pub place: Vec<EmergencyPlace>,
    /// Date of the newest source considered.
    pub as_of: PartialDate,
    /// When somebody should look again.
    pub review_by: Date,
}

impl EmergencyCard {
    /// The place with this code: the country itself, or `EU` where the caller says it is a member.
    #[must_use]
    pub fn place(&self, code: &str) -> Option<&EmergencyPlace> {
        self.place
            .iter()
            .find(|place| place.code.eq_ignore_ascii_case(code))
    }

    /// The red flags a text names. Whole words are matched, in any letter case.
    #[must_use]
    pub fn named_in(&self, text: &str) -> Vec<&RedFlag> {
        let text = words_of(text);
        self.red_flag
            .iter()
            .filter(|flag| flag.words.iter().any(|word| text.contains(&words_of(word))))
            .collect()
    }

    /// The red flags these circumstances raise.
    #[must_use]
    pub fn raised_by(&self, circumstances: &[Circumstance]) -> Vec<&RedFlag> {
        self.red_flag
            .iter()
            .filter(|flag| flag.when.iter().any(|what| circumstances.contains(what)))
            .collect()
    }
}

/// The words of a text in lower case, each between single spaces, one space at either end; apostrophes
/// are dropped, so that "can't wake" is "cant wake".
fn words_of(text: &str) -> String {
    let mut words = String::with_capacity(text.len() + 2);
    words.push(' ');
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            words.push(letter);
        } else if !matches!(letter, '\'' | '\u{2019}') && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    if !words.ends_with(' ') {
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(en: &str) -> Text {
        Text { en: en.to_owned() }
    }

    fn card() -> EmergencyCard {
        let flag = |id: &str, words: &[&str], when: &[Circumstance]| RedFlag {
            id: id.parse().unwrap(),
            title: text("x"),
            urgency: Urgency::Ambulance,
            see: vec![],
            act: vec![],
            avoid: vec![],
            words: words.iter().map(|&word| word.to_owned()).collect(),
            when: when.to_vec(),
            claims: vec![],
        };
        EmergencyCard {
            title: text("Emergency"),
            first: vec![],
            elsewhere: text("x"),
            red_flag: vec![
                flag("not-waking", &["can't wake", "blue lips"], &[]),
                flag("seizure", &["fit", "seizure"], &[]),
                flag("suicide", &["suicide"], &[Circumstance::SuicidalThoughts]),
            ],
            place: vec![EmergencyPlace {
                code: "MY".to_owned(),
                name: text("Malaysia"),
                ambulance: HelpLine {
                    number: "999".to_owned(),
                    name: text("ambulance"),
                    sources: vec![],
                },
                poison: None,
                crisis: None,
            }],
            as_of: PartialDate::Year(2026),
            review_by: Date::new(2027, 5, 1).unwrap(),
        }
    }

    fn ids(flags: &[&RedFlag]) -> Vec<String> {
        flags.iter().map(|flag| flag.id.to_string()).collect()
    }

    #[test]
    fn words_are_found_in_any_case_and_with_any_apostrophe() {
        let card = card();
        assert_eq!(ids(&card.named_in("He CAN\u{2019}T wake!")), ["not-waking"]);
        assert_eq!(
            ids(&card.named_in("blue\nlips, a seizure")),
            ["not-waking", "seizure"]
        );
    }

    #[test]
    fn parts_of_words_raise_no_flag() {
        assert!(card().named_in("the benefits fit-ness outfit").len() == 1);
        assert!(card().named_in("benefits and outfits").is_empty());
    }

    #[test]
    fn circumstances_raise_flags_without_words() {
        let card = card();
        assert_eq!(
            ids(&card.raised_by(&[Circumstance::SuicidalThoughts])),
            ["suicide"]
        );
        assert!(card.raised_by(&[Circumstance::Always]).is_empty());
    }

    #[test]
    fn an_unlisted_place_has_no_number() {
        assert_eq!(card().place("my").unwrap().ambulance.number, "999");
        assert!(card().place("XX").is_none());
    }
}
