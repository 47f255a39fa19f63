//! What a case gives and nothing here reads: told, so that nobody thinks it was weighed.
//!
//! A test takes each key out of a full case and holds this list to the truth, both ways.

use super::{Case, Condition, ContentBasis, Medicine, MedicineStatus};
use crate::medicines;

/// The paths that were given and are not used, each with why.
#[must_use]
pub fn unused(case: &Case) -> Vec<String> {
    let mut told = Vec::new();
    let mut add = |given: bool, path: &str, why: &str| {
        if given {
            told.push(format!("{path}: given, not used; {why}"));
        }
    };
    let person = &case.person;
    add(
        person.height.is_some(),
        "person.height",
        "no equation here needs it",
    );
    add(
        person.conditions.contains(&Condition::ChronicPain),
        "person.conditions[chronic_pain]",
        "no rule speaks of it",
    );
    product(case, &mut add);
    add(
        case.regimen.food.is_some(),
        "regimen.food",
        "no study was found on whether food changes the levels",
    );
    for (index, medicine) in case.medicines.iter().enumerate() {
        self::medicine(medicine, index, &mut add);
    }
    told
}

fn product(case: &Case, add: &mut impl FnMut(bool, &str, &str)) {
    let product = &case.product;
    add(
        product.name.is_some(),
        "product.name",
        "names of products are not looked up",
    );
    add(
        product
            .total_alkaloids
            .as_ref()
            .is_some_and(|total| total.basis == ContentBasis::Label),
        "product.total_alkaloids.basis",
        "no rule asks who summed the alkaloids",
    );
    add(
        product.method.is_some(),
        "product.method",
        "no rule weighs how the alkaloids were measured",
    );
    add(
        product.label_text.is_some(),
        "product.label_text",
        "the words of a label are not read",
    );
    add(
        !product.label_claims.is_empty(),
        "product.label_claims",
        "the words of a label are not read",
    );
}

fn medicine(medicine: &Medicine, index: usize, add: &mut impl FnMut(bool, &str, &str)) {
    let path = |key: &str| format!("medicines[{index}].{key}");
    add(
        medicine.dose.is_some(),
        &path("dose"),
        "no finding depends on the dose of another medicine",
    );
    add(
        medicine.since.is_some(),
        &path("since"),
        "no finding depends on since when",
    );
    add(
        medicine.status != MedicineStatus::Current,
        &path("status"),
        "a planned or stopped medicine is checked like a current one, since its effect may last",
    );
    add(
        medicine
            .route
            .as_deref()
            .is_some_and(|text| medicines::route(text).is_none()),
        &path("route"),
        "the words are no route known here",
    );
    add(
        medicine
            .schedule
            .as_deref()
            .is_some_and(|text| medicines::time(text).is_none()),
        &path("schedule"),
        "it names no single time of day",
    );
}
