//! What somebody must know who reads for one minute: the short answer, what to do next, what matters most; in
//! the terminal also how high the levels are and what the law says, which on a page have sections of their own.
//! What is said comes from the answers, findings and law of the assessment: this module chooses and shortens.

use ketum::ask::Short;
use ketum::assessment::Assessment;
use ketum::body::Exposure;
use ketum::product::{Origin, ProductAnswer};
use ketum_core::answer::Part;
use ketum_core::evidence::{Certainty, first_sentence};
use ketum_core::finding::{Action, Finding, Harm, Likelihood};

use crate::assessment::{doses, origin};
use crate::words;

/// How many findings and next steps are named.
const NAMED: usize = 3;

/// The minute's reading.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// The short answers to the question.
    pub short: Vec<ShortAnswer>,
    /// Names that were not known, with what may have been meant and what would follow.
    pub names: Vec<String>,
    /// What stands above the findings.
    pub heading: &'static str,
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
    /// How sure, in words.
    pub sure: String,
    /// What it calls for in words, with what was given that it is about. Left out where the card of a red
    /// flag has sent the person to a doctor already.
    pub label: Option<String>,
}

/// The answer to the question in a sentence or two.
#[derive(Debug, Clone, PartialEq)]
pub struct ShortAnswer {
    /// What is said.
    pub sentence: String,
    /// How sure, in words; the law has its own.
    pub sure: Option<String>,
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
    let short = short(assessment);
    let flagged = !assessment.emergency.red_flags.is_empty();
    Brief {
        names: names(assessment),
        heading: if flagged {
            "What to tell those who help"
        } else {
            "What matters most"
        },
        matters: named
            .iter()
            .map(|finding| matter(finding, flagged))
            .collect(),
        remark,
        next: next(assessment, named),
        level: level(assessment),
        // Said once, where the short answer is the law.
        law: law(assessment)
            .filter(|law| short.iter().all(|short| !short.sentence.starts_with(law))),
        short,
        incomplete: assessment
            .not_assessed
            .iter()
            .any(|one| one.suggestions.is_empty())
            .then_some("Not judged, or not fully checked:"),
    }
}

/// The short answers, each replaced by what is known of the case itself where there is such a part.
fn short(assessment: &Assessment) -> Vec<ShortAnswer> {
    let one = |short: &Short| {
        let of_case = match short.part {
            Some(Part::Law) => {
                law(assessment).map(|law| format!("{law} The reasons stand under Law."))
            }
            Some(Part::Product) => dose_sentence(&assessment.product),
            None => None,
        };
        let sure = of_case
            .is_none()
            .then(|| words::certainty(short.certainty).to_owned());
        ShortAnswer {
            sentence: of_case.unwrap_or_else(|| short.statement.clone()),
            sure,
        }
    };
    assessment.short_answer.iter().map(one).collect()
}

/// What a dose holds by what is known of this product.
fn dose_sentence(product: &ProductAnswer) -> Option<String> {
    let parts: Vec<String> = doses(product)
        .into_iter()
        .take(2)
        .map(|(id, dose)| {
            let range = format!(
                "{} to {} mg",
                words::two_digits(dose.low_mg),
                words::two_digits(dose.high_mg)
            );
            let amount = dose.median_mg.map_or_else(
                || range.clone(),
                |median| format!("about {} mg (9 of 10: {range})", words::two_digits(median)),
            );
            format!("{id} {amount}, by {}", origin(dose.origin))
        })
        .collect();
    let labelled = product
        .analytes
        .values()
        .any(|dose| dose.origin == Origin::Label);
    let doubt = if labelled {
        " A label may be wrong both ways."
    } else {
        ""
    };
    (!parts.is_empty()).then(|| format!("In one dose: {}.{doubt}", parts.join("; ")))
}

fn law(assessment: &Assessment) -> Option<String> {
    assessment.law.short.clone()
}

fn matter(finding: &Finding, flagged: bool) -> Matter {
    let certainty = words::certainty(finding.certainty);
    let measured = finding.quantity.as_ref().is_some_and(|size| size.measured);
    let mut sure = if measured && finding.likelihood == Likelihood::Unknown {
        format!("as measured; what it means: {certainty}")
    } else if finding.harm == Harm::LifeThreatening && finding.certainty >= Certainty::Low {
        format!("{certainty}; if it happens, it can kill")
    } else {
        certainty.to_owned()
    };
    if finding.needs_checking {
        sure.push_str("; needs checking, follow it all the same");
    }
    let word = words::action(finding.action);
    let listed = finding.action <= Action::DoNotCombine && finding.id.starts_with("interaction-");
    let label = if listed && !finding.basis.inputs_used.is_empty() {
        format!(
            "{word} (you listed {})",
            finding.basis.inputs_used.join(" and ")
        )
    } else {
        word.to_owned()
    };
    Matter {
        action: finding.action,
        sentence: first_sentence(&finding.statement).to_owned(),
        sure,
        label: (!flagged || finding.action != Action::ClinicianFirst).then_some(label),
    }
}

/// The first step of each named finding. With a red flag its card is the one thing to do: steps of less
/// haste beside it would only be read as another advice.
fn next(assessment: &Assessment, named: &[&Finding]) -> Vec<String> {
    if !assessment.emergency.red_flags.is_empty() {
        return vec!["Do first what the emergency card above says.".to_owned()];
    }
    let mut next: Vec<String> = Vec::new();
    for finding in named {
        let Some(steps) = finding.do_next.as_deref() else {
            continue;
        };
        // Where a life is at stake, the signs to act on stand after the first sentence.
        let step = match finding.harm {
            Harm::LifeThreatening => steps,
            _ => first_sentence(steps),
        };
        if !next.iter().any(|held| held == step) {
            next.push(step.to_owned());
        }
    }
    let misspelt = assessment
        .not_assessed
        .iter()
        .filter(|one| !one.suggestions.is_empty())
        .map(|one| {
            let until = if one.grave {
                " Until then leave out the kratom, not the medicine."
            } else {
                ""
            };
            format!("Check how “{}” is spelt, and ask again.{until}", one.given)
        });
    misspelt.chain(next).collect()
}

/// A slip of the pen may hide the most dangerous thing of all, so it comes first.
fn names(assessment: &Assessment) -> Vec<String> {
    assessment
        .not_assessed
        .iter()
        .filter(|one| !one.suggestions.is_empty())
        .map(|one| {
            format!(
                "Did you mean {}? “{}” is {}.",
                one.suggestions.join(" or "),
                one.given,
                one.why.trim_end_matches('.')
            )
        })
        .collect()
}

/// How high the level is and how sure that is, or why none was simulated.
pub(crate) fn level(assessment: &Assessment) -> Option<String> {
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
