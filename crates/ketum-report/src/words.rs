//! The fixed words for closed vocabularies: certainty, harm, likelihood, action, verification.

use ketum_core::evidence::{AppliesTo, Certainty, Citation, Design, Source, Verification};
use ketum_core::finding::{Action, Harm, Likelihood};
use ketum_core::quantity::{IntervalKind, Quantity, Statistic};

/// How sure, as GRADE words it.
#[must_use]
pub fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::High => "high certainty",
        Certainty::Moderate => "moderate certainty",
        Certainty::Low => "low certainty",
        Certainty::VeryLow => "very low certainty",
    }
}

/// How far a source was read.
#[must_use]
pub fn verification(verification: Verification) -> &'static str {
    match verification {
        Verification::Primary => "read in the source",
        Verification::Abstract => "only the abstract was read",
        Verification::Secondary => "reported by others",
        Verification::Derived => "own arithmetic",
        Verification::Unverified => "not verified",
        Verification::NotFound => "looked for, not found",
    }
}

/// What to do.
#[must_use]
pub fn action(action: Action) -> &'static str {
    match action {
        Action::Emergency => "EMERGENCY",
        Action::DoNotCombine => "Do not combine",
        Action::ClinicianFirst => "Talk to a clinician first",
        Action::AdjustOrSpace => "A professional may adjust or space",
        Action::Watch => "Watch for signs",
        Action::NoneKnown => "Nothing known that calls for action",
        Action::Inform => "For information",
    }
}

/// How bad.
#[must_use]
pub fn harm(harm: Harm) -> &'static str {
    match harm {
        Harm::LifeThreatening => "life-threatening",
        Harm::Serious => "serious",
        Harm::Moderate => "moderate",
        Harm::Minor => "minor",
        Harm::None => "no harm",
        Harm::Unknown => "harm not known",
    }
}

/// How likely.
#[must_use]
pub fn likelihood(likelihood: Likelihood) -> &'static str {
    match likelihood {
        Likelihood::VeryCommon => "very common (more than 1 in 10)",
        Likelihood::Common => "common (1 in 100 to 1 in 10)",
        Likelihood::Uncommon => "uncommon (1 in 1,000 to 1 in 100)",
        Likelihood::Rare => "rare (less than 1 in 1,000)",
        Likelihood::ReportedNoDenominator => "reported; nobody knows out of how many",
        Likelihood::ByMechanism => "expected from the mechanism; not studied with kratom",
        Likelihood::Unknown => "likelihood not known",
    }
}

/// What was investigated how.
#[must_use]
pub fn design(design: Design) -> &'static str {
    match design {
        Design::RandomisedTrial => "randomised trial",
        Design::Trial => "trial without randomisation",
        Design::PharmacokineticStudy => "pharmacokinetic study",
        Design::Cohort => "cohort",
        Design::CaseControl => "case-control study",
        Design::Survey => "survey",
        Design::Qualitative => "interviews or posts",
        Design::CaseSeries => "case series",
        Design::CaseReport => "case report",
        Design::Surveillance => "surveillance reports",
        Design::PostMortem => "findings after death",
        Design::SystematicReview => "systematic review",
        Design::Review => "review",
        Design::Guideline => "guideline",
        Design::Animal => "animal study",
        Design::InVitro => "laboratory study",
        Design::Model => "model",
        Design::ProductAnalysis => "product analysis",
        Design::Law => "law or official notice",
        Design::Label => "medicine label",
        Design::Ethnography => "history and ethnography",
    }
}

/// Which product kind.
#[must_use]
pub fn applies_to(applies_to: AppliesTo) -> &'static str {
    match applies_to {
        AppliesTo::Leaf => "leaf",
        AppliesTo::Extract => "extracts",
        AppliesTo::SevenOh => "7-OH products",
        AppliesTo::SemiSynthetic => "semi-synthetics",
        AppliesTo::AnyKratom => "anything called kratom",
    }
}

/// A number with unit and interval: `20.6 d (range 5 to 90)`.
#[must_use]
pub fn quantity(quantity: &Quantity) -> String {
    let unit = match quantity.unit.as_str() {
        "1" => "",
        unit => unit,
    };
    let kind = match quantity.statistic {
        Statistic::Mean => "mean ",
        Statistic::Median => "median ",
        Statistic::GeometricMean => "geometric mean ",
        Statistic::Ratio => "ratio ",
        Statistic::Count | Statistic::Share | Statistic::Value => "",
    };
    let interval = quantity.interval.map(|interval| match interval {
        IntervalKind::Range => "range",
        IntervalKind::Iqr => "middle half",
        IntervalKind::Ci90 => "90 % CI",
        IntervalKind::Ci95 => "95 % CI",
        IntervalKind::Sd => "± 1 SD",
        IntervalKind::Interval90 => "90 % of them",
        IntervalKind::Bounds => "between",
    });
    let ends = match (quantity.low, quantity.high) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        (Some(low), None) => Some(format!("at least {low}")),
        (None, Some(high)) => Some(format!("at most {high}")),
        (None, None) => None,
    };
    let text = match (quantity.value, ends, interval) {
        (Some(value), Some(ends), Some(interval)) => {
            format!("{kind}{value} {unit} ({interval} {ends})")
        }
        (Some(value), _, _) => format!("{kind}{value} {unit}"),
        (None, Some(ends), Some(interval)) => format!("{interval} {ends} {unit}"),
        (None, ends, _) => format!("{} {unit}", ends.unwrap_or_default()),
    };
    text.trim_end().replace("  ", " ")
}

/// A source as a reference: authors, title, where, identifiers.
#[must_use]
pub fn reference(source: &Source) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(authors) = &source.authors {
        parts.push(authors.trim_end_matches('.').to_owned());
    }
    parts.push(source.title.trim_end_matches('.').to_owned());
    if let Some(container) = &source.container {
        parts.push(container.trim_end_matches('.').to_owned());
    }
    if let Some(published) = source.published {
        parts.push(published.to_string());
    }
    let identifier = source
        .doi
        .as_ref()
        .map(|doi| format!("doi:{doi}"))
        .or_else(|| source.pmcid.clone())
        .or_else(|| source.pmid.as_ref().map(|pmid| format!("PMID {pmid}")))
        .or_else(|| source.number.clone())
        .or_else(|| {
            // Sellers' pages are named, never linked.
            (source.kind != ketum_core::evidence::SourceKind::Seller)
                .then(|| source.url.clone())
                .flatten()
        });
    parts.extend(identifier);
    parts.join(". ")
}

/// Where a statement stands in its source and how far it was read there.
#[must_use]
pub fn locator(citation: &Citation) -> String {
    format!(
        "{}; {}",
        citation.locator,
        verification(citation.verification)
    )
}

/// A number rounded to two significant digits, or to a whole number from 100 on.
#[must_use]
pub fn two_digits(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 {
        "0".to_owned()
    } else if size >= 9.95 {
        format!("{value:.0}")
    } else if size >= 0.995 {
        format!("{value:.1}")
    } else if size >= 0.0995 {
        format!("{value:.2}")
    } else if size >= 0.00995 {
        format!("{value:.3}")
    } else {
        format!("{value:.1e}")
    }
}

/// What a form is called, by its name in files.
#[must_use]
pub fn form(id: &str) -> &'static str {
    match id {
        "leaf_powder" => "leaf powder",
        "leaf_capsule" => "leaf capsules",
        "leaf_crushed" => "crushed leaf",
        "leaf_fresh" => "fresh leaves",
        "leaf_tea" => "leaf tea",
        "extract" => "extract",
        "shot" => "extract shot",
        "seven_oh_tablet" => "7-OH tablet",
        "seven_oh_liquid" => "7-OH liquid",
        "pseudoindoxyl" => "pseudoindoxyl product",
        _ => "semi-synthetic product",
    }
}

/// A round number of an axis without needless digits.
#[must_use]
pub fn plain(value: f64) -> String {
    let text = format!("{value:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}
