//! Circumstances: what the words of a case amount to. Each threshold stands here once and is tested.

use std::collections::BTreeSet;

use ketum_core::circumstance::Circumstance;
use ketum_core::evidence::AppliesTo;
use ketum_core::form::Form;

use crate::case::{Case, Condition, ContentBasis, Measure, Occupation, Sex, TakenBy};
use crate::schedule::Schedule;

/// Days a week that count as daily: use on most days.
const DAILY_FROM_DAYS: f64 = 5.0;
/// Doses a day that count as many.
const MANY_DOSES: f64 = 3.0;
/// Days of daily use that count as long.
const LONG_TERM_DAYS: f64 = 28.0;
/// Days after the first use within which most liver injury was reported to begin.
const FIRST_WEEKS_DAYS: i32 = 56;
/// QTcF above which it counts as long, ms; the lower of the two usual limits.
const LONG_QTCF_MS: f64 = 450.0;

/// Ages in years at which pregnancy is asked for.
const COULD_BE_PREGNANT: std::ops::Range<f64> = 12.0..55.0;

/// Liver tests whose rise above the limit counts.
const LIVER_TESTS: [&str; 8] = [
    "alt",
    "ast",
    "alp",
    "ggt",
    "bilirubin",
    "total bilirubin",
    "inr",
    "alkaline phosphatase",
];
/// Kidney tests whose rise above the limit counts.
const KIDNEY_TESTS: [&str; 4] = ["creatinine", "urea", "bun", "cystatin c"];

/// Everything about the case that a rule may ask for, apart from its medicines.
#[must_use]
pub fn of(case: &Case, schedule: &Schedule) -> BTreeSet<Circumstance> {
    use Circumstance as C;
    let mut found = BTreeSet::from([C::Always]);
    let mut add = |circumstance, holds: bool| {
        if holds {
            found.insert(circumstance);
        }
    };

    let form = case.product.form;
    let kind = form.map(Form::drug_kind);
    add(C::ProductUnknown, form.is_none());
    add(C::Leaf, kind == Some(AppliesTo::Leaf));
    add(C::Tea, form == Some(Form::LeafTea));
    add(C::Extract, kind == Some(AppliesTo::Extract));
    add(C::SevenOhProduct, kind == Some(AppliesTo::SevenOh));
    add(
        C::SemiSyntheticProduct,
        kind == Some(AppliesTo::SemiSynthetic),
    );
    let certified = case
        .product
        .content
        .values()
        .any(|content| content.basis == ContentBasis::Certificate && content.value.is_some());
    // A certificate of another batch says nothing of this one.
    let of_this_batch = case.product.batch_matches != Some(false);
    add(C::NoCertificate, !(certified && of_this_batch));
    add(C::OtherIngredients, !case.product.also_contains.is_empty());

    let person = &case.person;
    let mother = case.regimen.taken_by == Some(TakenBy::Mother);
    add(
        C::Minor,
        person.age.is_some_and(|age| age < 18.0) && !mother,
    );
    add(C::OlderPerson, person.age.is_some_and(|age| age >= 65.0));
    add(C::Pregnant, person.pregnant == Some(true));
    add(
        C::PregnancyNotKnown,
        person.pregnant.is_none()
            && person.sex == Some(Sex::Female)
            && person
                .age
                .is_some_and(|age| COULD_BE_PREGNANT.contains(&age))
            && !mother,
    );
    add(
        C::Breastfeeding,
        person.breastfeeding == Some(true) || mother,
    );
    add(
        C::PriorKratomInjury,
        person.prior_kratom_injury == Some(true),
    );
    add(C::Driving, person.occupation.contains(&Occupation::Driving));
    add(
        C::Machines,
        person.occupation.contains(&Occupation::Machines),
    );
    add(
        C::DrugTest,
        person.occupation.contains(&Occupation::DrugTested),
    );
    for condition in &person.conditions {
        for circumstance in of_condition(*condition) {
            add(*circumstance, true);
        }
    }
    let raised = |tests: &[&str]| {
        case.labs.iter().any(|lab| {
            tests.contains(&lab.test.to_lowercase().as_str())
                && lab.upper_limit.is_some_and(|limit| lab.value > limit)
        })
    };
    add(C::RaisedLiverValues, raised(&LIVER_TESTS));
    add(C::KidneyDisease, raised(&KIDNEY_TESTS));
    add(
        C::LongQt,
        case.measurements
            .iter()
            .any(|one| one.measure == Measure::Qtcf && one.value > LONG_QTCF_MS),
    );

    let history = &person.use_history;
    let daily = schedule.doses_per_day >= 1.0;
    let days = case
        .regimen
        .days
        .or(history.days_of_daily_use)
        .unwrap_or(0.0);
    let since_first = history
        .first_use
        .zip(case.date)
        .map(|(first, date)| first.days_until(date));
    add(C::DailyUse, daily && days >= DAILY_FROM_DAYS);
    add(C::ManyDosesADay, schedule.doses_per_day >= MANY_DOSES);
    add(C::LongTermUse, days >= LONG_TERM_DAYS);
    add(
        C::NewUser,
        history.days_of_daily_use == Some(0.0) || since_first.is_some_and(|days| days <= 7),
    );
    add(
        C::FirstWeeks,
        since_first.map_or_else(
            || daily && (1.0..=f64::from(FIRST_WEEKS_DAYS)).contains(&days),
            |days| (0..=FIRST_WEEKS_DAYS).contains(&days),
        ),
    );
    add(
        C::Quitting,
        history.wants_to_stop == Some(true)
            || person.quit_attempts.is_some_and(|attempts| attempts > 0),
    );
    let since_last = history
        .last_use
        .zip(case.date)
        .map(|(last, date)| last.days_until(date));
    add(
        C::Withdrawal,
        history.had_withdrawal == Some(true)
            || case.scores.cows.is_some_and(|cows| cows > 0)
            || since_last.is_some_and(|days| (1..=30).contains(&days)),
    );
    add(C::Travel, !case.route.is_empty());
    found
}

fn of_condition(condition: Condition) -> &'static [Circumstance] {
    use Circumstance as C;
    match condition {
        Condition::LiverDisease => &[C::LiverDisease],
        Condition::KidneyDisease => &[C::KidneyDisease],
        Condition::HeartDisease | Condition::Hypertension => &[C::HeartDisease],
        Condition::LongQt => &[C::LongQt, C::HeartDisease],
        Condition::Seizures => &[C::SeizureHistory],
        Condition::EndocrineDisease | Condition::Diabetes => &[C::EndocrineDisease],
        Condition::Depression | Condition::Anxiety | Condition::Bipolar | Condition::Psychosis => {
            &[C::PsychiatricCondition]
        }
        Condition::SuicidalThoughts => &[C::SuicidalThoughts, C::PsychiatricCondition],
        Condition::OpioidUseDisorder
        | Condition::AlcoholUseDisorder
        | Condition::SubstanceUseDisorder => &[C::SubstanceUseHistory],
        Condition::SleepApnoea | Condition::LungDisease => &[C::BreathingDisorder],
        Condition::ChronicPain => &[],
        Condition::SurgeryPlanned => &[C::SurgeryPlanned],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circumstances(toml: &str) -> BTreeSet<Circumstance> {
        let case: Case = toml::from_str(toml).unwrap();
        of(&case, &crate::schedule::lay_out(&case))
    }

    #[test]
    fn thresholds_hold_on_both_sides() {
        use Circumstance as C;
        for (toml, circumstance, holds) in [
            ("[person]\nage = 17.9", C::Minor, true),
            ("[person]\nage = 18", C::Minor, false),
            ("[person]\nage = 64", C::OlderPerson, false),
            ("[person]\nage = 65", C::OlderPerson, true),
            ("[regimen]\ndoses_per_day = 2.9", C::ManyDosesADay, false),
            ("[regimen]\ndoses_per_day = 3", C::ManyDosesADay, true),
            ("[regimen]\ndoses_per_day = 1\ndays = 4", C::DailyUse, false),
            ("[regimen]\ndoses_per_day = 1\ndays = 5", C::DailyUse, true),
            (
                "[regimen]\ndoses_per_day = 0.5\ndays = 50",
                C::DailyUse,
                false,
            ),
            (
                "[[measurements]]\nmeasure = \"qtcf\"\nvalue = 450",
                C::LongQt,
                false,
            ),
            (
                "[[measurements]]\nmeasure = \"qtcf\"\nvalue = 451",
                C::LongQt,
                true,
            ),
            (
                "[[labs]]\ntest = \"ALT\"\nvalue = 40\nunit = \"U/L\"\nupper_limit = 40",
                C::RaisedLiverValues,
                false,
            ),
            (
                "[[labs]]\ntest = \"ALT\"\nvalue = 41\nunit = \"U/L\"\nupper_limit = 40",
                C::RaisedLiverValues,
                true,
            ),
        ] {
            assert_eq!(circumstances(toml).contains(&circumstance), holds, "{toml}");
        }
    }

    #[test]
    fn a_child_of_a_mother_who_takes_it_is_not_a_minor_who_takes_it() {
        let found = circumstances("[person]\nage = 0.1\n[regimen]\ntaken_by = \"mother\"");
        assert!(!found.contains(&Circumstance::Minor));
        assert!(found.contains(&Circumstance::Breastfeeding));
    }
}
