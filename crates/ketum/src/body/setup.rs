//! Joins case, product and model file into a model that can be solved; refuses where it must not be.

use ketum_core::event::Event;
use ketum_core::evidence::AppliesTo;
use ketum_core::id::AnalyteId;
use ketum_core::level_model::LevelModel;
use ketum_core::model::{CovariateForm, ModelDescription, Source, Spread, SpreadSize};
use ketum_data::catalogue::Catalogue;
use ketum_sim::Model;

use super::NotSimulated;
use crate::case::{Case, TakenBy};
use crate::model::design::{OpenSpread, prune};
use crate::product::ProductAnswer;
use crate::schedule::Schedule;

/// A model ready to be solved for a case.
pub(super) struct Setup {
    pub model: Model,
    /// Positions of mitragynine and 7-hydroxymitragynine among the outputs.
    pub outputs: (usize, usize),
    pub units: Vec<String>,
    /// Compartment and milligrams of each dose.
    pub doses: Vec<(String, f64)>,
    /// The analyte whose content drives the levels.
    pub driving: AnalyteId,
    pub seven_oh_product: bool,
    /// What is not known of the spread between people.
    pub between: Vec<OpenSpread>,
    pub inputs_missing: Vec<String>,
}

/// Moves the typical values to a body weight, kg.
pub(super) fn at_weight(description: &mut ModelDescription, weight: f64) {
    for effect in &description.covariate_effect {
        if effect.covariate == "weight"
            && let CovariateForm::Power {
                reference,
                exponent,
            } = effect.form
            && let Some(parameter) = description
                .parameter
                .iter_mut()
                .find(|parameter| parameter.name == effect.parameter)
        {
            parameter.value *= ketum_sim::math::pow(weight / reference, exponent);
        }
    }
}

/// A spread of one parameter.
pub(super) fn own(parameter: &str, source: Source, size: SpreadSize) -> Spread {
    Spread {
        source,
        parameters: vec![parameter.to_owned()],
        size,
    }
}

fn not(reason: impl Into<String>) -> NotSimulated {
    NotSimulated {
        reason: reason.into(),
    }
}

/// Cases for which levels must not be shown.
pub(super) fn refusals(
    case: &Case,
    product: &ProductAnswer,
    catalogue: &Catalogue,
) -> Result<(), NotSimulated> {
    let mother = case.regimen.taken_by == Some(TakenBy::Mother);
    if case.person.age.is_some_and(|age| age < 18.0) && !mother {
        return Err(not(
            "No study of levels included anybody under 18; levels are not simulated for them.",
        ));
    }
    if mother {
        return Err(not(
            "What passes to a child through the womb or milk was never measured; levels in a child are not simulated.",
        ));
    }
    let facts = product.form.and_then(|form| catalogue.forms.get(&form));
    if let Some(reason) = facts.and_then(|facts| facts.not_simulated.as_ref()) {
        return Err(not(&reason.en));
    }
    for id in product.analytes.keys() {
        if let Some(analyte) = catalogue.analytes.get(id)
            && analyte.drug_kind == AppliesTo::SemiSynthetic
        {
            return Err(not(format!(
                "The product holds {}, whose levels in people were never measured.",
                analyte.name.en
            )));
        }
    }
    if let Some(reason) = &product.not_converted {
        return Err(not(reason));
    }
    if product.form.is_none() {
        return Err(not(
            "Levels depend on the kind of product, which was not given.",
        ));
    }
    Ok(())
}

impl Setup {
    pub(super) fn new(
        case: &Case,
        product: &ProductAnswer,
        schedule: &Schedule,
        file: &LevelModel,
    ) -> Result<Self, NotSimulated> {
        let form = product
            .form
            .ok_or_else(|| not("Levels depend on the kind of product, which was not given."))?;
        let mut inputs_missing = Vec::new();
        let mut description = file.model.clone();
        let mut doses = Vec::new();
        let mut driving: Option<(AnalyteId, f64)> = None;
        for dosed in file
            .dosed
            .iter()
            .filter(|dosed| dosed.forms.contains(&form))
        {
            let Some(dose) = product.analytes.get(&dosed.analyte) else {
                continue;
            };
            let Some(median) = dose.median_mg else {
                continue;
            };
            if median > file.hard_domain.dose_mg_high {
                return Err(not(format!(
                    "A dose of {median:.0} mg of {} lies far outside anything studied.",
                    dosed.analyte
                )));
            }
            doses.push((dosed.compartment.clone(), median));
            // The strongest analyte of a product that holds both decides.
            if driving.is_none() || dosed.analyte.as_str() == "7-hydroxymitragynine" {
                driving = Some((dosed.analyte.clone(), dose.sigma_ln.unwrap_or(0.0)));
            }
        }
        let Some((driving, content_sigma)) = driving else {
            return Err(not(
                "How many milligrams of the product's main alkaloid a dose holds is not known.",
            ));
        };
        if schedule.doses_per_day > file.hard_domain.doses_per_day_high {
            return Err(not("So many doses a day lie far outside anything studied."));
        }

        let mut set = |name: &str, value: &mut dyn FnMut(f64) -> f64| {
            if let Some(parameter) = description
                .parameter
                .iter_mut()
                .find(|parameter| parameter.name == name)
            {
                parameter.value = value(parameter.value);
            }
        };
        if let Some(bioavailability) = file.relative_bioavailability.get(&form) {
            set("frel", &mut |_| bioavailability.median);
            if bioavailability.verification == ketum_core::evidence::Verification::Derived
                && bioavailability.sigma_ln > 0.4
            {
                inputs_missing.push(format!(
                    "bioavailability of {}: {}",
                    form.id(),
                    bioavailability.basis
                ));
            }
        }
        match case.person.weight {
            Some(weight) => at_weight(&mut description, weight),
            None => {
                let reference = file
                    .model
                    .covariate_effect
                    .iter()
                    .find_map(|effect| match effect.form {
                        CovariateForm::Power { reference, .. } if effect.covariate == "weight" => {
                            Some(reference)
                        }
                        _ => None,
                    });
                if let Some(reference) = reference {
                    inputs_missing.push(format!(
                        "person.weight: not given; {reference} kg, for which the model's numbers stand, was used"
                    ));
                }
            }
        }
        if let Some(bioavailability) = file.relative_bioavailability.get(&form)
            && bioavailability.sigma_ln > 0.0
        {
            let size = SpreadSize::Sd(vec![bioavailability.sigma_ln]);
            description
                .spread
                .push(own("frel", Source::Uncertainty, size));
        }
        if content_sigma > 0.0 {
            let size = SpreadSize::Sd(vec![content_sigma]);
            description
                .spread
                .push(own("content", Source::Content, size));
        }
        let position = |name: &str| {
            description
                .output
                .iter()
                .position(|output| output.name == name)
                .ok_or_else(|| not(format!("The model file has no output `{name}`.")))
        };
        let outputs = (position("mitragynine")?, position("7-hydroxymitragynine")?);
        let units: Vec<String> = description
            .output
            .iter()
            .map(|output| output.unit.clone())
            .collect();
        // What this form does not reach costs no time.
        let compartments: Vec<&str> = doses
            .iter()
            .map(|(name, _): &(String, f64)| name.as_str())
            .collect();
        let model = Model::compile(&prune(&description, &compartments))
            .map_err(|error| not(format!("The model file contradicts itself: {error}.")))?;
        Ok(Self {
            between: OpenSpread::of(file, &model),
            model,
            outputs,
            units,
            doses,
            driving,
            seven_oh_product: form.drug_kind() == AppliesTo::SevenOh,
            inputs_missing,
        })
    }

    pub(super) fn unit(&self, output: usize) -> String {
        self.units.get(output).cloned().unwrap_or_default()
    }

    /// The doses as events, without those that are missed.
    pub(super) fn events(&self, schedule: &Schedule, missed: impl Fn(usize) -> bool) -> Vec<Event> {
        schedule
            .doses_h
            .iter()
            .enumerate()
            .filter(|(dose, _)| !missed(*dose))
            .flat_map(|(_, time)| {
                self.doses
                    .iter()
                    .map(|(compartment, mg)| Event::bolus(*time, compartment.clone(), *mg))
            })
            .collect()
    }
}

/// In which ways the case lies outside what the model was compared with.
pub(super) fn ways_outside(
    file: &LevelModel,
    product: &ProductAnswer,
    schedule: &Schedule,
) -> Vec<String> {
    let mut ways = Vec::new();
    let domain = &file.domain;
    for dosed in &file.dosed {
        if product.form.is_none_or(|form| !dosed.forms.contains(&form)) {
            continue;
        }
        if let Some(mg) = product
            .analytes
            .get(&dosed.analyte)
            .and_then(|dose| dose.median_mg)
            && !(domain.dose_mg_low..=domain.dose_mg_high).contains(&mg)
        {
            ways.push(format!(
                "{mg:.1} mg of {} per dose (studied: {} to {} mg of {})",
                dosed.analyte,
                domain.dose_mg_low,
                domain.dose_mg_high,
                if dosed.analyte.as_str() == "7-hydroxymitragynine" {
                    "mitragynine"
                } else {
                    dosed.analyte.as_str()
                }
            ));
        }
    }
    // The day of the first dose counts, as people count.
    let days = 1.0 + (schedule.doses_h.last().copied().unwrap_or_default() / 24.0).floor();
    if days > domain.days_high {
        ways.push(format!(
            "{days:.0} days of use (studied: up to {} days)",
            domain.days_high
        ));
    }
    if schedule.doses_per_day > domain.doses_per_day_high {
        ways.push(format!(
            "{} doses a day (studied: {})",
            schedule.doses_per_day, domain.doses_per_day_high
        ));
    }
    ways
}

/// The warnings that go with this form.
pub(super) fn warnings(file: &LevelModel, product: &ProductAnswer) -> Vec<String> {
    file.warning
        .iter()
        .filter(|warning| {
            product
                .form
                .is_some_and(|form| warning.forms.contains(&form))
        })
        .map(|warning| warning.text.en.clone())
        .collect()
}
