//! The fixed words for closed vocabularies: certainty, harm, likelihood, action, verification.

use ketum::assessment::{Assessment, Emergency};
use ketum::body::Spread;
use ketum_core::emergency::{RedFlag, Urgency};
use ketum_core::evidence::{AppliesTo, Certainty, Citation, Claim, Design, Source, Verification};
use ketum_core::finding::{Action, Harm, Likelihood};
use ketum_core::quantity::{IntervalKind, Quantity, Statistic};

/// An amount with its spread: `74 (23 to 250)`.
#[must_use]
pub fn spread(spread: Spread) -> String {
    format!(
        "{} ({} to {})",
        rounded(spread.median),
        rounded(spread.low),
        rounded(spread.high)
    )
}

/// What the words for certainty mean, once on a page.
pub const CERTAINTY_KEY: &str = "Certainty says how far the evidence carries the sentence before it. Low and very \
    low mean that better studies could easily change it.";

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

/// The same beside the word "certainty".
#[must_use]
pub fn certainty_alone(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::High => "high",
        Certainty::Moderate => "moderate",
        Certainty::Low => "low",
        Certainty::VeryLow => "very low",
    }
}

/// Some words with a capital in front.
#[must_use]
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
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

/// The signs of the danger that comes in minutes, what to do at once, and whom to call.
#[must_use]
pub fn signs_to_know(flag: &RedFlag, emergency: &Emergency) -> String {
    let call = emergency.help.as_ref().map_or_else(
        || emergency.elsewhere.clone(),
        |place| format!("{}: {}.", place.name.en, place.ambulance.number),
    );
    let act: Vec<&str> = flag.act.iter().take(2).map(|act| act.en.as_str()).collect();
    format!("{}: {} {call}", flag.title.en, act.join(" "))
}

/// How many claims on the question stand in the first minute; the others stand with the evidence.
const ON_QUESTION: usize = 3;

/// The claims on the question, in their order.
pub fn on_question(assessment: &Assessment) -> impl Iterator<Item = &Claim> {
    assessment
        .on_question
        .iter()
        .take(ON_QUESTION)
        .filter_map(|id| assessment.claims.iter().find(|claim| claim.id == *id))
}

/// How fast help is needed, as what to do.
#[must_use]
pub fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Ambulance => "Call an ambulance now",
        Urgency::CrisisLine => "Call a crisis line now",
        Urgency::SameDay => "See a doctor today",
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

/// A computed number with the digits its interval supports: two, with commas between thousands.
#[must_use]
pub fn rounded(value: f64) -> String {
    if value.abs() < 99.5 || !value.is_finite() {
        return two_digits(value);
    }
    let mut step = 1.0;
    while value.abs() >= step * 99.5 {
        step *= 10.0;
    }
    let digits = format!("{:.0}", (value / step).round() * step);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", digits.as_str()),
    };
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}")
}

/// Hours as people say them: hours up to three days, days from there.
#[must_use]
pub fn duration(hours: f64) -> String {
    if hours.abs() <= 72.0 {
        format!("{} h", two_digits(hours))
    } else {
        format!("{} days", two_digits(hours / 24.0))
    }
}

/// A median with its interval, the unit said once where all three share it.
#[must_use]
pub fn durations(median: f64, low: f64, high: f64) -> String {
    let long = [median, low, high].map(|hours| hours > 72.0);
    let (size, unit) = match long {
        [true, true, true] => (24.0, "days"),
        [false, false, false] => (1.0, "h"),
        _ => {
            let (median, low, high) = (duration(median), duration(low), duration(high));
            return format!("{median} ({low} to {high})");
        }
    };
    let [median, low, high] = [median, low, high].map(|hours| two_digits(hours / size));
    format!("{median} ({low} to {high}) {unit}")
}

/// A source named short, as in a text: authors or the first words of its title, and the year.
#[must_use]
pub fn short_reference(source: &Source) -> String {
    let year = source
        .published
        .map_or_else(String::new, |date| format!(" {}", date.earliest().year()));
    let name = match &source.authors {
        Some(authors) => authors
            .split([',', ';'])
            .next()
            .unwrap_or(authors)
            .trim_end_matches(" et al.")
            .trim()
            .to_owned(),
        None => {
            let words: Vec<&str> = source.title.split_whitespace().collect();
            let shown = words.len().min(6);
            let ellipsis = if shown < words.len() { " …" } else { "" };
            format!("{}{ellipsis}", words[..shown].join(" "))
        }
    };
    format!("{name}{year}")
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

#[cfg(test)]
mod tests {
    use super::{duration, durations, rounded};

    #[test]
    fn computed_numbers_keep_two_digits_and_group_thousands() {
        for (value, shown) in [
            (0.0, "0"),
            (7.34, "7.3"),
            (99.2, "99"),
            (99.7, "100"),
            (131.4, "130"),
            (995.0, "1,000"),
            (99_160.0, "99,000"),
            (455_985.0, "460,000"),
            (-1_234.0, "-1,200"),
        ] {
            assert_eq!(rounded(value), shown);
        }
    }

    #[test]
    fn durations_turn_to_days_after_three_days() {
        assert_eq!(duration(1.5), "1.5 h");
        assert_eq!(duration(72.0), "72 h");
        assert_eq!(duration(828.0), "34 days");
        assert_eq!(duration(100.0), "4.2 days");
        assert_eq!(durations(2.0, 1.0, 3.0), "2.0 (1.0 to 3.0) h");
        assert_eq!(durations(240.0, 96.0, 480.0), "10 (4.0 to 20) days");
        assert_eq!(durations(96.0, 24.0, 480.0), "4.0 days (24 h to 20 days)");
    }
}
