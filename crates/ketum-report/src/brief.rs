//! What somebody must know who reads for one minute: what matters most, what to do next, how high the
//! levels are and how sure that is, what the law says. Sentences are those of the findings; this module
//! chooses and shortens, and adds none.

use ketum::assessment::Assessment;
use ketum::body::Exposure;
use ketum_core::evidence::Certainty;
use ketum_core::finding::{Action, Finding};

use crate::words;

/// How many findings and next steps are named.
const NAMED: usize = 3;

/// The minute's reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// Names that were not known, with what may have been meant and what would follow.
    pub names: Vec<String>,
    /// The most urgent findings, each with what it calls for and how sure it is.
    pub matters: Vec<Matter>,
    /// What is said where no finding calls for a clinician, or where more do than are named.
    pub remark: Option<String>,
    /// What to do next, the most urgent first.
    pub next: Vec<String>,
    /// The level and how sure it is, or why none was simulated.
    pub level: Option<String>,
    /// The law of the place, where one is given.
    pub law: Option<String>,
    /// Said where something given could not be judged.
    pub incomplete: Option<&'static str>,
}

/// One finding in a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Matter {
    /// What it calls for.
    pub action: Action,
    /// Its first sentence.
    pub sentence: String,
    /// How sure.
    pub certainty: Certainty,
}

/// The brief of an assessment.
#[must_use]
pub fn brief(assessment: &Assessment) -> Brief {
    let urgent = |finding: &&Finding| finding.action <= Action::ClinicianFirst;
    let count = assessment.findings.iter().filter(urgent).count();
    let named: Vec<&Finding> = if count > 0 {
        assessment.findings.iter().filter(urgent).collect()
    } else {
        let watch = |finding: &&Finding| finding.action <= Action::Watch;
        assessment.findings.iter().filter(watch).collect()
    };
    let named = &named[..named.len().min(NAMED)];
    let remark = match count {
        0 => Some(
            "Nothing found calls for a clinician first. That does not say it is without risk."
                .to_owned(),
        ),
        count if count > NAMED => Some(format!("{} more below.", count - NAMED)),
        _ => None,
    };
    let mut next: Vec<String> = Vec::new();
    for step in named
        .iter()
        .filter_map(|finding| finding.do_next.as_deref())
    {
        let step = first_sentence(step).to_owned();
        if !next.contains(&step) {
            next.push(step);
        }
    }
    if !assessment.emergency.red_flags.is_empty() {
        next.insert(
            0,
            "First, what the emergency note at the top says.".to_owned(),
        );
    }
    let placed = assessment.law.answer.is_some() || !assessment.law.route.is_empty();
    Brief {
        names: names(assessment),
        matters: named
            .iter()
            .map(|finding| Matter {
                action: finding.action,
                sentence: first_sentence(&finding.statement).to_owned(),
                certainty: finding.certainty,
            })
            .collect(),
        remark,
        next,
        level: level(assessment),
        law: placed.then(|| first_sentence(&assessment.law.statement).to_owned()),
        incomplete: (!assessment.complete)
            .then_some("Some of what was given could not be judged or checked:"),
    }
}

/// A slip of the pen may hide the most dangerous thing of all, so it comes first.
fn names(assessment: &Assessment) -> Vec<String> {
    assessment
        .not_assessed
        .iter()
        .filter(|one| !one.suggestions.is_empty())
        .map(|one| {
            format!(
                "Did you mean {}? “{}”: {}.",
                one.suggestions.join(" or "),
                one.given,
                one.why.trim_end_matches('.')
            )
        })
        .collect()
}

fn level(assessment: &Assessment) -> Option<String> {
    match (&assessment.exposure, &assessment.not_simulated) {
        (Some(exposure), _) => Some(level_sentence(exposure)),
        (None, Some(reason)) => Some(format!("Levels were not simulated: {}", reason.reason)),
        (None, None) => None,
    }
}

fn level_sentence(exposure: &Exposure) -> String {
    // A product without mitragynine is told by its own alkaloid.
    let (name, levels) = if exposure.mitragynine.cmax.high > 0.0 {
        ("mitragynine", &exposure.mitragynine)
    } else {
        ("7-hydroxymitragynine", &exposure.seven_hydroxymitragynine)
    };
    let sure = match (
        exposure.extrapolation.is_empty(),
        exposure.warnings.is_empty(),
    ) {
        (false, _) => "A rough guess: it lies outside what was studied.",
        (true, false) => "A rough guess, for the reason given with the picture.",
        (true, true) => "An estimate from few and small studies.",
    };
    format!(
        "Estimated highest level: about {} {unit} {name} (9 of 10 people like this one: {} to {} {unit}). {sure} \
         It does not tell whether that is safe.",
        words::rounded(levels.cmax.median),
        words::rounded(levels.cmax.low),
        words::rounded(levels.cmax.high),
        unit = levels.unit,
    )
}

/// The first sentence: up to a full stop, question mark or colon-free end before a space and a capital.
fn first_sentence(text: &str) -> &str {
    let bytes = text.as_bytes();
    for (index, mark) in text.match_indices(['.', '?', '!']) {
        let after = &bytes[index + mark.len()..];
        let starts = matches!(after, [b' ', next, ..] if next.is_ascii_uppercase());
        // "U.S. Food" and initials are no ends.
        let before = index.checked_sub(2).and_then(|at| bytes.get(at));
        let initial = before.is_none_or(|byte| matches!(byte, b' ' | b'.' | b'('));
        if starts && !initial {
            return &text[..=index];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::first_sentence;

    #[test]
    fn a_first_sentence_ends_at_its_stop_and_not_at_an_initial_or_a_number() {
        assert_eq!(first_sentence("One. Two."), "One.");
        assert_eq!(first_sentence("Of 2.5 mg. Half"), "Of 2.5 mg.");
        assert_eq!(
            first_sentence("The U.S. Food agency. Then"),
            "The U.S. Food agency."
        );
        assert_eq!(first_sentence("No end"), "No end");
        assert_eq!(first_sentence(""), "");
    }
}
