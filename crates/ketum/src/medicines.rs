//! Medicines: the interactions of what a case lists, in the coin of an assessment.

use ketum_core::drug::Route;
use ketum_core::evidence::first_sentence;
use ketum_data::catalogue::Catalogue;

use crate::assessment::NotAssessed;
use crate::case::{Case, Clock, Medicine};
use crate::interaction::{self, Check, Named, Product};
use crate::product::ProductAnswer;

/// Checks the medicines of a case, and what the product holds beside kratom, against the product.
///
/// A medicine that was stopped is checked too: its effect may last.
#[must_use]
pub fn check(case: &Case, product: &ProductAnswer, catalogue: &Catalogue) -> Check {
    let listed = case.medicines.iter().map(named);
    let contained = case.product.also_contains.iter().map(Named::plain);
    let named: Vec<Named> = listed.chain(contained).collect();
    let mitragynine = product
        .analytes
        .get("mitragynine")
        .and_then(|dose| dose.median_mg);
    let product = Product {
        form: case.product.form,
        mitragynine_mg: mitragynine,
        times: case.regimen.times.iter().map(|time| time.hours()).collect(),
        every_h: case.regimen.every_h,
    };
    interaction::check(catalogue, &named, &product)
}

fn named(medicine: &Medicine) -> Named {
    Named {
        name: medicine.name.clone(),
        route: medicine.route.as_deref().and_then(route),
        at_h: medicine.schedule.as_deref().and_then(time),
    }
}

/// A route in the words people use; nothing is guessed from other words.
#[must_use]
pub fn route(text: &str) -> Option<Route> {
    Some(match text.trim().to_lowercase().as_str() {
        "oral" | "by mouth" | "mouth" | "swallowed" | "po" | "p.o." | "tablet" | "capsule" => {
            Route::Oral
        }
        "sublingual" | "under the tongue" | "buccal" => Route::Sublingual,
        "intravenous" | "iv" | "i.v." | "into a vein" | "in the vein" => Route::Intravenous,
        "injected" | "injection" | "intramuscular" | "im" | "subcutaneous" | "sc" => {
            Route::Injected
        }
        "inhaled" | "smoked" | "vaped" => Route::Inhaled,
        "nasal" | "into the nose" | "nose spray" => Route::Nasal,
        "transdermal" | "patch" | "skin patch" => Route::Transdermal,
        "topical" | "cream" | "eye drops" => Route::Topical,
        "rectal" => Route::Rectal,
        "implant" => Route::Implant,
        _ => return None,
    })
}

/// The one time of day a schedule names, hours after midnight. Several times are no single one.
#[must_use]
pub fn time(text: &str) -> Option<f64> {
    let mut clocks = text
        .split(|c: char| !(c.is_ascii_digit() || c == ':'))
        .filter_map(|word| word.parse::<Clock>().ok());
    let first = clocks.next()?;
    clocks.next().is_none().then(|| first.hours())
}

/// What could not be judged, in the words of an assessment.
#[must_use]
pub fn not_assessed(check: &Check) -> Vec<NotAssessed> {
    let unknown = check.unknown_names.iter().map(|unknown| {
        let provisional: Vec<&str> = unknown
            .provisional
            .iter()
            .map(|finding| finding.statement.as_str())
            .collect();
        let why = if provisional.is_empty() {
            "not a name known here, so it was not judged".to_owned()
        } else {
            format!(
                "not a name known here, so it was not judged. If that was meant, do not combine \
                 them: {}",
                provisional.join(" ")
            )
        };
        NotAssessed {
            given: unknown.given.clone(),
            why,
            suggestions: unknown.suggestions.clone(),
            grave: !provisional.is_empty(),
        }
    });
    let partly = check.not_assessed.iter().map(|name| {
        let unchecked = check
            .findings
            .iter()
            .find(|finding| finding.needs_checking.contains(name));
        let which = unchecked.map_or_else(String::new, |finding| {
            format!(" “{}”", first_sentence(&finding.statement))
        });
        NotAssessed {
            given: name.clone(),
            why: format!(
                "not fully checked.{which} A part of this has no source that was read; take it as \
                 a possible risk."
            ),
            suggestions: Vec::new(),
            grave: false,
        }
    });
    let silent = check.no_data.iter().map(|name| NotAssessed {
        given: name.clone(),
        why:
            "no study, case or mechanism with kratom is known; that does not say it is without risk"
                .to_owned(),
        suggestions: Vec::new(),
        grave: false,
    });
    unknown.chain(partly).chain(silent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_and_times_are_read_only_where_they_are_plain() {
        assert_eq!(route("IV"), Some(Route::Intravenous));
        assert_eq!(route("by mouth"), Some(Route::Oral));
        assert_eq!(route("with water"), None);
        assert_eq!(time("at 22:00"), Some(22.0));
        assert_eq!(time("08:00 and 20:00"), None);
        assert_eq!(time("in the evening"), None);
    }
}
