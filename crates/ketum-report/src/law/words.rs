//! The words for verdicts and statuses: one place, so that text, pages and map agree.

use ketum::law::{LawAnswer, LevelAnswer, LookUpAnswer, PlaceVerdict, Verdict};
use ketum_core::law::{ActivitiesFrom, Activity, LookUpOutcome, Status, plain_acts};

/// A verdict on a place in one sentence. "Unknown" never reads as permission.
#[must_use]
pub fn place_verdict(verdict: PlaceVerdict) -> &'static str {
    match verdict {
        PlaceVerdict::NonCompliant => "A rule in force forbids it.",
        PlaceVerdict::Indeterminate => "It cannot be settled from what is known.",
        PlaceVerdict::Unknown => "Not known. That is not a permission.",
        PlaceVerdict::NoRuleFound => {
            "No rule found. A source looked and found none; that is not a promise that there is none."
        }
        PlaceVerdict::Compliant => {
            "The numbers of this product are within every limit in force here that could be computed."
        }
    }
}

/// A verdict on a place in two or three words.
#[must_use]
pub fn place_verdict_short(verdict: PlaceVerdict) -> &'static str {
    match verdict {
        PlaceVerdict::NonCompliant => "forbidden",
        PlaceVerdict::Indeterminate => "not settled",
        PlaceVerdict::Unknown => "not known",
        PlaceVerdict::NoRuleFound => "no rule found",
        PlaceVerdict::Compliant => "within the limits",
    }
}

/// A verdict on a limit.
#[must_use]
pub fn rule_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compliant => "within",
        Verdict::NonCompliant => "outside",
        Verdict::Indeterminate => "cannot be told",
        Verdict::NotApplicable => "not for this product",
    }
}

/// A status in words.
#[must_use]
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Banned => "banned",
        Status::BannedSale => "sale banned",
        Status::PartlyBanned => "partly banned",
        Status::ScheduledI => "Schedule I",
        Status::Regulated => "regulated",
        Status::Restricted => "age or label rule only",
        Status::ExcludedByRule => "shut out by product limits",
        Status::ExportRegulated => "export regulated",
        Status::PrescriptionOnly => "prescription only",
        Status::Grey => "contested",
        Status::Unregulated => "no rule found",
        Status::NotScheduled => "not scheduled at the last check",
        Status::Disputed => "sources disagree",
        Status::Unknown => "not known",
    }
}

/// The letter of a status on the map. Letters carry the meaning; colour only repeats it.
#[must_use]
pub fn letter(status: Status) -> char {
    match status {
        Status::Banned | Status::ScheduledI => 'B',
        Status::BannedSale => 'S',
        Status::PartlyBanned => 'P',
        Status::ExcludedByRule => 'X',
        Status::Regulated => 'R',
        Status::Restricted => 'A',
        Status::ExportRegulated => 'E',
        Status::PrescriptionOnly => 'M',
        Status::Grey => 'G',
        Status::Disputed => 'D',
        Status::Unregulated | Status::NotScheduled => 'N',
        Status::Unknown => '?',
    }
}

/// What a letter means.
pub const LETTERS: &[(char, &str)] = &[
    ('B', "banned"),
    ('S', "sale banned"),
    ('P', "partly banned"),
    ('X', "shut out by product limits"),
    ('R', "regulated"),
    ('A', "age or label rule only"),
    ('E', "export regulated"),
    ('M', "prescription only"),
    ('G', "contested"),
    ('D', "sources disagree"),
    ('N', "no rule found"),
    ('?', "not known"),
];

/// Fill and ink of a letter, told apart by lightness too, so that grey prints read.
#[must_use]
pub fn colours(letter: char) -> (&'static str, &'static str) {
    match letter {
        'B' => ("#5b1a2e", "#ffffff"),
        'S' => ("#8c3a2b", "#ffffff"),
        'P' => ("#b9642f", "#000000"),
        'X' => ("#c9852b", "#000000"),
        'R' => ("#2f6690", "#ffffff"),
        'A' | 'E' | 'M' => ("#7fb2d6", "#000000"),
        'G' | 'D' => ("#cfc3e0", "#000000"),
        'N' => ("#f2efe6", "#000000"),
        _ => ("#ffffff", "#000000"),
    }
}

/// An act in words.
#[must_use]
pub fn activity(activity: Activity) -> &'static str {
    match activity {
        Activity::Possess => "possession",
        Activity::Use => "use",
        Activity::Buy => "buying",
        Activity::Sell => "selling",
        Activity::Give => "giving",
        Activity::Manufacture => "making",
        Activity::Import => "bringing in",
        Activity::Export => "taking out",
        Activity::Cultivate => "growing",
        Activity::Advertise => "advertising",
        Activity::OnlineSale => "selling online",
    }
}

/// Where the acts of a row come from.
#[must_use]
pub fn acts_from(from: ActivitiesFrom) -> &'static str {
    match from {
        ActivitiesFrom::Text => "named in the text read",
        ActivitiesFrom::Report => "named in a report of the law",
        ActivitiesFrom::Schedule => "what the law on listed substances covers",
        ActivitiesFrom::Search => "the law as a whole; no act is named",
        ActivitiesFrom::StatusWord => {
            "taken from the word of the status; the source read names no act"
        }
    }
}

/// The acts of a level in one line; `None` where there is no row or the row is about the whole law.
#[must_use]
pub fn acts(level: &LevelAnswer) -> Option<String> {
    let from = level.activities_from?;
    if from == ActivitiesFrom::Search {
        return None;
    }
    Some(acts_of(&level.activities, from))
}

/// Acts in one line, with where they come from.
#[must_use]
pub fn acts_of(activities: &[Activity], from: ActivitiesFrom) -> String {
    format!("acts: {} ({})", plain_acts(activities), acts_from(from))
}

/// The look-ups logged in the file of the place asked for, or of its state.
#[must_use]
pub fn own_look_ups(answer: &LawAnswer) -> Vec<&LookUpAnswer> {
    let file = answer.place.split('/').next().unwrap_or_default();
    answer
        .looked_up
        .iter()
        .filter(|row| row.place == file)
        .collect()
}

/// A look-up in one line.
#[must_use]
pub fn look_up(row: &LookUpAnswer) -> String {
    let outcome = match row.outcome {
        LookUpOutcome::Raised => "raised",
        LookUpOutcome::Confirmed => "confirmed",
        LookUpOutcome::Changed => "changed",
        LookUpOutcome::Nothing => "nothing found",
    };
    format!(
        "{}: {} ({outcome}). {} Searched: {}.",
        row.date, row.looked_for, row.found, row.searched
    )
}

/// What the mark for an act that nobody named means.
pub const NOT_NAMED: &str = "the source read does not name this act";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_a_letter_with_a_meaning() {
        for status in Status::ALL {
            let letter = letter(*status);
            assert!(
                LETTERS.iter().any(|(known, _)| *known == letter),
                "{status}"
            );
        }
    }

    #[test]
    fn no_word_for_what_is_not_known_reads_as_permission() {
        for word in [
            place_verdict(PlaceVerdict::Unknown),
            place_verdict(PlaceVerdict::NoRuleFound),
            place_verdict(PlaceVerdict::Indeterminate),
            place_verdict_short(PlaceVerdict::Unknown),
            place_verdict_short(PlaceVerdict::NoRuleFound),
            status(Status::Unknown),
            status(Status::Unregulated),
            status(Status::NotScheduled),
        ] {
            let word = word.to_lowercase();
            for never in ["legal", "lawful", "allowed", "free"] {
                assert!(!word.contains(never), "{word}");
            }
        }
    }
}
