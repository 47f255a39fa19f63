//! Medicines: the interactions of what a case lists, in the coin of an assessment.

use ketum_data::catalogue::Catalogue;

use crate::assessment::NotAssessed;
use crate::case::{Case, MedicineStatus};
use crate::interaction::{self, Check, Named, Product};
use crate::product::ProductAnswer;

/// Checks the medicines of a case, and what the product holds beside kratom, against the product.
///
/// A medicine that was stopped is checked too: its effect may last.
#[must_use]
pub fn check(case: &Case, product: &ProductAnswer, catalogue: &Catalogue) -> Check {
    let listed = case.medicines.iter().map(|medicine| medicine.name.as_str());
    let contained = case.product.also_contains.iter().map(String::as_str);
    let named: Vec<Named> = listed.chain(contained).map(Named::plain).collect();
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
                "not a name known here; if the suggestion was meant: {}",
                provisional.join(" ")
            )
        };
        NotAssessed {
            given: unknown.given.clone(),
            why,
            suggestions: unknown.suggestions.clone(),
        }
    });
    let partly = check.not_assessed.iter().map(|name| NotAssessed {
        given: name.clone(),
        why: "what is said of it above stands; a part of it, marked “needs checking”, rests on a source that was not read".to_owned(),
        suggestions: Vec::new(),
    });
    let silent = check.no_data.iter().map(|name| NotAssessed {
        given: name.clone(),
        why:
            "no study, case or mechanism with kratom is known; that does not say it is without risk"
                .to_owned(),
        suggestions: Vec::new(),
    });
    unknown.chain(partly).chain(silent).collect()
}

/// Whether the case lists a medicine that is taken now.
#[must_use]
pub fn takes_any(case: &Case) -> bool {
    case.medicines
        .iter()
        .any(|medicine| medicine.status == MedicineStatus::Current)
}
