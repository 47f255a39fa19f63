//! Product: how many milligrams of each alkaloid one dose holds, and how sure that is.
//!
//! A dose is mass times content. Each term is log-normal; variances add on the log scale. A content comes
//! from the certificate, else the label, else what was measured in products of this form, else nothing:
//! there is no prior for extracts, shots and tablets. Leaf taken as tea is counted in milligrams *in the
//! leaf*, because the model's bioavailability of tea is per milligram in the leaf; what reaches the cup
//! is shown beside it and never multiplied in again.

mod content;
mod mass;

pub use content::ASSUMPTIONS;

use std::collections::BTreeMap;

use ketum_core::evidence::AppliesTo;
use ketum_core::form::Form;
use ketum_core::id::AnalyteId;
use ketum_data::catalogue::Catalogue;
use serde::Serialize;

use crate::case::{Case, DoseUnit};

/// Half-width of a 90 % interval in standard deviations: the 95th percentile of the normal distribution.
pub const Z90: f64 = 1.644_853_626_951_472_7;

/// Where a number about the product comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A laboratory's certificate.
    Certificate,
    /// The label or seller.
    Label,
    /// Measured in other products of this form.
    Prior,
    /// Said by the person.
    Stated,
}

/// A positive amount with log-normal spread.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// Median.
    pub median: f64,
    /// Standard deviation of the natural logarithm.
    pub sigma_ln: f64,
    /// 5th percentile.
    pub low: f64,
    /// 95th percentile.
    pub high: f64,
}

impl Estimate {
    /// An estimate from its median and spread.
    #[must_use]
    pub fn new(median: f64, sigma_ln: f64) -> Self {
        let factor = ketum_sim::math::exp(Z90 * sigma_ln);
        Self {
            median,
            sigma_ln,
            low: median / factor,
            high: median * factor,
        }
    }

    /// Product of two independent amounts.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let variance = self.sigma_ln * self.sigma_ln + other.sigma_ln * other.sigma_ln;
        Self::new(self.median * other.median, variance.sqrt())
    }

    /// The amount times a number.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self::new(self.median * factor, self.sigma_ln)
    }
}

/// Milligrams of one analyte in one dose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AnalyteDose {
    /// Median, mg; absent where only bounds are known.
    pub median_mg: Option<f64>,
    /// 5th percentile or lower bound, mg.
    pub low_mg: f64,
    /// 95th percentile or upper bound, mg.
    pub high_mg: f64,
    /// Spread on the log scale; absent where only bounds are known.
    pub sigma_ln: Option<f64>,
    /// Where the content comes from.
    pub origin: Origin,
    /// How it was worked out, in a sentence.
    pub basis: String,
}

impl AnalyteDose {
    fn from_estimate(estimate: Estimate, origin: Origin, basis: String) -> Self {
        Self {
            median_mg: Some(estimate.median),
            low_mg: estimate.low,
            high_mg: estimate.high,
            sigma_ln: Some(estimate.sigma_ln),
            origin,
            basis,
        }
    }

    /// The dose as an estimate, where it has a median.
    #[must_use]
    pub fn estimate(&self) -> Option<Estimate> {
        Some(Estimate::new(self.median_mg?, self.sigma_ln?))
    }
}

/// What one dose of the product holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct ProductAnswer {
    /// The form.
    pub form: Option<Form>,
    /// Which kind of drug it is.
    pub kind: Option<AppliesTo>,
    /// Grams of product in one dose; absent where the dose is a volume or unknown.
    pub mass_g: Option<Estimate>,
    /// Millilitres of product in one dose, where it is a volume.
    pub volume_ml: Option<Estimate>,
    /// Milligrams of each alkaloid in one dose. Of tea: in the leaf it is brewed from.
    pub analytes: BTreeMap<AnalyteId, AnalyteDose>,
    /// Of tea only: milligrams of mitragynine that reach the cup.
    pub mitragynine_in_cup: Option<AnalyteDose>,
    /// What was used although it was not given, and what is missing.
    pub inputs_missing: Vec<String>,
    /// Why no milligrams can be given, where they cannot.
    pub not_converted: Option<String>,
}

/// The analyte a name means: its id or one of its aliases, in any case.
#[must_use]
pub fn resolve_analyte<'a>(catalogue: &'a Catalogue, name: &str) -> Option<&'a AnalyteId> {
    let wanted = name.trim().to_lowercase();
    catalogue
        .analytes
        .iter()
        .find(|(id, analyte)| {
            id.as_str() == wanted
                || analyte.name.en.to_lowercase() == wanted
                || analyte
                    .aliases
                    .iter()
                    .any(|alias| alias.to_lowercase() == wanted)
        })
        .map(|(id, _)| id)
}

/// Works out what one dose of the case's product holds.
#[must_use]
pub fn dose(case: &Case, catalogue: &Catalogue) -> ProductAnswer {
    let form = case.product.form;
    let mut answer = ProductAnswer {
        form,
        kind: form.map(Form::drug_kind),
        ..ProductAnswer::default()
    };
    if form.is_none() {
        answer.inputs_missing.push("product.form".to_owned());
    }
    if case.regimen.amount.is_none() {
        answer.inputs_missing.push("regimen.amount".to_owned());
        answer.not_converted = Some("The amount of a dose was not given.".to_owned());
        return answer;
    }
    if case.regimen.unit == Some(DoseUnit::Milligram) {
        content::stated(case, catalogue, &mut answer);
        return answer;
    }
    match mass::of_dose(case, catalogue, &mut answer) {
        Ok(taken) => content::fill(case, catalogue, &taken, &mut answer),
        Err(reason) => answer.not_converted = Some(reason),
    }
    answer
}
