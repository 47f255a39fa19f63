//! NONMEM's dosing semantics: 29 scenarios, each solved by closed form, by the explicit pair and by
//! the Rosenbrock method, against expectations derived in 50-digit arithmetic
//! (`validation/reference/nonmem/derive.py`, which shares no code with the engine).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // a test fails by panicking

mod common;

use common::{model, reference, subject_of, table};
use ketum_sim::solve::{Method, Options, Tolerance, simulate};

fn scenario(number: usize, name: &str) {
    let model = model("nonmem/model.toml");
    let subject = subject_of(
        &reference(&format!("nonmem/{number:02}_{name}.csv")),
        &["depot", "central"],
    );
    let expected: Vec<f64> = table("nonmem/expected.csv")
        .into_iter()
        .filter(|row| row[0] == number as f64)
        .map(|row| row[2])
        .collect();
    assert_eq!(expected.len(), subject.events.len());
    let tolerance = Tolerance {
        relative: 1e-10,
        absolute: 1e-12,
        ..Tolerance::default()
    };
    for (method, limit) in [
        (Method::ClosedForm, 1e-12),
        (Method::Explicit, 1e-7),
        (Method::Rosenbrock, 1e-7),
    ] {
        let options = Options { method, tolerance };
        let prediction = simulate(&model, &subject, &[], &options).unwrap();
        for (record, (row, expected)) in prediction.rows.iter().zip(&expected).enumerate() {
            let difference = (row[0] - expected).abs();
            assert!(
                difference <= limit * expected.abs() + 1e-9,
                "{method:?}, record {} at {} h: {} against {expected}",
                record + 1,
                subject.events[record].time_h,
                row[0]
            );
        }
    }
}

macro_rules! scenarios {
    ($($test:ident $number:literal $name:literal;)*) => {
        const SCENARIOS: &[(usize, &str)] = &[$(($number, $name)),*];
        $(
        #[test]
        fn $test() {
            scenario($number, $name);
        }
        )*
    };
}

scenarios! {
    nonmem_01_bolus_additional 1 "bolus_additional";
    nonmem_02_bolus_lag_bioavailability 2 "bolus_lag_bioavailability";
    nonmem_03_infusion_additional 3 "infusion_additional";
    nonmem_04_infusion_bioavailability 4 "infusion_bioavailability";
    nonmem_05_infusion_modelled_duration_bioavailability 5 "infusion_modelled_duration_bioavailability";
    nonmem_06_infusion_depot_additional 6 "infusion_depot_additional";
    nonmem_07_infusion_additional_lag 7 "infusion_additional_lag";
    nonmem_08_infusion_lag_bioavailability 8 "infusion_lag_bioavailability";
    nonmem_09_infusion_steady_lag_bioavailability 9 "infusion_steady_lag_bioavailability";
    nonmem_10_infusion_steady_bioavailability 10 "infusion_steady_bioavailability";
    nonmem_11_infusion_steady_lag 11 "infusion_steady_lag";
    nonmem_12_infusion_steady_longer_than_interval 12 "infusion_steady_longer_than_interval";
    nonmem_13_infusion_steady_duration_equals_interval_bioavailability 13 "infusion_steady_duration_equals_interval_bioavailability";
    nonmem_14_infusion_steady_duration_equals_interval 14 "infusion_steady_duration_equals_interval";
    nonmem_15_bolus_steady_lag_bioavailability 15 "bolus_steady_lag_bioavailability";
    nonmem_16_bolus_additional_lag_bioavailability 16 "bolus_additional_lag_bioavailability";
    nonmem_17_bolus_then_infusion 17 "bolus_then_infusion";
    nonmem_18_infusion_modelled_duration_lag_bioavailability 18 "infusion_modelled_duration_lag_bioavailability";
    nonmem_19_infusion_modelled_duration_steady 19 "infusion_modelled_duration_steady";
    nonmem_20_reset_and_dose_additional 20 "reset_and_dose_additional";
    nonmem_21_reset_and_dose_steady 21 "reset_and_dose_steady";
    nonmem_22_reset_and_dose_steady_additional 22 "reset_and_dose_steady_additional";
    nonmem_23_reset_and_dose_steady_lag 23 "reset_and_dose_steady_lag";
    nonmem_24_reset_and_dose_steady_additional_lag 24 "reset_and_dose_steady_additional_lag";
    nonmem_25_reset_and_dose_steady_lag_multiple 25 "reset_and_dose_steady_lag_multiple";
    nonmem_26_reset_additional 26 "reset_additional";
    nonmem_27_reset_additional_lag 27 "reset_additional_lag";
    nonmem_28_steady_one_then_two 28 "steady_one_then_two";
    nonmem_29_steady_constant_infusion 29 "steady_constant_infusion";
}

/// Every event file of the folder is a scenario with a test of its own.
#[test]
fn all_29_dosing_scenarios_are_tested() {
    let root = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../validation/reference/nonmem"
    );
    let mut files: Vec<String> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    files.sort();
    let tested: Vec<String> = SCENARIOS
        .iter()
        .map(|(number, name)| format!("{number:02}_{name}.csv"))
        .collect();
    assert_eq!(files, tested);
    assert_eq!(tested.len(), 29);
}
