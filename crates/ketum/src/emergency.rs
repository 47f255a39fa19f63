//! Emergency: which red flags of the card a case raises, and whom to call where.

use std::collections::BTreeSet;

use ketum_core::circumstance::Circumstance;
use ketum_core::emergency::{EmergencyCard, EmergencyPlace, RedFlag};

use crate::case::Case;

/// The red flags a case raises: by its symptoms, its question, its own words for conditions, or its
/// circumstances.
#[must_use]
pub fn red_flags<'a>(
    card: &'a EmergencyCard,
    case: &Case,
    circumstances: &BTreeSet<Circumstance>,
) -> Vec<&'a RedFlag> {
    let words = case
        .person
        .symptoms
        .iter()
        .chain(&case.person.other_conditions)
        .chain(&case.question)
        .map(String::as_str);
    let named: BTreeSet<_> = words
        .flat_map(|text| card.named_in(text))
        .map(|flag| flag.id.clone())
        .collect();
    card.red_flag
        .iter()
        .filter(|flag| {
            named.contains(&flag.id)
                || flag
                    .when
                    .iter()
                    .any(|wanted| circumstances.contains(wanted))
        })
        .collect()
}

/// Whom to call at a place such as `US-FL`, `US-ID/blackfoot` or `TH`.
#[must_use]
pub fn help_at<'a>(card: &'a EmergencyCard, place: Option<&str>) -> Option<&'a EmergencyPlace> {
    let country = place?.split(['-', '/']).next()?;
    card.place(country)
}
