//! The studies of `data/studies/`: every file has the shape of its type and keeps the rules the
//! calibration and the validation rest on. Files with mistakes are refused, not fitted quietly.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use ketum_core::evidence::Source;
use ketum_core::id::StudyId;
use ketum_core::study::{Origin, PkParameter, Role, Species, StatisticKind, Study, StudyProblem};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data")
}

fn files(folder: &str) -> BTreeMap<String, String> {
    std::fs::read_dir(data().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .map(|path| {
            let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (stem, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn studies() -> BTreeMap<StudyId, Study> {
    files("studies")
        .into_iter()
        .map(|(stem, text)| {
            let id: StudyId = stem.parse().unwrap();
            let study = toml::from_str(&text).unwrap_or_else(|why| panic!("{stem}: {why}"));
            (id, study)
        })
        .collect()
}

fn study(id: &str) -> Study {
    studies().remove(&id.parse::<StudyId>().unwrap()).unwrap()
}

/// The problems of a real file after one change to its text.
fn problems_after(id: &str, from: &str, to: &str) -> Vec<StudyProblem> {
    let text = files("studies").remove(id).unwrap();
    assert!(text.contains(from), "{id} has no {from:?} to change");
    toml::from_str::<Study>(&text.replacen(from, to, 1))
        .unwrap()
        .problems()
}

#[test]
fn every_file_is_a_sound_study() {
    let all = studies();
    assert!(all.len() >= 20, "only {} studies", all.len());
    for (id, study) in &all {
        assert_eq!(study.problems(), [], "{id}");
    }
}

#[test]
fn every_number_can_be_traced_to_a_source() {
    let sources = files("sources");
    for (id, study) in studies() {
        assert!(!study.cites.is_empty(), "{id} cites nothing");
        let read = study.reading.iter().map(|reading| &reading.source);
        for key in study.cites.iter().chain(read) {
            let known = study.source.contains_key(key)
                || sources
                    .get(key.as_str())
                    .is_some_and(|text| toml::from_str::<Source>(text).is_ok());
            assert!(known, "{id}: no sound source `{key}`");
        }
        for row in &study.statistic {
            let reading = study.reading(&row.reading).unwrap();
            assert!(
                reading.verification.is_shippable(),
                "{id}: {} rests on something nobody read",
                row.id
            );
        }
    }
}

#[test]
fn both_sides_of_a_contradiction_name_each_other() {
    let all = studies();
    let named: BTreeSet<(String, String)> = all
        .iter()
        .flat_map(|(id, study)| {
            study.statistic.iter().flat_map(move |row| {
                let here = format!("{id}/{}", row.id);
                row.conflicts_with.iter().map(move |other| {
                    let there = format!("{}/{}", other.study, other.statistic);
                    (here.clone(), there)
                })
            })
        })
        .collect();
    assert!(!named.is_empty());
    for (one, other) in &named {
        assert!(
            named.contains(&(other.clone(), one.clone())),
            "`{one}` names `{other}`, which is missing or does not name it back"
        );
    }
}

#[test]
fn enough_numbers_are_fitted_and_the_held_out_ones_stay_out() {
    let all = studies();
    let parent_and_metabolite = |role| {
        all.values()
            .flat_map(|study| study.of_role(role))
            .filter(|row| {
                matches!(row.analyte.as_str(), "mitragynine" | "7-hydroxymitragynine")
                    && row.kind.is_central()
            })
            .count()
    };
    assert!(parent_and_metabolite(Role::Calibrate) >= 30);
    assert!(parent_and_metabolite(Role::Validate) >= 2);

    let held_out = study("trakulsrichai-2015");
    assert_eq!(held_out.of_role(Role::Calibrate).count(), 0);
    for parameter in [PkParameter::THalf, PkParameter::Tmax] {
        assert!(
            held_out
                .of_role(Role::Validate)
                .any(|row| row.parameter == parameter && row.kind == StatisticKind::Mean)
        );
    }
    // The printed clearance cannot be right; it is shown and never computed with.
    let mut clearances = held_out
        .statistic
        .iter()
        .filter(|row| row.parameter == PkParameter::ClF)
        .peekable();
    assert!(clearances.peek().is_some());
    assert!(clearances.all(|row| row.role == Role::Context));
    for study in all.values().filter(|study| study.species != Species::Human) {
        assert_eq!(study.of_role(Role::Context).count(), study.statistic.len());
    }
}

#[test]
fn a_trial_can_be_simulated_for_every_fitted_or_held_out_number() {
    for (id, study) in studies() {
        for role in [Role::Calibrate, Role::Validate] {
            for row in study.of_role(role) {
                let at = format!("{id}/{}", row.id);
                assert!(study.n_for(row).is_some(), "{at}: how many took part?");
                let occasion = study.occasion(row.occasion.as_ref().unwrap()).unwrap();
                assert!(occasion.sampling_h.len() >= 8, "{at}: no sampling");
                let mut arms = study
                    .arm
                    .iter()
                    .filter(|arm| row.arm.as_ref().is_none_or(|id| arm.id == *id));
                assert!(
                    arms.all(|arm| arm.dose.contains_key("mitragynine")
                        && (arm.n.is_some() || arm.n_assumed.is_some())),
                    "{at}: an arm without dose or size"
                );
            }
        }
    }
}

#[test]
fn peak_times_lie_on_the_sampling_grid() {
    // A median of an odd number, a smallest and a largest tmax are sampling times themselves.
    let study = study("tanna-2022");
    for row in study
        .statistic
        .iter()
        .filter(|row| row.parameter == PkParameter::Tmax)
    {
        let occasion = study.occasion(row.occasion.as_ref().unwrap()).unwrap();
        assert!(occasion.sampling_h.contains(&row.value), "{}", row.id);
    }
}

#[test]
fn own_assumptions_are_told_apart_from_what_was_published() {
    let extract = study("huestis-2026-extract");
    for arm in &extract.arm {
        assert_eq!((arm.n, arm.n_assumed.is_some()), (None, true));
    }
    let leaf = study("huestis-2024-leaf");
    assert!(
        leaf.window
            .iter()
            .all(|window| window.origin == Origin::Assumed)
    );
}

#[test]
fn studies_survive_the_binary_snapshot_and_have_a_schema() {
    for (id, study) in studies() {
        let bytes = postcard::to_stdvec(&study).unwrap();
        let back: Study = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(back, study, "{id}");
    }
    let schema = serde_json::to_string(&schemars::schema_for!(Study)).unwrap();
    assert!(schema.contains("conflicts_with"));
}

#[test]
fn a_dose_without_its_form_is_refused() {
    let found = problems_after("huestis-2026-extract", r#"form = "extract", "#, "");
    assert!(
        matches!(found[..], [StudyProblem::Dose { .. }, ..]),
        "{found:?}"
    );
}

#[test]
fn a_window_outside_the_sampling_is_refused() {
    let found = problems_after("trakulsrichai-2015", "to_h = 24.0", "to_h = 48.0");
    assert!(
        matches!(found[..], [StudyProblem::Window { .. }]),
        "{found:?}"
    );
}

#[test]
fn a_statistic_of_the_wrong_unit_or_kind_is_refused() {
    let wrong_unit = problems_after("tanna-2022", r#"unit = "nM*h""#, r#"unit = "nM""#);
    assert!(matches!(wrong_unit[..], [StudyProblem::Unit { .. }]));
    let end_without_level = problems_after("tanna-2022", r#"kind = "min""#, r#"kind = "ci_low""#);
    assert!(matches!(
        end_without_level[..],
        [StudyProblem::Value { .. }]
    ));
    let text = files("studies").remove("tanna-2022").unwrap();
    let unknown = text.replacen(r#"kind = "median""#, r#"kind = "average""#, 1);
    assert!(toml::from_str::<Study>(&unknown).is_err());
    let misspelt = text.replacen("conflicts_with", "conflict_with", 1);
    assert!(toml::from_str::<Study>(&misspelt).is_err());
}

#[test]
fn casework_animals_bounds_and_probes_cannot_be_fitted() {
    let context = r#"role = "context""#;
    let fitted = r#"role = "calibrate""#;
    for id in [
        "kedzierski-2023-drivers",
        "maxwell-2020-dog",
        "osawa-2025-post-mortem",
    ] {
        let found = problems_after(id, context, fitted);
        assert!(
            matches!(found[..], [StudyProblem::Role { .. }]),
            "{id}: {found:?}"
        );
    }
    let probe = problems_after("tanna-2023-interaction", r#"role = "anchor""#, fitted);
    assert!(
        matches!(probe[..], [StudyProblem::Role { .. }]),
        "{probe:?}"
    );
    let bound = problems_after(
        "huestis-2024-leaf",
        r#"bound = "at_most", reading = "abstract", role = "context""#,
        r#"bound = "at_most", reading = "abstract", role = "validate""#,
    );
    assert!(
        matches!(bound[..], [StudyProblem::Role { .. }]),
        "{bound:?}"
    );
}

#[test]
fn numbers_nobody_read_and_own_arithmetic_cannot_be_fitted() {
    for word in ["unverified", "derived", "not-found"] {
        let found = problems_after(
            "huestis-2024-leaf",
            r#"verification = "abstract""#,
            &format!(r#"verification = "{word}""#),
        );
        assert!(
            found
                .iter()
                .all(|problem| matches!(problem, StudyProblem::Role { .. }))
                && found.len() >= 16,
            "{word}: {found:?}"
        );
    }
}

#[test]
fn names_that_point_nowhere_are_refused() {
    for (from, to) in [
        (r#"arm = "tea-2g""#, r#"arm = "tea-3g""#),
        (r#"reading = "review-t3""#, r#"reading = "review-t4""#),
        (r#"id = "mg-cmax-min""#, r#"id = "mg-cmax-max""#),
    ] {
        assert!(!problems_after("tanna-2022", from, to).is_empty(), "{from}");
    }
}

#[test]
fn the_chapter_quotes_the_data() {
    let chapter = std::fs::read_to_string(data().join("../docs/studies.md")).unwrap();
    for (id, statistics) in [
        (
            "trakulsrichai-2015",
            &["mg-t-half-mean", "mg-t-half-sd", "mg-vd-f-mean"][..],
        ),
        (
            "tanna-2022",
            &["mg-cmax-median", "mg-t-half-median", "7oh-t-half-median"],
        ),
        (
            "huestis-2024-leaf",
            &["mg-t-half-dose1-highest", "mg-t-half-dose15-highest"],
        ),
        (
            "tanna-2023-interaction",
            &["mdz-auc-ratio", "mdz-auc-ci-low", "dxm-auc-ratio"],
        ),
    ] {
        let study = study(id);
        for name in statistics {
            let row = study
                .statistic
                .iter()
                .find(|row| row.id.as_str() == *name)
                .unwrap();
            let printed = row.value.to_string();
            assert!(chapter.contains(&printed), "{id}/{name}: {printed}");
        }
    }
}
