//! What a measured level says: checked against a long-run sampler, and against measurements whose history
//! is known; what cannot be compared is refused.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used)]

use ketum::model::design::MolarMasses;
use ketum::model::history::compatible;
use ketum::model::level::{History, Measurement, Scatter, TakenDose, update};
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
        scatter: Scatter::assumed(&Catalogue::embedded().unwrap()),
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
        rest_share: 0.0,
        missed_share: 0.0,
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
    refused(|m| m.scatter.assay = 0.0, "scatter");
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

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: std::sync::OnceLock<Catalogue> = std::sync::OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::embedded().unwrap())
}

fn exposure(case: &str) -> ketum::body::Exposure {
    let case = toml::from_str(case).unwrap();
    let product = ketum::product::dose(&case, catalogue());
    let schedule = ketum::schedule::lay_out(&case);
    let run = ketum::body::Run {
        people: 400,
        ..ketum::body::Run::default()
    };
    ketum::body::levels(&case, &product, &schedule, catalogue(), run).unwrap()
}

const TEA: &str = "[product]\nform = \"leaf_tea\"\n[regimen]\namount = 2\nunit = \"g\"\ndoses_per_day = 1\ndays = 1\n";

/// A tea like the one studied: speciociliatine's exposure is many times mitragynine's, each alkaloid's
/// highest level lies where the five people's did, and the claim behind it is cited.
#[test]
fn the_other_alkaloids_of_tea_circulate_as_they_did_in_the_study() {
    let exposure = exposure(TEA);
    let others = &exposure.other_alkaloids;
    assert_eq!(others.alkaloids.len(), 5);
    assert!(!others.warnings.is_empty() && others.not_simulated.is_none());
    let of = |name: &str| {
        others
            .alkaloids
            .iter()
            .find(|one| one.analyte.as_str() == name)
            .unwrap()
    };
    let times = of("speciociliatine").area_over_mitragynine;
    assert!((4.0..25.0).contains(&times), "{times}");
    assert!(of("speciogynine").area_over_mitragynine < 3.0);
    // Smallest and largest of five people (nM) as ng/mL per mg of the studied dose.
    for (name, mass, low, high, dose) in [
        ("speciogynine", 398.5, 34.2, 121.0, 6.4),
        ("paynantheine", 396.5, 56.4, 157.0, 12.0),
        ("speciociliatine", 398.5, 154.0, 380.0, 10.0),
        ("mitraciliatine", 398.5, 34.9, 98.6, 1.3),
        ("isopaynantheine", 396.5, 26.2, 68.2, 1.0),
    ] {
        let one = of(name);
        let per_mg = one.cmax.median / one.dose_mg;
        let (low, high) = (low * mass / 1e3 / dose, high * mass / 1e3 / dose);
        assert!(
            (low..=high).contains(&per_mg),
            "{name}: {low} {per_mg} {high}"
        );
    }
    let findings = ketum::body::findings::of(&exposure, catalogue());
    let finding = findings
        .iter()
        .find(|one| one.id == "other-alkaloids")
        .unwrap();
    assert!(finding.statement.contains("12 times"));
    assert_eq!(
        finding.claims[0].as_str(),
        "pharmacokinetics-speciociliatine"
    );
}

/// Their models know tea only; any other leaf says so, and a product of 7-OH says nothing of them.
#[test]
fn the_other_alkaloids_are_not_simulated_where_nobody_measured_them() {
    let powder = exposure(&TEA.replace("leaf_tea", "leaf_powder"));
    let others = &powder.other_alkaloids;
    assert!(others.alkaloids.is_empty());
    assert!(others.not_simulated.as_ref().unwrap().contains("tea only"));
    let tablet = exposure(
        "[product]\nform = \"seven_oh_tablet\"\n[regimen]\namount = 15\nunit = \"mg\"\nanalyte = \"7-OH\"\n",
    );
    assert_eq!(
        tablet.other_alkaloids,
        ketum::body::others::OtherAlkaloids::default()
    );
    let many = exposure(&TEA.replace("amount = 2", "amount = 40"));
    let outside = &many.other_alkaloids.alkaloids[0].extrapolation;
    assert!(outside[0].contains("studied"), "{outside:?}");
}

/// The shares add up to one, and product against the rest goes with the square of the content's spread.
#[test]
fn the_share_of_each_uncertainty_is_its_share_of_the_variance() {
    let extract = |uncertainty: f64| {
        exposure(&format!(
            "[product]\nform = \"extract\"\n[product.content.mitragynine]\nop = \"eq\"\nvalue = 400\nunit = \"mg/g\"\n\
             basis = \"certificate\"\nuncertainty = {uncertainty}\nk = 1\n[regimen]\namount = 0.1\nunit = \"g\"\n"
        ))
        .dominance
    };
    let (narrow, wide) = (extract(40.0), extract(120.0));
    for shares in [narrow, wide] {
        let sum = shares.people + shares.parameters + shares.product;
        assert!((sum - 1.0).abs() < 1e-12);
    }
    let rest =
        |shares: ketum::body::Dominance| shares.product / (shares.people + shares.parameters);
    // What the scale adds is the same in both, so a little less than nine times.
    let factor = rest(wide) / rest(narrow);
    assert!((5.0..=9.01).contains(&factor), "{factor}");
    assert!(
        narrow.people > narrow.product,
        "people differ more than a good certificate"
    );
    // Nobody knows how much of swallowed leaf is taken up: that is the model's share.
    let powder = exposure(&TEA.replace("leaf_tea", "leaf_powder")).dominance;
    let tea = exposure(TEA).dominance;
    assert!(
        powder.parameters > 2.0 * tea.parameters,
        "{powder:?} {tea:?}"
    );
    assert!(powder.parameters > powder.people);
}

/// A case's own measured levels: what can be compared is used and changes the band, the rest is named
/// with its reason and makes the answer incomplete.
#[test]
fn an_assessment_uses_the_measured_levels_of_the_case() {
    let text = format!(
        "{TEA}[[levels]]\nanalyte = \"mitragynine\"\nvalue = 45\nunit = \"ng/mL\"\nmatrix = \"plasma\"\nhours_after_dose = 3\n\
         [[levels]]\nanalyte = \"mitragynine\"\nvalue = 400\nunit = \"ng/mL\"\nmatrix = \"urine\"\nhours_after_dose = 3\n\
         [[levels]]\nanalyte = \"mitragynine\"\nvalue = 40\nunit = \"ng/mL\"\nmatrix = \"plasma\"\n\
         [[levels]]\nanalyte = \"speciociliatine\"\nvalue = 40\nunit = \"ng/mL\"\nmatrix = \"plasma\"\nhours_after_dose = 3\n"
    );
    let read = |text: &str| {
        let today = None;
        ketum::case::read(
            "x.toml",
            text.as_bytes(),
            ketum::case::Notation::Toml,
            catalogue(),
            today,
        )
        .unwrap()
    };
    let run = ketum::body::Run {
        people: 100,
        ..ketum::body::Run::default()
    };
    let with = ketum::assessment::assess(&read(&text), catalogue(), run);
    let present = with.exposure.as_ref().unwrap().measured.as_ref().unwrap();
    assert_eq!((present.used.len(), present.not_used.len()), (1, 3));
    for (not, says) in present.not_used.iter().zip(["urine", "hours", "predicts"]) {
        assert!(not.why.contains(says), "{not:?}");
    }
    let given: Vec<&str> = with
        .not_assessed
        .iter()
        .map(|one| one.given.as_str())
        .collect();
    assert!(!with.complete && given.len() == 3, "{given:?}");
    let finding = with
        .findings
        .iter()
        .find(|one| one.id == "measured-level")
        .unwrap();
    assert!(finding.statement.contains("24 h after the last dose"));
    assert!(!finding.claims.is_empty());
    let (before, after) = (&present.before[0], &present.after.as_ref().unwrap()[0]);
    let late = after.median.len() - 1;
    assert!(after.median[late] > before.median[late]);
    // Without levels nothing of it appears, and everything else stays as it was.
    let without = ketum::assessment::assess(&read(TEA), catalogue(), run);
    let exposure = without.exposure.as_ref().unwrap();
    assert!(exposure.measured.is_none() && without.complete);
    assert_eq!(
        exposure.mitragynine,
        with.exposure.as_ref().unwrap().mitragynine
    );
}
