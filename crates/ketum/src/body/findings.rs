//! What the levels say, as findings: the other alkaloids that a report of mitragynine alone hides, and
//! what a measured level of the person changes.

use ketum_core::evidence::Certainty;
use ketum_core::finding::{Action, Basis, Direction, Finding, Harm, Likelihood, Size};
use ketum_core::id::ClaimId;
use ketum_data::catalogue::Catalogue;

use super::present::Present;
use super::{Exposure, others::OtherAlkaloids};

const TOPIC: &str = "pharmacokinetics";
const SPECIOCILIATINE: &str = "speciociliatine";

/// The findings of simulated levels.
#[must_use]
pub fn of(exposure: &Exposure, catalogue: &Catalogue) -> Vec<Finding> {
    let others = other_alkaloids(&exposure.other_alkaloids, &exposure.model, catalogue);
    let measured = exposure
        .measured
        .as_ref()
        .and_then(|present| measured(present, catalogue));
    others.into_iter().chain(measured).collect()
}

/// Claims by name, as far as this catalogue holds them.
fn claims(catalogue: &Catalogue, names: &[&str]) -> Vec<ClaimId> {
    names
        .iter()
        .filter_map(|name| name.parse().ok())
        .filter(|id| catalogue.claims.contains_key(id))
        .collect()
}

fn finding(id: &str, statement: String, claims: Vec<ClaimId>) -> Option<Finding> {
    Some(Finding {
        id: id.to_owned(),
        topic: TOPIC.parse().ok()?,
        harm: Harm::Unknown,
        likelihood: Likelihood::Unknown,
        certainty: Certainty::VeryLow,
        action: Action::Inform,
        direction: Direction::None,
        statement,
        do_next: None,
        would_change: None,
        quantity: None,
        needs_checking: claims.is_empty(),
        basis: Basis::default(),
        claims,
    })
}

fn other_alkaloids(others: &OtherAlkaloids, model: &str, catalogue: &Catalogue) -> Option<Finding> {
    let claims = claims(
        catalogue,
        &[
            "pharmacokinetics-speciociliatine",
            "pharmacokinetics-minor-half-lives",
        ],
    );
    let simulated = others
        .alkaloids
        .iter()
        .find(|one| one.analyte.as_str() == SPECIOCILIATINE);
    let (statement, basis) = match (simulated, &others.not_simulated) {
        (Some(one), _) => (
            format!(
                "Mitragynine is not all that circulates: after one studied tea the total exposure to speciociliatine \
                 was about 12 times that to mitragynine, and here it comes out at about {:.0} times. A level of \
                 mitragynine alone hides that.",
                one.area_over_mitragynine
            ),
            format!("models {} and {model}", one.model),
        ),
        (None, Some(reason)) => (
            format!(
                "Mitragynine is not all that circulates: after one studied tea the total exposure to speciociliatine \
                 was about 12 times that to mitragynine. {reason}"
            ),
            "no model takes this product".to_owned(),
        ),
        (None, None) => return None,
    };
    let mut finding = finding("other-alkaloids", statement, claims)?;
    finding.would_change = Some(
        "Levels of the other alkaloids after a known dose of this kind of product.".to_owned(),
    );
    finding.quantity = simulated.map(|one| Size {
        value: Some(one.cmax.median),
        low: Some(one.cmax.low),
        high: Some(one.cmax.high),
        unit: one.unit.clone(),
        measured: false,
    });
    finding.basis = Basis {
        inputs_used: vec!["product".to_owned(), "regimen".to_owned()],
        inputs_missing: Vec::new(),
        method: basis,
        domain: "One tea of 2 g of leaf in five adults.".to_owned(),
    };
    Some(finding)
}

/// The time after the last dose for which the effect of a measured level is put in a sentence.
const LATER_H: f64 = 24.0;

fn measured(present: &Present, catalogue: &Catalogue) -> Option<Finding> {
    let first = present.used.first()?;
    let analyte = present
        .used
        .first()
        .and_then(|used| used.given.split_whitespace().next())?;
    let [low, median, high] = first.expected;
    let place = if first.ng_per_ml < low {
        "lies below what the doses given lead one to expect"
    } else if first.ng_per_ml > high {
        "lies above what the doses given lead one to expect"
    } else {
        "lies within what the doses given lead one to expect"
    };
    let number = |value: f64| plain(value);
    let mut statement = format!(
        "The measured level ({}) {place} ({} to {} ng/mL in 9 of 10 people, most likely near {}).",
        first.given,
        number(low),
        number(high),
        number(median)
    );
    let after = present.after.as_ref()?;
    let at = present
        .after_last_dose_h
        .iter()
        .position(|hour| *hour == LATER_H)?;
    let of = |curves: &[super::present::Curve]| {
        curves
            .iter()
            .find(|curve| curve.analyte == "mitragynine")
            .map(|curve| (curve.low[at], curve.median[at], curve.high[at]))
    };
    let (before, with) = (of(&present.before)?, of(after)?);
    statement.push_str(&format!(
        " With it, mitragynine {LATER_H} h after the last dose is most likely near {} ng/mL ({} to {}) instead of {} ({} to {}).",
        number(with.1),
        number(with.0),
        number(with.2),
        number(before.1),
        number(before.0),
        number(before.2)
    ));
    if present.strained {
        statement.push_str(
            " It fits the doses, the product or the times given badly, so the new range rests on little; check them.",
        );
    }
    let claims = claims(catalogue, &["pharmacokinetics-half-life-tea"]);
    let mut finding = finding("measured-level", statement, claims)?;
    finding.do_next = Some(
        "A level shows what was taken up, not how a person is; it names no cause and no harm."
            .to_owned(),
    );
    finding.would_change = Some("A second level at another time.".to_owned());
    finding.quantity = Some(Size {
        value: Some(with.1),
        low: Some(with.0),
        high: Some(with.2),
        unit: "ng/mL".to_owned(),
        measured: false,
    });
    finding.basis = Basis {
        inputs_used: vec![
            "levels".to_owned(),
            "product".to_owned(),
            "regimen".to_owned(),
        ],
        inputs_missing: present.inputs_missing.clone(),
        method: format!(
            "model {}, {} draws weighted by the measured level of {analyte} (worth {:.0})",
            present.model, present.draws, present.effective_draws
        ),
        domain: "Adults like the people studied; plasma, serum or blood of a living person."
            .to_owned(),
    };
    Some(finding)
}

/// Two digits, or all of a whole number.
fn plain(value: f64) -> String {
    if value >= 10.0 {
        format!("{value:.0}")
    } else if value >= 1.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.2}")
    }
}
