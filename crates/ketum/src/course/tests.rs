use super::*;
use ketum_core::finding::Action;

fn course(toml: &str) -> Course {
    let catalogue = Catalogue::embedded().unwrap();
    let case: Case = toml::from_str(toml).unwrap();
    of(&case, &catalogue, false)
}

fn lab(test: &str, value: f64, unit: &str, limit: Option<f64>, date: &str) -> String {
    let limit = limit.map_or_else(String::new, |limit| format!("upper_limit = {limit}\n"));
    format!(
        "[[labs]]\ntest = \"{test}\"\nvalue = {value}\nunit = \"{unit}\"\n{limit}date = \"{date}\"\n"
    )
}

fn finding<'c>(course: &'c Course, id: &str) -> &'c Finding {
    let ids: Vec<&str> = course.findings.iter().map(|one| one.id.as_str()).collect();
    course
        .findings
        .iter()
        .find(|one| one.id == id)
        .unwrap_or_else(|| panic!("no {id} in {ids:?}"))
}

#[test]
fn a_value_without_its_limit_is_never_put_against_one() {
    let course = course(&lab("ALT", 900.0, "U/L", None, "2026-11-01"));
    assert!(course.findings.is_empty());
    assert_eq!(course.trends[0].points[0].place, Place::LimitNotGiven);
    assert!(course.inputs_missing[0].contains("limit"));
}

#[test]
fn values_of_different_days_are_never_put_together() {
    let apart = lab("ALT", 320.0, "U/L", Some(40.0), "2026-11-20")
        + &lab("ALP", 290.0, "U/L", Some(120.0), "2026-11-21");
    let course = course(&apart);
    assert!(
        !course
            .findings
            .iter()
            .any(|one| one.id.starts_with("course-liver-pattern"))
    );
    assert!(
        course
            .inputs_missing
            .iter()
            .any(|one| one.contains("2026-11-20"))
    );
}

#[test]
fn the_pattern_is_that_of_the_calculator_and_units_are_converted() {
    let one = lab("ALT", 320.0, "U/L", Some(40.0), "2026-11-20")
        + &lab("AST", 200.0, "U/L", Some(40.0), "2026-11-20")
        + &lab("ALP", 290.0, "U/L", Some(120.0), "2026-11-20")
        + &lab("bilirubin", 53.0, "umol/L", Some(20.5), "2026-11-20");
    let course = course(&one);
    let pattern = finding(&course, "course-liver-pattern");
    let r = pattern.quantity.as_ref().unwrap().value.unwrap();
    assert!((r - (320.0 / 40.0) / (290.0 / 120.0)).abs() < 1e-12);
    assert!(pattern.statement.contains("mixed"), "{}", pattern.statement);
    assert!(
        pattern
            .basis
            .inputs_used
            .contains(&"AST of 2026-11-20".to_owned())
    );
    // ALP lies above twice its limit: the classic form cannot be met.
    let hys = finding(&course, "course-hys-law-2026-11-20");
    assert_eq!(hys.action, Action::Inform);
}

#[test]
fn slow_clotting_with_jaundice_is_an_emergency_unless_a_blood_thinner_explains_it() {
    let one = lab("ALT", 900.0, "U/L", Some(40.0), "2026-11-20")
        + &lab("bilirubin", 9.0, "mg/dL", Some(1.2), "2026-11-20")
        + &lab("INR", 1.8, "1", Some(1.2), "2026-11-20");
    let case: Case = toml::from_str(&one).unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    for (thinned, action) in [(false, Action::Emergency), (true, Action::ClinicianFirst)] {
        let course = of(&case, &catalogue, thinned);
        let grade = finding(&course, "course-dilin-grade-2026-11-20");
        assert_eq!(grade.action, action);
        assert!(
            grade.statement.contains("4 (severe)"),
            "{}",
            grade.statement
        );
    }
}

#[test]
fn the_time_since_the_start_stands_beside_that_of_published_cases() {
    let values = lab("ALT", 30.0, "U/L", Some(40.0), "2026-10-25")
        + &lab("ALT", 320.0, "U/L", Some(40.0), "2026-11-12")
        + &lab("ALT", 110.0, "U/L", Some(40.0), "2026-11-22");
    let with = course(&format!(
        "[person.use_history]\nfirst_use = \"2026-10-20\"\n{values}"
    ));
    let onset = finding(&with, "course-liver-onset");
    assert_eq!(onset.quantity.as_ref().unwrap().value, Some(23.0));
    assert!(
        onset.statement.contains("within the 2 to 49 days"),
        "{}",
        onset.statement
    );
    assert!(onset.statement.contains("2026-10-25"));
    let trend = finding(&with, "course-liver-values");
    // (320 - 110) of (320 - 40).
    assert!(
        trend
            .statement
            .contains(", 75 % of the way back to it 10 days later"),
        "{}",
        trend.statement
    );
    let before = course(&format!(
        "[person.use_history]\nfirst_use = \"2026-11-20\"\n{values}"
    ));
    assert!(
        finding(&before, "course-liver-onset")
            .statement
            .contains("before the first use")
    );
    let without = course(&values);
    assert!(
        without
            .inputs_missing
            .iter()
            .any(|one| one.starts_with("person.use_history.first_use"))
    );
}

#[test]
fn creatinine_gives_filtration_and_a_stage_only_against_a_recent_value() {
    let person = "[person]\nage = 55\nsex = \"male\"\n";
    let recent = lab("creatinine", 1.0, "mg/dL", None, "2026-11-20")
        + &lab("creatinine", 190.0, "umol/L", None, "2026-11-22");
    let found = course(&format!("{person}{recent}"));
    let injury = finding(&found, "course-kidney-injury");
    assert!(
        injury.statement.contains("KDIGO stage 2"),
        "{}",
        injury.statement
    );
    assert_eq!(injury.action, Action::ClinicianFirst);
    assert!(
        finding(&found, "course-egfr")
            .statement
            .contains("misleads")
    );
    let old = lab("creatinine", 1.0, "mg/dL", None, "2026-06-01")
        + &lab("creatinine", 1.2, "mg/dL", None, "2026-11-22");
    let found = course(&format!("{person}{old}"));
    assert!(
        found
            .findings
            .iter()
            .all(|one| one.id != "course-kidney-injury")
    );
    assert!(
        found
            .inputs_missing
            .iter()
            .any(|one| one.contains("not staged"))
    );
    let egfr = finding(&found, "course-egfr");
    assert!((egfr.quantity.as_ref().unwrap().value.unwrap() - 71.4178).abs() < 1e-3);
    assert!(egfr.statement.contains("category G2"));
}

#[test]
fn qt_is_corrected_only_with_a_rate_of_the_same_day() {
    let qt =
        "[[measurements]]\nmeasure = \"qt\"\nvalue = 400\nbaseline = 380\ndate = \"2026-11-20\"\n";
    let alone = course(qt);
    assert!(alone.findings.is_empty() && alone.inputs_missing[0].contains("not corrected"));
    for rate in [
        "measure = \"heart_rate\"\nvalue = 75\nbaseline = 60\n",
        "measure = \"rr\"\nvalue = 800\nbaseline = 1000\n",
    ] {
        let found = course(&format!(
            "[person]\nsex = \"female\"\n{qt}[[measurements]]\n{rate}date = \"2026-11-20\"\n"
        ));
        let qtc = finding(&found, "course-qtc-0");
        let value = qtc.quantity.as_ref().unwrap().value.unwrap();
        assert!((value - 430.886_938).abs() < 1e-4, "{value}");
        assert!(qtc.statement.contains("+51 ms"), "{}", qtc.statement);
        assert_eq!(qtc.action, Action::Inform);
    }
}

#[test]
fn a_long_qtc_and_a_large_change_ask_for_a_clinician() {
    let found = course(
        "[person]\nsex = \"male\"\n\
         [[measurements]]\nmeasure = \"qtcf\"\nvalue = 420\ndate = \"2026-10-01\"\n\
         [[measurements]]\nmeasure = \"qtcf\"\nvalue = 505\nbaseline = 420\ndate = \"2026-11-01\"\n",
    );
    assert_eq!(
        finding(&found, "course-qtc-1").action,
        Action::ClinicianFirst
    );
    let change = finding(&found, "course-qtc-change");
    assert_eq!(change.quantity.as_ref().unwrap().value, Some(85.0));
    assert_eq!(change.action, Action::ClinicianFirst);
}

#[test]
fn scores_fall_into_the_bands_of_their_files() {
    let found = course("[person]\nsex = \"male\"\n[scores]\ncows = 15\naudit_c = 3\nphq2 = 3\n");
    assert!(
        finding(&found, "course-cows")
            .statement
            .contains("moderate")
    );
    assert_eq!(finding(&found, "course-audit-c").action, Action::Inform);
    assert_eq!(finding(&found, "course-phq2").action, Action::Watch);
    let unknown = course("[scores]\naudit_c = 3\n");
    assert!(unknown.inputs_missing[0].contains("AUDIT-C"));
}

#[test]
fn every_computed_finding_carries_a_claim_and_says_how() {
    let values = lab("ALT", 320.0, "U/L", Some(40.0), "2026-11-20")
        + &lab("ALP", 290.0, "U/L", Some(120.0), "2026-11-20")
        + &lab("creatinine", 1.2, "mg/dL", None, "2026-11-20");
    let found = course(&format!(
        "[person]\nage = 40\nsex = \"female\"\n[scores]\ncows = 3\naudit_c = 0\nphq2 = 0\n{values}\
         [[measurements]]\nmeasure = \"qtcf\"\nvalue = 430\n"
    ));
    assert!(found.findings.len() >= 6);
    for one in &found.findings {
        assert!(!one.claims.is_empty() && !one.needs_checking, "{}", one.id);
        assert!(
            !one.basis.method.is_empty() && !one.basis.inputs_used.is_empty(),
            "{}",
            one.id
        );
        assert!(one.certainty >= Certainty::Low, "{}", one.id);
        assert!(ketum_core::id::check(&one.id).is_ok(), "{}", one.id);
    }
}
