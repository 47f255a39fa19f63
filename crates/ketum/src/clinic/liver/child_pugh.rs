//! Child-Pugh score. Knows the points and classes; holds for cirrhosis only.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, missing};
use crate::clinic::text::plain_number;
use crate::clinic::units::{ALBUMIN, BILIRUBIN};

const FACTS: FactFile = FactFile("child_pugh");

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "child_pugh",
    title: "Child-Pugh score",
    about: "Severity of cirrhosis from three blood tests and two signs.",
    formula: "Child-Pugh-1973",
    inputs: &[
        Input::quantity(
            "bili_mg_dL",
            "mg/dL",
            Range::of(0.01, 100.0),
            BILIRUBIN,
            "total bilirubin",
        ),
        Input::quantity("alb_g_dL", "g/dL", Range::of(0.3, 8.0), ALBUMIN, "albumin"),
        Input::number(
            "inr",
            "1",
            Range::of(0.5, 30.0),
            "international normalised ratio",
        ),
        Input::of(
            "ascites_pts",
            Kind::Whole(1, 3),
            "ascites: 1 none, 2 slight, 3 moderate or more",
        ),
        Input::of(
            "enceph_pts",
            Kind::Whole(1, 3),
            "encephalopathy: 1 none, 2 grade 1-2, 3 grade 3-4",
        ),
    ],
    domain: Domain {
        holds_for: "Cirrhosis.",
        not_for: "acute liver injury without cirrhosis.",
    },
    example: r#"{"bili_mg_dL":2.0,"alb_g_dL":3.5,"inr":1.7,"ascites_pts":2,"enceph_pts":1}"#,
    facts: FACTS,
    compute,
};

/// 1 below `low`, 3 above `high`, 2 between (both ends included).
fn rising(value: f64, low: f64, high: f64) -> i64 {
    if value < low {
        1
    } else if value <= high {
        2
    } else {
        3
    }
}

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let why = "the score needs it";
    let bilirubin = inputs.need("bili_mg_dL", why)?;
    let albumin = inputs.need("alb_g_dL", why)?;
    let inr = inputs.need("inr", why)?;
    let sign = |key: &str| inputs.whole(key).ok_or_else(|| missing(key, why));
    let bilirubin_points = rising(
        bilirubin,
        facts.cutoff("bilirubin_low_mg_dL")?,
        facts.cutoff("bilirubin_high_mg_dL")?,
    );
    let inr_points = rising(inr, facts.cutoff("inr_low")?, facts.cutoff("inr_high")?);
    let albumin_points = if albumin > facts.cutoff("albumin_high_g_dL")? {
        1
    } else if albumin >= facts.cutoff("albumin_low_g_dL")? {
        2
    } else {
        3
    };
    let (ascites, encephalopathy) = (sign("ascites_pts")?, sign("enceph_pts")?);
    let score = bilirubin_points + albumin_points + inr_points + ascites + encephalopathy;
    let class = facts.band_of(score).map(|band| band.id.as_str());
    Ok(Answer::default()
        .whole("score", score, "Child-Pugh score, 5 to 15")
        .band("class", class, "class A, B or C")
        .step(format!(
            "bilirubin {} mg/dL: {bilirubin_points}",
            plain_number(bilirubin)
        ))
        .step(format!(
            "albumin {} g/dL: {albumin_points}",
            plain_number(albumin)
        ))
        .step(format!("INR {}: {inr_points}", plain_number(inr)))
        .step(format!(
            "ascites {ascites}, encephalopathy {encephalopathy}, sum {score}"
        ))
        .say(format!("Class {}.", class.unwrap_or("?")))
        .warn("For cirrhosis only; do not use it for an acute injury of a healthy liver."))
}
