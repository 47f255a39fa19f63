//! The level model against studies: held-out numbers stay out of a fit, a stored fit goes on with the same
//! bits, mistakes are refused, the provisional model is solved as it was fitted.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use std::collections::BTreeMap;
use std::path::Path;

use ketum::model::ModelError;
use ketum::model::calibrate::{Effort, Run};
use ketum::model::design::{Choices, MolarMasses, for_fitting};
use ketum::model::objective::{Fineness, Objective};
use ketum::model::template::Template;
use ketum::model::validate::{Settings, compare, molar_masses};
use ketum_core::event::Event;
use ketum_core::id::StudyId;
use ketum_core::level_model::{CalibrationRecord, LevelModel};
use ketum_core::study::{Role, StatisticKind, Study};
use ketum_data::catalogue::Catalogue;
use ketum_sim::{Model, Population, Sources};

fn facts() -> (BTreeMap<StudyId, Study>, MolarMasses) {
    let catalogue = Catalogue::embedded().unwrap();
    let masses = molar_masses(&catalogue);
    (catalogue.studies, masses)
}

const COARSE: Fineness = Fineness {
    pool: 64,
    trials: 80,
    keep_correlations: 0.5,
};

fn objective(studies: &BTreeMap<StudyId, Study>, masses: &MolarMasses) -> Objective {
    Objective::new(
        Template::kratom().unwrap(),
        studies.iter(),
        masses,
        Choices::default(),
        COARSE,
        1,
    )
    .unwrap()
}

/// The objective at some points near the priors' centre, as bits.
fn bits(objective: &Objective) -> Vec<u64> {
    let dimension = objective.template().dimension();
    (0..4)
        .map(|k| {
            let point: Vec<f64> = (0..dimension)
                .map(|i| 0.1 * ((i * 7 + k * 3) % 5) as f64)
                .collect();
            objective.log_posterior(&point).to_bits()
        })
        .collect()
}

fn change(studies: &mut BTreeMap<StudyId, Study>, role: Role) -> usize {
    let rows = studies
        .values_mut()
        .flat_map(|study| &mut study.statistic)
        .filter(|row| row.role == role);
    rows.map(|row| row.value *= 3.0).count()
}

#[test]
fn held_out_numbers_never_reach_the_objective() {
    let (mut studies, masses) = facts();
    let before = objective(&studies, &masses);
    let bits_before = bits(&before);
    assert!(
        bits_before
            .iter()
            .all(|bits| f64::from_bits(*bits).is_finite())
    );
    assert!(change(&mut studies, Role::Validate) >= 4);
    assert!(change(&mut studies, Role::Context) >= 4);
    let after = objective(&studies, &masses);
    assert_eq!(bits(&after), bits_before);
    assert_eq!(after.fingerprint(), before.fingerprint());
    // Taking the held-out rows away changes nothing either.
    for study in studies.values_mut() {
        study.statistic.retain(|row| row.role == Role::Calibrate);
    }
    assert_eq!(bits(&objective(&studies, &masses)), bits_before);
    // The same change to fitted numbers does change it, so the comparison can fail.
    assert!(change(&mut studies, Role::Calibrate) >= 30);
    let moved = objective(&studies, &masses);
    assert_ne!(bits(&moved), bits_before);
    assert_ne!(moved.fingerprint(), before.fingerprint());
}

#[test]
fn at_least_thirty_numbers_are_fitted_and_trakulsrichai_is_not_among_them() {
    let (studies, masses) = facts();
    let objective = objective(&studies, &masses);
    let rows = objective.rows();
    assert!(rows.values().sum::<usize>() >= 30, "{rows:?}");
    assert!(
        !rows
            .keys()
            .any(|id| id.as_str().starts_with("trakulsrichai"))
    );
}

#[test]
fn a_held_out_study_cannot_be_named_for_fitting() {
    let (studies, _) = facts();
    let error = for_fitting(&studies, "trakulsrichai-2015").unwrap_err();
    assert!(matches!(error, ModelError::NotForFitting { .. }), "{error}");
    let error = for_fitting(&studies, "nobody-2020").unwrap_err();
    assert_eq!(error, ModelError::NoSuchStudy("nobody-2020".to_owned()));
    assert!(for_fitting(&studies, "tanna-2022").is_ok());
}

/// Every mistake ends in an error that names the study, never in a quiet fit.
#[test]
fn mistakes_in_a_study_are_refused() {
    #[allow(clippy::type_complexity)] // a table of mistakes
    let mistakes: [(&str, fn(&mut Study)); 5] = [
        ("confidence interval", |study| {
            study.statistic[0].kind = StatisticKind::CiLow;
            study.statistic[0].level = Some(0.9);
        }),
        ("form", |study| {
            study.product.as_mut().unwrap().form = None;
        }),
        ("last sample", |study| {
            study.window[0].to_h = 4000.0;
        }),
        ("not a unit", |study| {
            study.statistic[0].unit = "mg/kg".to_owned();
        }),
        ("number of people", |study| {
            study.arm[0].n = None;
        }),
    ];
    for (says, mistake) in mistakes {
        let (mut studies, masses) = facts();
        mistake(studies.get_mut("tanna-2022").unwrap());
        let error = Objective::new(
            Template::kratom().unwrap(),
            studies.iter(),
            &masses,
            Choices::default(),
            COARSE,
            1,
        )
        .unwrap_err()
        .to_string();
        assert!(
            error.contains("tanna-2022") && error.contains(says),
            "{says}: {error}"
        );
    }
}

const SHORT: Effort = Effort {
    generations: 4,
    warm_up_rounds: 2,
    round_steps: 5,
    kept_rounds: 3,
    chains: 4,
};

#[test]
fn an_interrupted_calibration_goes_on_with_the_same_bits() {
    let (studies, masses) = facts();
    let objective = objective(&studies, &masses);
    let mut straight = Run::new(objective.clone(), SHORT, 9);
    let mut stored = vec![straight.store()];
    while !straight.is_done() {
        straight.advance();
        stored.push(straight.store());
    }
    let end = straight.store();
    for text in &stored {
        let mut again = Run::resume(text, Run::new(objective.clone(), SHORT, 9)).unwrap();
        while !again.is_done() {
            again.advance();
        }
        assert!(again.store() == end, "another end after a stop");
    }
    let done = straight.outcome(CalibrationRecord::default()).unwrap();
    assert_eq!(done.outcome.draws, 4 * 15);
    // The model file reads back and keeps its numbers.
    let text = toml::to_string(&done.file).unwrap();
    assert_eq!(toml::from_str::<LevelModel>(&text).unwrap(), done.file);
}

#[test]
fn a_damaged_or_foreign_state_is_refused() {
    let (studies, masses) = facts();
    let objective = objective(&studies, &masses);
    let mut run = Run::new(objective.clone(), SHORT, 9);
    for _ in 0..7 {
        run.advance();
    }
    let text = run.store();
    let resume =
        |text: &str, seed| Run::resume(text, Run::new(objective.clone(), SHORT, seed)).map(|_| ());
    assert_eq!(resume(&text, 9), Ok(()));
    let refused = |result: Result<(), ModelError>, says: &str| {
        let error = result.unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    refused(resume(&text, 10), "another seed");
    refused(resume(&text[..text.len() / 2], 9), "damaged");
    refused(resume("", 9), "damaged");
    let flipped = text
        .replacen("mean 3", "mean b", 1)
        .replacen("mean b", "mean 4", 1);
    if flipped != text {
        refused(resume(&flipped, 9), "checksum");
    }
    let cut = text
        .lines()
        .filter(|line| !line.starts_with("best"))
        .collect::<Vec<_>>()
        .join("\n");
    refused(resume(&cut, 9), "checksum");
}

/// The provisional model file reproduces the profile its authors of record computed, to 1e-3.
#[test]
fn the_provisional_model_keeps_its_reference_profile() {
    let catalogue = Catalogue::embedded().unwrap();
    let file = &catalogue.models["kratom-provisional-2026"];
    // The profile is that of a person of the reference weight.
    let mut description = file.model.clone();
    description.covariate_effect.clear();
    let model = Model::compile(&description).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../validation/reference/kratom-joint/expected.csv");
    let mut compared = 0;
    for line in std::fs::read_to_string(path).unwrap().lines().skip(1) {
        let row: Vec<f64> = line
            .split(',')
            .map(|field| field.parse().unwrap())
            .collect();
        let doses = row[0] as u32;
        let events = [Event::bolus(0.0, "gut", 59.2).repeated(doses - 1, 24.0)];
        let times_h = [24.0 * f64::from(doses - 1) + row[1]];
        let result = Population {
            model: &model,
            events: &events,
            times_h: &times_h,
            subjects: 0,
            seed: 1,
            sources: Sources::NONE,
            threads: 1,
        }
        .run()
        .unwrap();
        for (output, expected) in result.outputs.iter().zip(&row[2..]) {
            let got = output.typical[0];
            assert!((got / expected - 1.0).abs() < 1e-3, "{line}: {got}");
            compared += 1;
        }
    }
    assert_eq!(compared, 76);
}

#[test]
fn a_comparison_does_not_depend_on_threads() {
    let catalogue = Catalogue::embedded().unwrap();
    let (_, file) = ketum::body::current_model(&catalogue).unwrap();
    let masses = molar_masses(&catalogue);
    let settings = Settings {
        trials: 60,
        ..Settings::default()
    };
    let run = |threads| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
            .install(|| compare(file, &catalogue.studies, &masses, settings))
            .unwrap()
    };
    let one = run(1);
    assert_eq!(one, run(3));
    assert_eq!((one.calibration.n, one.validation.n), (59, 6));
    assert!(
        one.rows
            .iter()
            .all(|row| row.low <= row.predicted && row.predicted <= row.high)
    );
}

/// Numbers printed by a made-up world are found again: the search, started from the priors, ends where
/// every number is met.
#[test]
fn a_world_that_is_known_is_found_again() {
    let (mut studies, masses) = facts();
    let before = objective(&studies, &masses);
    let truth: Vec<f64> = before.logs(&[
        0.3, -0.4, 0.5, -0.4, 0.2, 0.3, -0.3, 0.4, -0.5, 0.2, -0.6, 0.2, -0.3, 0.1, 0.2, 0.1, -0.4,
        0.3, -1.0,
    ]);
    for (study, id, fold) in before.folds(&truth).unwrap() {
        let study = studies.get_mut(&study).unwrap();
        let row = study.statistic.iter_mut().find(|row| row.id == id).unwrap();
        row.value *= fold;
    }
    let known = objective(&studies, &masses);
    let effort = Effort {
        generations: 220,
        ..SHORT
    };
    let mut run = Run::new(known, effort, 5);
    while !run.searched() {
        run.advance();
    }
    let (found, value) = run.best();
    let at_truth = run.objective().evaluate(&truth).unwrap().total();
    assert!(
        value >= at_truth - 0.5,
        "{value} found, {at_truth} at the truth"
    );
    let folds = run.objective().folds(&found).unwrap();
    let mean = folds
        .iter()
        .map(|(_, _, fold)| ketum::model::log(*fold).abs())
        .sum::<f64>()
        / folds.len() as f64;
    assert!(
        ketum::model::exp(mean) < 1.12,
        "{}",
        ketum::model::exp(mean)
    );
    // Clearance is what the numbers tell best.
    assert!(
        (found[3] - truth[3]).abs() < 0.15,
        "{} against {}",
        found[3],
        truth[3]
    );
}

/// The comparison the model report was written from is what the model in use gives today, to the last
/// digit: another model, another study file or another engine shows here.
#[test]
fn the_stored_comparison_is_what_the_model_gives_today() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/kratom-model/validation.json");
    let stored: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let catalogue = Catalogue::embedded().unwrap();
    let (id, file) = ketum::body::current_model(&catalogue).unwrap();
    assert_eq!(stored["model"], id.as_str());
    let masses = molar_masses(&catalogue);
    let fresh = compare(file, &catalogue.studies, &masses, Settings::default()).unwrap();
    // Through text as well, so that both were read by the same reader of numbers.
    let fresh = serde_json::to_string(&fresh).unwrap();
    let fresh: serde_json::Value = serde_json::from_str(&fresh).unwrap();
    for part in ["calibration", "validation", "rows", "context"] {
        assert_eq!(stored[part], fresh[part], "{part}");
    }
}
