//! Numbers: golden vectors of the equations through the engine, and predictions against every human number.

use std::fmt::Write as _;
use std::path::Path;

use ketum::interaction::{Named, Product, Ratio, check, screens, static_ratio};
use ketum_core::drug::Route;
use ketum_core::form::Form;

use super::{CATALOGUE, finding, of};

fn ratio(drug: &str, product: &Product) -> Option<Ratio> {
    let check = of(&["kratom", drug], product);
    let rule = if drug == "midazolam" {
        "midazolam"
    } else {
        "cyp3a-victim"
    };
    finding(&check, rule, drug).ratio
}

fn every(hours: f64) -> Product {
    Product {
        form: Some(Form::LeafTea),
        every_h: Some(hours),
        ..Product::default()
    }
}

#[test]
fn the_gut_model_gives_its_golden_vectors() {
    let once = Product {
        form: Some(Form::LeafTea),
        ..Product::default()
    };
    for (product, midazolam, simvastatin, triazolam) in [
        (once, 1.39, 2.28, 1.31),
        (every(24.0), 1.51, 3.08, 1.39),
        (every(12.0), 1.59, 3.86, 1.45),
        (every(8.0), 1.63, 4.39, 1.48),
        (every(6.0), 1.65, 4.78, 1.49),
    ] {
        for (drug, expected) in [
            ("midazolam", midazolam),
            ("simvastatin", simvastatin),
            ("triazolam", triazolam),
        ] {
            let ratio = ratio(drug, &product).unwrap();
            let value = ratio.value.unwrap();
            assert!(
                (value - expected).abs() < 0.011,
                "{drug} {:?}: {value}",
                product.every_h
            );
            assert!(
                ratio.low.unwrap() <= value && value <= ratio.high.unwrap(),
                "{drug}"
            );
            let measured = drug == "midazolam" && product.every_h.is_none();
            assert_eq!(ratio.measured, measured, "{drug}");
        }
    }
}

#[test]
fn the_screens_give_their_golden_vectors() {
    let value = |what: &str| {
        let all = screens(&CATALOGUE, 1.0);
        let one = all.iter().find(|one| one.what == what).unwrap();
        (one.value, one.flagged)
    };
    for (what, expected, within, flagged) in [
        ("CYP3A in the gut, reversible", 70.0, 2.0, true),
        ("CYP3A in the liver, reversible", 0.0006, 1e-4, false),
        ("CYP3A in the liver, time-dependent", 1.88, 0.02, true),
        ("UGT2B7, level at the liver's inlet", 0.047, 1e-3, true),
        ("UGT2B7, level in blood", 0.0008, 1e-4, false),
        ("P-glycoprotein in the gut", 22.0, 1.0, true),
        ("CYP2D6, level in blood", 0.0029, 1e-4, false),
    ] {
        let (found, flag) = value(what);
        assert!((found - expected).abs() <= within, "{what}: {found}");
        assert_eq!(flag, flagged, "{what}");
    }
}

#[test]
fn the_static_ratio_overstates_the_trial_at_least_fourfold() {
    let screen = static_ratio(&CATALOGUE, &CATALOGUE.drugs["midazolam"], 1.0).unwrap();
    assert!(screen > 4.0 * 1.39, "{screen}");
}

#[test]
fn what_is_not_swallowed_does_not_meet_the_gut() {
    let named = [
        Named::plain("kratom"),
        Named {
            name: "midazolam".into(),
            route: Some(Route::Intravenous),
            at_h: None,
        },
    ];
    let check = check(&CATALOGUE, &named, &Product::default());
    let one = finding(&check, "midazolam", "midazolam");
    assert_eq!(one.ratio.unwrap().value, Some(1.0));
    assert!(!one.ratio.unwrap().measured);
}

#[test]
fn outside_its_domain_the_model_gives_no_number() {
    let forms = [
        Form::Extract,
        Form::Shot,
        Form::SevenOhTablet,
        Form::SevenOhLiquid,
        Form::Pseudoindoxyl,
        Form::SemiSynthetic,
    ];
    for form in forms {
        let product = Product {
            form: Some(form),
            ..Product::default()
        };
        assert!(ratio("simvastatin", &product).is_none(), "{form:?}");
        assert!(
            of(&["kratom", "simvastatin"], &product).outside.is_some(),
            "{form:?}"
        );
        assert!(ratio("midazolam", &product).is_none(), "{form:?}");
    }
    let amount = |mg: f64| Product {
        mitragynine_mg: Some(mg),
        ..Product::default()
    };
    assert!(ratio("simvastatin", &amount(77.9)).is_some());
    assert!(ratio("simvastatin", &amount(78.0)).is_none());
}

#[test]
fn a_later_medicine_meets_more_enzyme_and_a_following_dose_counts() {
    let at = |hours: f64| {
        let named = [
            Named::plain("kratom"),
            Named {
                name: "simvastatin".into(),
                route: None,
                at_h: Some(hours),
            },
        ];
        let product = Product {
            times: vec![8.0, 14.0, 20.0],
            ..Product::default()
        };
        let check = check(&CATALOGUE, &named, &product);
        finding(&check, "cyp3a-victim", "simvastatin")
            .ratio
            .unwrap()
            .value
            .unwrap()
    };
    assert!(at(22.0) < at(20.0));
    assert!(
        at(4.0) < at(22.0),
        "ten hours after the last dose more has come back than after two"
    );
    assert!(
        at(7.5) > at(6.5),
        "a dose half an hour later still meets the medicine"
    );
}

/// The rows of the table: what was measured, and what the program says for it.
fn table() -> String {
    let number = |claim: &str| {
        let number = CATALOGUE.claims[claim].claim.quantity.clone().unwrap();
        match (number.low, number.high) {
            (Some(low), Some(high)) => format!("{} ({low} to {high})", number.value.unwrap()),
            _ => number.value.unwrap().to_string(),
        }
    };
    let model = |drug: &str| {
        let anchor = ketum::interaction::Anchor::of(&CATALOGUE).unwrap();
        let product = Product {
            form: Some(Form::LeafTea),
            ..Product::default()
        };
        let predicted = anchor
            .predict(
                &CATALOGUE,
                &product,
                None,
                &CATALOGUE.drugs[drug],
                (Some(Route::Oral), None),
            )
            .unwrap()
            .unwrap();
        let ratio = predicted.ratio;
        format!(
            "{:.2} ({:.2} to {:.2})",
            ratio.value.unwrap(),
            ratio.low.unwrap(),
            ratio.high.unwrap()
        )
    };
    let screen = |drug: &str| {
        static_ratio(&CATALOGUE, &CATALOGUE.drugs[drug], 1.0)
            .map_or_else(|| "not computed".to_owned(), |ratio| format!("{ratio:.1}"))
    };
    let inlet = screens(&CATALOGUE, 1.0)
        .into_iter()
        .find(|one| one.what.starts_with("CYP2D6, level at the liver"))
        .unwrap();
    let mut rows = String::from(
        "| medicine | what | measured (90 % interval) | gut-only model | screen | claim |\n|---|---|---|---|---|---|\n",
    );
    let mut row = |cells: [&str; 6]| {
        let _ = writeln!(rows, "| {} |", cells.join(" | "));
    };
    row([
        "midazolam by mouth",
        "exposure",
        &number("combinations-midazolam-auc"),
        &model("midazolam"),
        &screen("midazolam"),
        "combinations-midazolam-auc",
    ]);
    row([
        "midazolam by mouth",
        "half-life",
        &number("combinations-midazolam-half-life"),
        "1 (no effect in the liver)",
        "not computed",
        "combinations-midazolam-half-life",
    ]);
    row([
        "midazolam by mouth",
        "highest level",
        &number("interactions-midazolam-cmax"),
        "not computed",
        "not computed",
        "interactions-midazolam-cmax",
    ]);
    row([
        "dextromethorphan by mouth",
        "exposure",
        &number("combinations-dextromethorphan"),
        "1 (CYP2D6 is outside)",
        &format!("{:.2} against {} (flagged)", inlet.value, inlet.cutoff),
        "combinations-dextromethorphan",
    ]);
    row([
        "dextromethorphan by mouth",
        "highest level",
        &number("interactions-dextromethorphan-cmax"),
        "not computed",
        "not computed",
        "interactions-dextromethorphan-cmax",
    ]);
    rows
}

#[test]
fn the_book_holds_the_predictions_against_every_human_number() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/interactions.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once("<!-- table -->\n").unwrap();
    let (held, after) = rest.split_once("<!-- /table -->").unwrap();
    let table = table();
    if std::env::var_os("KETUM_UPDATE").is_some() {
        std::fs::write(
            &path,
            format!("{before}<!-- table -->\n{table}<!-- /table -->{after}"),
        )
        .unwrap();
    } else {
        assert_eq!(
            held, table,
            "run with KETUM_UPDATE=1 and read the difference"
        );
    }
}
