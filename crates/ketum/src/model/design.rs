//! A study as a plan for a simulation: who takes what, when blood is drawn, what is printed.

use std::collections::BTreeMap;

use ketum_core::event::Event;
use ketum_core::form::Form;
use ketum_core::id::{AnalyteId, LocalId, StudyId};
use ketum_core::level_model::LevelModel;
use ketum_core::model::{CovariateForm, ModelDescription, Modifier};
use ketum_core::study::{
    NcaWindow, Occasion, OverArms, PkParameter, Role, Species, StatisticKind, Study, StudyStatistic,
};
use ketum_core::unit::{Dimension, Unit};
use ketum_sim::Model;

use super::ModelError;
use super::statistic::{Ratio, can_reduce};

/// Days followed to find the plateau.
pub const PLATEAU_DAYS: usize = 90;

/// The parameter that scales a dose; it carries the dose itself where a model is not linear.
pub const DOSE: &str = "content";

/// Molar masses in g/mol.
pub type MolarMasses = BTreeMap<AnalyteId, f64>;

/// The model as one product form sees it.
#[derive(Debug, Clone)]
pub struct FormModel {
    /// Compiled without what this form does not reach. Parameters keep the description's order.
    pub model: Model,
    /// The compartment dosed.
    pub compartment: String,
    /// Factor on each parameter's typical value: weight, relative bioavailability.
    pub factors: Vec<f64>,
    /// Position of the relative bioavailability and what is not known of it (sd of the logarithm).
    pub open: Option<(usize, f64)>,
    /// What is not known of the spread between people.
    pub between: Vec<OpenSpread>,
}

/// Parameters that share a spread between people, and what is not known of it (sd of the logarithm of the
/// standard deviation).
#[derive(Debug, Clone, PartialEq)]
pub struct OpenSpread {
    /// Positions among the model's parameters.
    pub positions: Vec<usize>,
    /// Sd of the logarithm of the standard deviation.
    pub sd_ln: f64,
}

impl OpenSpread {
    /// Those of a file, for its compiled model.
    #[must_use]
    pub fn of(file: &LevelModel, model: &Model) -> Vec<Self> {
        file.between_uncertainty
            .iter()
            .map(|one| Self {
                positions: one
                    .parameters
                    .iter()
                    .filter_map(|name| model.parameter(name))
                    .collect(),
                sd_ln: one.sd_ln,
            })
            .collect()
    }
}

/// One curve to solve: a form, an occasion.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Position in [`Plan::forms`].
    pub form: usize,
    /// The occasion.
    pub occasion: LocalId,
    /// Doses of 1 mg.
    pub events: Vec<Event>,
    /// Samples, h since the first dose.
    pub times_h: Vec<f64>,
    /// Samples, h since the last dose.
    pub after_h: Vec<f64>,
    /// Window of the half-life, by output.
    pub windows: Vec<Option<(f64, f64)>>,
    /// Read peak times off a parabola instead of the grid (during a fit).
    pub smooth_peak: bool,
    /// Whether the day of steady state is asked for.
    pub plateau: bool,
    /// Samples come after more than one dose.
    pub repeated: bool,
}

/// An arm.
#[derive(Debug, Clone, PartialEq)]
pub struct Arm {
    /// Its name in the file.
    pub id: LocalId,
    /// How many people.
    pub people: usize,
    /// What each of them takes, mg.
    pub doses_mg: Vec<f64>,
}

/// A printed number to be predicted.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its name in the file.
    pub id: LocalId,
    /// The analyte.
    pub analyte: AnalyteId,
    /// What was measured.
    pub parameter: PkParameter,
    /// Which summary.
    pub kind: StatisticKind,
    /// The number as published, in `unit`.
    pub value: f64,
    /// Unit as published.
    pub unit: String,
    /// Multiply a predicted number (ng/mL, ng·h/mL, h, L, L/h) by this to get `unit`.
    pub to_unit: f64,
    /// What it may be used for.
    pub role: Role,
    /// Position of the analyte among the outputs.
    pub output: usize,
    /// Position of mitragynine, for a share of it.
    pub parent: usize,
    /// How the share is read.
    pub ratio: Ratio,
    /// The curve.
    pub scenario: usize,
    /// Samples come after more than one dose.
    pub repeated: bool,
    /// The arms behind it.
    pub arms: Vec<usize>,
    /// Fewer people than the arm.
    pub n: Option<usize>,
    /// Set where the extreme of the arms was printed.
    pub over_arms: Option<OverArms>,
    /// Variance of the logarithm that comes from the sampling grid alone.
    pub grid_variance: f64,
}

/// A study ready to be simulated.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The study.
    pub study: StudyId,
    /// The model by product form.
    pub forms: Vec<FormModel>,
    /// Curves.
    pub scenarios: Vec<Scenario>,
    /// Arms.
    pub arms: Vec<Arm>,
    /// Numbers.
    pub rows: Vec<Row>,
}

/// What an assumption of a study file is changed to, for a sensitivity analysis.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Choices {
    /// People in each arm whose number is not published.
    pub n_assumed: Option<u32>,
    /// Read the metabolite's share from the highest levels instead of areas.
    pub ratio_of_cmax: bool,
}

impl Plan {
    /// A plan of the numbers of `study` whose role is among `roles` and whose analyte is an output of the
    /// model; `None` where there is none.
    ///
    /// # Errors
    /// A study that breaks its own rules, a number no simulation can print, a product the model does not
    /// take.
    pub fn new(
        id: &StudyId,
        study: &Study,
        file: &LevelModel,
        molar_masses: &MolarMasses,
        roles: &[Role],
        choices: Choices,
    ) -> Result<Option<Self>, ModelError> {
        let mut plan = Self {
            study: id.clone(),
            forms: Vec::new(),
            scenarios: Vec::new(),
            arms: Vec::new(),
            rows: Vec::new(),
        };
        let outputs: Vec<&str> = file
            .model
            .output
            .iter()
            .map(|output| output.name.as_str())
            .collect();
        let wanted: Vec<&StudyStatistic> = study
            .statistic
            .iter()
            .filter(|row| roles.contains(&row.role))
            .filter(|row| outputs.contains(&row.analyte.as_str()))
            .filter(|row| predictable(row))
            .collect();
        let fitted_or_held_out = |row: &&StudyStatistic| row.role != Role::Context;
        if study.species != Species::Human || !wanted.iter().any(fitted_or_held_out) {
            return Ok(None);
        }
        if let Some(problem) = study.problems().first() {
            return Err(ModelError::Study {
                study: id.clone(),
                problem: problem.to_string(),
            });
        }
        let problem = |problem: &str| ModelError::Study {
            study: id.clone(),
            problem: problem.to_owned(),
        };
        let form = study
            .product
            .as_ref()
            .and_then(|product| product.form)
            .ok_or_else(|| problem("a dose without the form of its product"))?;
        // What is dosed: the first analyte the model takes in this form.
        let dosed = file
            .dosed
            .iter()
            .find(|dosed| {
                dosed.forms.contains(&form)
                    && study
                        .arm
                        .iter()
                        .any(|arm| arm.dose.contains_key(&dosed.analyte))
            })
            .ok_or_else(|| ModelError::Form {
                model: file.model.id.clone(),
                analyte: wanted[0].analyte.to_string(),
                form: form.id().to_owned(),
            })?;
        let weight = study.population.mean_weight_kg;
        plan.forms
            .push(FormModel::new(file, form, &dosed.compartment, weight)?);
        for arm in &study.arm {
            let Some(dose) = arm.dose.get(&dosed.analyte) else {
                continue;
            };
            let people = arm
                .n
                .or_else(|| choices.n_assumed.or(arm.n_assumed))
                .filter(|n| *n > 1)
                .ok_or_else(|| problem("an arm without a number of people"))?
                as usize;
            if dose.unit != "mg" {
                return Err(problem("doses must be in mg"));
            }
            let doses_mg = match (dose.value, dose.low, dose.high) {
                (Some(value), _, _) => vec![value; people],
                // Each person had a dose of his own; spread evenly over the range.
                (None, Some(low), Some(high)) => (0..people)
                    .map(|k| low + (high - low) * k as f64 / (people as f64 - 1.0))
                    .collect(),
                _ => return Err(problem("an arm without a dose")),
            };
            plan.arms.push(Arm {
                id: arm.id.clone(),
                people,
                doses_mg,
            });
        }
        for row in wanted {
            let row = plan.row(study, row, file, molar_masses, &outputs, choices)?;
            plan.rows.push(row);
        }
        Ok(Some(plan))
    }

    fn row(
        &mut self,
        study: &Study,
        row: &StudyStatistic,
        file: &LevelModel,
        molar_masses: &MolarMasses,
        outputs: &[&str],
        choices: Choices,
    ) -> Result<Row, ModelError> {
        let not = |why: &str| ModelError::Statistic {
            study: self.study.clone(),
            statistic: row.id.clone(),
            why: why.to_owned(),
        };
        if !can_reduce(row.kind) {
            return Err(not("the end of a confidence interval cannot be simulated"));
        }
        let position = |name: &str| outputs.iter().position(|output| *output == name);
        let output = position(row.analyte.as_str()).ok_or_else(|| not("not in the model"))?;
        let parent = position("mitragynine").unwrap_or(output);
        let occasion = row
            .occasion
            .as_ref()
            .and_then(|id| study.occasion(id))
            .ok_or_else(|| not("no occasion"))?;
        if occasion.sampling_h.is_empty() {
            return Err(not("the occasion has no sampling times"));
        }
        let arms: Vec<usize> = match &row.arm {
            Some(id) => self
                .arms
                .iter()
                .position(|arm| arm.id == *id)
                .into_iter()
                .collect(),
            None => (0..self.arms.len()).collect(),
        };
        if arms.is_empty() {
            return Err(not("its arm takes nothing the model knows"));
        }
        let to_unit = to_unit(row, molar_masses, study.population.mean_weight_kg)
            .ok_or_else(|| not("its unit cannot be reached from the model's"))?;
        let grid_variance = if row.parameter == PkParameter::Tmax {
            grid_variance(&occasion.sampling_h, row.value * hours(&row.unit))
        } else {
            0.0
        };
        let scenario = self.scenario(study, occasion, outputs);
        if row.parameter == PkParameter::TimeToSteadyState {
            self.scenarios[scenario].plateau = true;
        }
        let _ = file;
        Ok(Row {
            id: row.id.clone(),
            analyte: row.analyte.clone(),
            parameter: row.parameter,
            kind: row.kind,
            value: row.value,
            unit: row.unit.clone(),
            to_unit,
            role: row.role,
            output,
            parent,
            ratio: if choices.ratio_of_cmax {
                Ratio::Cmax
            } else {
                Ratio::Auc24
            },
            scenario,
            repeated: occasion.doses > 1,
            arms,
            n: row.n.map(|n| n as usize),
            over_arms: row.over_arms,
            grid_variance,
        })
    }

    fn scenario(&mut self, study: &Study, occasion: &Occasion, outputs: &[&str]) -> usize {
        if let Some(found) = self
            .scenarios
            .iter()
            .position(|scenario| scenario.occasion == occasion.id)
        {
            return found;
        }
        let compartment = &self.forms[0].compartment;
        let interval = occasion.interval_h.unwrap_or(0.0);
        let start = occasion.earlier_dose_h.unwrap_or(0.0);
        let mut events = Vec::new();
        if occasion.earlier_dose_h.is_some() {
            events.push(Event::bolus(0.0, compartment.clone(), 1.0));
        }
        events.push(
            Event::bolus(start, compartment.clone(), 1.0).repeated(occasion.doses - 1, interval),
        );
        let last = start + interval * f64::from(occasion.doses - 1);
        let window = |window: &NcaWindow| (window.from_h, window.to_h);
        self.scenarios.push(Scenario {
            form: 0,
            occasion: occasion.id.clone(),
            events,
            times_h: occasion.sampling_h.iter().map(|h| last + h).collect(),
            after_h: occasion.sampling_h.clone(),
            windows: outputs
                .iter()
                .map(|output| {
                    let analyte: AnalyteId = output.parse().ok()?;
                    study.window(&analyte, &occasion.id).map(window)
                })
                .collect(),
            smooth_peak: false,
            plateau: false,
            repeated: occasion.doses > 1,
        });
        self.scenarios.len() - 1
    }
}

impl FormModel {
    /// The model for one form and body weight (kg; the model's own reference where not known).
    ///
    /// # Errors
    /// Where the description contradicts itself, or is not linear and no parameter carries the dose.
    pub fn new(
        file: &LevelModel,
        form: Form,
        compartment: &str,
        weight: Option<f64>,
    ) -> Result<Self, ModelError> {
        Self::with_compartments(file, form, &[compartment], weight)
    }

    /// As [`FormModel::new`] for a product that doses several compartments; the first counts as dosed.
    ///
    /// # Errors
    /// Where the description contradicts itself or is not linear.
    pub fn with_compartments(
        file: &LevelModel,
        form: Form,
        compartments: &[&str],
        weight: Option<f64>,
    ) -> Result<Self, ModelError> {
        let engine = |why: String| ModelError::Engine {
            model: file.model.id.clone(),
            why,
        };
        let pruned = prune(&file.model, compartments);
        let model = Model::compile(&pruned).map_err(|error| engine(error.to_string()))?;
        // Curves of a linear model are scaled with the dose; others are solved at each dose, which a
        // parameter carries.
        if !model.is_linear() && model.parameter(DOSE).is_none() {
            return Err(engine(format!(
                "a model that is not linear needs a parameter `{DOSE}` on what is taken up"
            )));
        }
        let mut factors = vec![1.0; model.parameters().len()];
        if let Some(weight) = weight {
            for effect in &file.model.covariate_effect {
                if effect.covariate == "weight"
                    && let CovariateForm::Power {
                        reference,
                        exponent,
                    } = effect.form
                    && let Some(at) = model.parameter(&effect.parameter)
                {
                    factors[at] *= ketum_sim::math::pow(weight / reference, exponent);
                }
            }
        }
        let mut open = None;
        if let (Some(spread), Some(at)) = (
            file.relative_bioavailability.get(&form),
            model.parameter("frel"),
        ) {
            factors[at] *= spread.median / model.parameters()[at].typical;
            open = (spread.sigma_ln > 0.0).then_some((at, spread.sigma_ln));
        }
        Ok(Self {
            between: OpenSpread::of(file, &model),
            model,
            compartment: compartments
                .first()
                .map_or_else(String::new, |one| (*one).to_owned()),
            factors,
            open,
        })
    }
}

/// The description without compartments that nothing dosed flows into: what a form does not use costs
/// no time.
#[must_use]
pub fn prune(description: &ModelDescription, dosed: &[&str]) -> ModelDescription {
    let mut reached: Vec<&str> = dosed.to_vec();
    loop {
        let more: Vec<&str> = description
            .flow
            .iter()
            .filter(|flow| {
                flow.from
                    .as_deref()
                    .is_none_or(|from| reached.contains(&from))
            })
            .filter_map(|flow| flow.to.as_deref())
            .filter(|to| !reached.contains(to))
            .collect();
        let Some(next) = more.first() else { break };
        reached.push(next);
    }
    let mut pruned = description.clone();
    let keeps = |name: &str| reached.contains(&name);
    let enzymes: Vec<&str> = description
        .turnover
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    // What a state reads of a compartment nothing reaches is nothing.
    let read = |modifier: &Modifier| match modifier {
        Modifier::Inhibited { by, .. } | Modifier::Stimulated { by, .. } => {
            keeps(&by.compartment) || enzymes.contains(&by.compartment.as_str())
        }
        Modifier::Fading { .. } => true,
    };
    for turnover in &mut pruned.turnover {
        turnover.on_loss.retain(read);
        turnover.on_production.retain(read);
    }
    pruned.compartment.retain(|one| keeps(&one.name));
    pruned
        .flow
        .retain(|flow| flow.from.as_deref().is_none_or(keeps));
    // An output nothing reaches stays at zero, so its compartment must stay too.
    for output in &description.output {
        if !keeps(&output.compartment)
            && let Some(one) = description
                .compartment
                .iter()
                .find(|one| one.name == output.compartment)
        {
            pruned.compartment.push(one.clone());
        }
    }
    pruned
}

/// Rows a simulation can print at all. Others are context of other kinds (urine, absolute F).
fn predictable(row: &StudyStatistic) -> bool {
    use PkParameter as P;
    matches!(
        row.parameter,
        P::Cmax
            | P::Tmax
            | P::THalf
            | P::Auc0Inf
            | P::AucTau
            | P::MetaboliteRatio
            | P::TimeToSteadyState
    ) || (row.role == Role::Context && matches!(row.parameter, P::VzF) && row.occasion.is_some())
        || (matches!(row.role, Role::Calibrate | Role::Validate)
            && matches!(row.parameter, P::ClF | P::VzF))
}

fn hours(unit: &str) -> f64 {
    Unit::parse(unit).map_or(1.0, |unit| unit.factor)
}

/// Factor from the model's units (ng/mL, ng·h/mL, h, L, L/h) to the row's.
fn to_unit(row: &StudyStatistic, masses: &MolarMasses, weight: Option<f64>) -> Option<f64> {
    if row.kind == StatisticKind::Cv {
        return Some(1.0 / Unit::parse(&row.unit)?.factor);
    }
    let unit = Unit::parse(&row.unit)?;
    // One of the model's units in the canonical unit of the dimension.
    let canonical = match unit.dimension {
        Dimension::Concentration | Dimension::Exposure => 1e-3,
        Dimension::MolarConcentration | Dimension::MolarExposure => {
            1e-6 / masses.get(&row.analyte)?
        }
        Dimension::Time | Dimension::Number | Dimension::Volume | Dimension::Clearance => 1.0,
        Dimension::VolumePerMass | Dimension::ClearancePerMass => 1.0 / weight?,
        _ => return None,
    };
    Some(canonical / unit.factor)
}

/// A time read off a grid of step `h` is uniform over one step: variance h²/12, on the log scale over
/// the square of the value.
fn grid_variance(grid: &[f64], value: f64) -> f64 {
    let after = grid.partition_point(|time| *time < value - 1e-9);
    let at = |index: usize| grid.get(index).copied();
    let step = match (after.checked_sub(1).and_then(at), at(after), at(after + 1)) {
        (Some(before), Some(_), Some(next)) => (next - before) / 2.0,
        (Some(before), Some(here), None) => here - before,
        _ => value,
    };
    (step / value) * (step / value) / 12.0
}

/// Selects a study by name for fitting.
///
/// # Errors
/// Where there is none, or nothing in it may be fitted.
pub fn for_fitting<'s>(
    studies: &'s BTreeMap<StudyId, Study>,
    name: &str,
) -> Result<(&'s StudyId, &'s Study), ModelError> {
    let (id, study) = studies
        .get_key_value(name)
        .ok_or_else(|| ModelError::NoSuchStudy(name.to_owned()))?;
    if study.of_role(Role::Calibrate).next().is_none() {
        let held_out = study.of_role(Role::Validate).next().is_some();
        let why = if held_out {
            "its numbers are held out"
        } else {
            "its numbers are context or missing"
        };
        return Err(ModelError::NotForFitting {
            study: id.clone(),
            why,
        });
    }
    Ok((id, study))
}
