//! What a measured level says: checked against a long-run sampler, and against measurements whose history
//! is known; what cannot be compared is refused.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use ketum::model::design::MolarMasses;
use ketum::model::history::compatible;
use ketum::model::level::{History, Measurement, TakenDose, update};
use ketum::model::validate::molar_masses;
use ketum_core::event::Event;
use ketum_core::form::Form;
use ketum_core::level_model::LevelModel;
use ketum_core::model::{Source, Spread, SpreadSize};
use ketum_core::study::Matrix;
use ketum_data::catalogue::Catalogue;
use ketum_sim::Model;
use ketum_sim::estimation::metropolis::Chains;
use ketum_sim::estimation::symmetric::identity;
use ketum_sim::math::{exp, ln};
use ketum_sim::population::{quantile, solve_linear};

fn model() -> (LevelModel, MolarMasses) {
    let catalogue = Catalogue::embedded().unwrap();
    let masses = molar_masses(&catalogue);
    let (_, file) = ketum::body::current_model(&catalogue).unwrap();
    (file.clone(), masses)
}

fn measured(analyte: &str, value: f64, time_h: f64) -> Measurement {
    Measurement {
        analyte: analyte.to_owned(),
        time_h,
        value,
        unit: "ng/mL".to_owned(),
        matrix: Matrix::Plasma,
        assay_sd: 0.15,
    }
}

fn three_doses() -> History {
    History {
        form: Form::Extract,
        doses: [0.0, 8.0, 24.0]
            .map(|time_h| TakenDose {
                time_h,
                mg: 30.0,
                sigma_ln: 0.0,
            })
            .to_vec(),
        product_sigma_ln: 0.0,
        weight_kg: None,
    }
}

/// Three parameters vary; a chain of 80,000 steps is the reference.
#[test]
fn importance_sampling_agrees_with_a_long_run_sampler() {
    let (mut file, masses) = model();
    let names = ["cl", "v1", "frel"];
    let sds = [0.4, 0.35, 0.3];
    file.model.spread = vec![Spread {
        source: Source::BetweenSubject,
        parameters: names.map(str::to_owned).to_vec(),
        size: SpreadSize::Sd(sds.to_vec()),
    }];
    let sample = measured("mitragynine", 60.0, 27.0);
    let history = three_doses();
    let now = [30.0, 48.0];
    let updated = update(&file, &history, &[sample], &now, &masses, 20_000, 4).unwrap();
    assert!(
        updated.effective_draws > 1000.0,
        "{}",
        updated.effective_draws
    );
    assert!(!updated.strained);

    let compiled = Model::compile(&file.model).unwrap();
    let positions = names.map(|name| compiled.parameter(name).unwrap());
    let events: Vec<Event> = history
        .doses
        .iter()
        .map(|dose| Event::bolus(dose.time_h, "gut", dose.mg))
        .collect();
    let curve = |point: &[f64]| {
        let mut parameters = compiled.typical();
        for (at, (position, sd)) in positions.iter().zip(sds).enumerate() {
            parameters[*position] *= exp(sd * point[at]);
        }
        let solved = solve_linear(&compiled, &events, &[27.0, 30.0, 48.0], &[parameters]).unwrap();
        [0, 1, 2].map(|time| solved.value(0, time, 0))
    };
    let log_posterior = |point: &[f64]| {
        let z = (ln(60.0) - ln(curve(point)[0])) / 0.15;
        -0.5 * (point.iter().map(|x| x * x).sum::<f64>() + z * z)
    };
    let mut chains = Chains::new(vec![vec![0.0; 3], vec![0.5; 3]], identity(3));
    for _ in 0..8 {
        chains.forget();
        chains.advance(250, 5, &log_posterior);
        chains.adapt();
    }
    chains.forget();
    chains.advance(5_000, 5, &log_posterior);
    for (at, time) in [1, 2].into_iter().enumerate() {
        let mut levels: Vec<f64> = chains
            .kept
            .iter()
            .flatten()
            .map(|point| curve(point)[time])
            .collect();
        levels.sort_unstable_by(f64::total_cmp);
        let band = &updated.after[0];
        for (p, got) in [
            (0.05, band.low[at]),
            (0.5, band.median[at]),
            (0.95, band.high[at]),
        ] {
            let wanted = quantile(&levels, p);
            assert!(
                (got / wanted - 1.0).abs() < 0.06,
                "{p} at {time}: {got} against {wanted}"
            );
        }
        // The measurement tells something: the band is narrower than before.
        let before = &updated.before[0];
        assert!(band.high[at] / band.low[at] < before.high[at] / before.low[at]);
    }
}

#[test]
fn a_high_level_raises_and_a_low_one_lowers() {
    let (file, masses) = model();
    let at = |value| {
        let sample = measured("mitragynine", value, 26.0);
        update(&file, &three_doses(), &[sample], &[32.0], &masses, 4000, 2)
            .unwrap()
            .after[0]
            .median[0]
    };
    assert!(at(200.0) > at(100.0) && at(100.0) > at(40.0));
}

#[test]
fn an_impossible_measurement_is_marked_as_strained() {
    let (file, masses) = model();
    let sample = measured("mitragynine", 90_000.0, 26.0);
    let updated = update(&file, &three_doses(), &[sample], &[32.0], &masses, 2000, 2).unwrap();
    assert!(updated.strained, "{}", updated.effective_draws);
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let (file, masses) = model();
    let refused = |change: fn(&mut Measurement), says: &str| {
        let mut sample = measured("mitragynine", 50.0, 26.0);
        change(&mut sample);
        let error = update(&file, &three_doses(), &[sample], &[30.0], &masses, 100, 1)
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
    };
    refused(|m| m.unit = "mg".to_owned(), "amount in a volume");
    refused(|m| m.unit = "furlong".to_owned(), "no unit");
    refused(|m| m.matrix = Matrix::PostMortemBlood, "after death");
    refused(|m| m.matrix = Matrix::None, "not said");
    refused(|m| m.value = 0.0, "above 0");
    refused(|m| m.value = f64::NAN, "above 0");
    refused(|m| m.analyte = "caffeine".to_owned(), "does not predict");
    refused(|m| m.assay_sd = 0.0, "scatter");
    // Molar units are converted, not refused.
    let mut molar = measured("mitragynine", 150.0, 26.0);
    molar.unit = "nM".to_owned();
    assert!(update(&file, &three_doses(), &[molar], &[30.0], &masses, 500, 1).is_ok());
}

const KINDS: [Form; 4] = [
    Form::LeafPowder,
    Form::LeafTea,
    Form::Extract,
    Form::SevenOhTablet,
];

/// A typical person two hours after one extract of 59.2 mg: the true dose and time lie inside the ranges.
#[test]
fn a_known_history_is_among_the_compatible_ones() {
    let (file, masses) = model();
    let compiled = Model::compile(&file.model).unwrap();
    let events = [Event::bolus(0.0, "gut", 59.2)];
    let solved = solve_linear(&compiled, &events, &[2.0], &[compiled.typical()]).unwrap();
    let samples = [
        measured("mitragynine", solved.value(0, 0, 0), 2.0),
        measured("7-hydroxymitragynine", solved.value(0, 0, 1), 2.0),
    ];
    let answer = compatible(&file, &KINDS, &samples, &masses, 3000, 6).unwrap();
    let extract = answer
        .kinds
        .iter()
        .find(|kind| kind.form == "extract")
        .unwrap();
    assert!(extract.compatible);
    assert!(
        extract.dose_mg.low < 59.2 && 59.2 < extract.dose_mg.high,
        "{extract:?}"
    );
    assert!(
        extract.since_last_h.low < 2.0 && 2.0 < extract.since_last_h.high,
        "{extract:?}"
    );
    assert!(
        answer
            .limits
            .iter()
            .any(|limit| limit.contains("no cause of death"))
    );
}

/// Far more metabolite than parent does not come from leaf.
#[test]
fn a_metabolite_without_its_parent_points_away_from_leaf() {
    let (file, masses) = model();
    let samples = [
        measured("mitragynine", 2.0, 0.0),
        measured("7-hydroxymitragynine", 60.0, 0.0),
    ];
    let answer = compatible(&file, &KINDS, &samples, &masses, 3000, 6).unwrap();
    for kind in &answer.kinds {
        let tablet = kind.form == "seven_oh_tablet";
        assert_eq!(kind.compatible, tablet, "{kind:?}");
    }
}

/// After death a low share of the metabolite fits life-time shares of any kind, and says so.
#[test]
fn after_death_the_ranges_are_wider_and_the_limits_longer() {
    let (file, masses) = model();
    let samples = |matrix| {
        [("mitragynine", 300.0), ("7-hydroxymitragynine", 10.0)].map(|(analyte, value)| {
            Measurement {
                matrix,
                ..measured(analyte, value, 0.0)
            }
        })
    };
    let answer = |matrix| {
        compatible(
            &file,
            &[Form::LeafPowder],
            &samples(matrix),
            &masses,
            3000,
            6,
        )
        .unwrap()
    };
    let (life, death) = (answer(Matrix::Blood), answer(Matrix::PostMortemBlood));
    assert!(death.kinds[0].effective_draws > life.kinds[0].effective_draws);
    assert!(death.limits.len() > life.limits.len());
    assert!(compatible(&file, &KINDS, &[], &masses, 100, 1).is_err());
}
