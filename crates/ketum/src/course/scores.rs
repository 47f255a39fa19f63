//! Scores somebody has filled in: their bands, and what they do not say.

use ketum_core::finding::{Action, Direction, Harm};

use super::{Maker, Said};
use crate::case::{Case, Sex};

pub(super) fn judge(maker: &mut Maker<'_, '_>, case: &Case) {
    if let Some(score) = case.scores.cows {
        cows(maker, score);
    }
    if let Some(score) = case.scores.audit_c {
        audit_c(maker, case, score);
    }
    if let Some(score) = case.scores.phq2 {
        phq2(maker, score);
    }
}

fn cows(maker: &mut Maker<'_, '_>, score: u32) {
    let Some(band) = maker
        .catalogue
        .clinic
        .get("cows")
        .and_then(|facts| facts.band_of(i64::from(score)))
        .map(|band| band.id.replace('_', " "))
    else {
        return;
    };
    let some = band != "none";
    maker.say(Said {
        id: "course-cows",
        topic: "withdrawal",
        harm: if some { Harm::Moderate } else { Harm::None },
        action: if some { Action::Watch } else { Action::Inform },
        direction: Direction::None,
        statement: format!(
            "COWS of {score}: {band} withdrawal by the bands for opioids. With kratom the scale was not tested."
        ),
        do_next: some.then_some("A clinician can help through withdrawal; the score at another hour shows which way it goes."),
        would_change: "The score some hours later.",
        size: Some((f64::from(score), "{score}")),
        used: vec!["scores.cows".to_owned()],
        missing: Vec::new(),
        method: "bands of data/clinic/cows.toml".to_owned(),
        domain: "People in opioid withdrawal; indirect for kratom.".to_owned(),
        claims: &["laboratory-cows"],
    });
}

fn cutoff(maker: &Maker<'_, '_>, file: &str, id: &str) -> Option<f64> {
    maker.catalogue.clinic.get(file)?.cutoff(id)
}

fn audit_c(maker: &mut Maker<'_, '_>, case: &Case, score: u32) {
    let (men, women) = (
        cutoff(maker, "audit_c", "positive_M"),
        cutoff(maker, "audit_c", "positive_F"),
    );
    let (Some(men), Some(women)) = (men, women) else {
        return;
    };
    let value = f64::from(score);
    let positive = match case.person.sex {
        Some(Sex::Female) => Some(value >= women),
        Some(Sex::Male) => Some(value >= men),
        None if value >= men.max(women) => Some(true),
        None if value < men.min(women) => Some(false),
        None => None,
    };
    let said = match positive {
        Some(true) => "a positive screen for drinking that may do harm",
        Some(false) => "below the cut-off",
        None => {
            maker.lacks("person.sex: the cut-off of AUDIT-C differs by sex");
            "positive for a woman and not for a man; the sex was not given"
        }
    };
    let act = positive != Some(false);
    maker.say(Said {
        id: "course-audit-c",
        topic: "combinations",
        harm: if act { Harm::Serious } else { Harm::None },
        action: if act { Action::Watch } else { Action::Inform },
        direction: Direction::None,
        statement: format!("AUDIT-C of {score}: {said}. Alcohol with kratom was not studied and can add to slowed breathing."),
        do_next: act.then_some("Talking about alcohol with a clinician is an option; someone who drinks every day should not stop suddenly without help."),
        would_change: "What is drunk, how often, and whether with kratom.",
        size: Some((value, "{score}")),
        used: vec!["scores.audit_c".to_owned(), "person.sex".to_owned()],
        missing: Vec::new(),
        method: "cut-offs of data/clinic/audit_c.toml".to_owned(),
        domain: "Adults; a screen and no diagnosis.".to_owned(),
        claims: &["laboratory-audit-c", "combinations-alcohol-mechanism"],
    });
}

fn phq2(maker: &mut Maker<'_, '_>, score: u32) {
    let Some(positive) = cutoff(maker, "phq2", "positive") else {
        return;
    };
    let value = f64::from(score);
    let act = value >= positive;
    let said = if act {
        "a positive screen for depression"
    } else {
        "below the cut-off"
    };
    maker.say(Said {
        id: "course-phq2",
        topic: "mood",
        harm: if act { Harm::Serious } else { Harm::None },
        action: if act { Action::Watch } else { Action::Inform },
        direction: Direction::None,
        statement: format!(
            "PHQ-2 of {score}: {said}. A screen is a reason to ask further and no diagnosis."
        ),
        do_next: act.then_some(
            "Talk to a clinician about mood; with thoughts of suicide call a crisis line now.",
        ),
        would_change: "A full interview.",
        size: Some((value, "{score}")),
        used: vec!["scores.phq2".to_owned()],
        missing: Vec::new(),
        method: "cut-off of data/clinic/phq2.toml".to_owned(),
        domain: "Adults; a screen and no diagnosis.".to_owned(),
        claims: &["laboratory-phq2"],
    });
}
