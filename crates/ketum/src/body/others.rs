//! The other alkaloids of leaf: each has a model of its own, fitted to one tea. Where the product is leaf
//! that is not drunk as tea, nothing is simulated and the reason is the answer.

use ketum_core::evidence::AppliesTo;
use ketum_core::form::Form;
use ketum_core::id::{AnalyteId, ModelId};
use ketum_core::level_model::LevelModel;
use ketum_core::model::{Parameter, Ratio, Source, SpreadSize};
use ketum_data::catalogue::Catalogue;
use ketum_sim::Model;
use ketum_sim::population::Sources;
use serde::Serialize;

use super::setup::{Setup, at_weight, own, ways_outside};
use super::{NotSimulated, Run, Spread, simulate, spread, washout};
use crate::case::Case;
use crate::model::design::OpenSpread;
use crate::model::template::OTHERS;
use crate::product::{AnalyteDose, ProductAnswer};
use crate::schedule::Schedule;

/// Levels of the other alkaloids, or why there are none.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct OtherAlkaloids {
    /// One entry an alkaloid the product holds and a model takes.
    pub alkaloids: Vec<OtherAlkaloid>,
    /// Why levels are missing, where they are.
    pub not_simulated: Option<String>,
    /// What must be said with these levels.
    pub warnings: Vec<String>,
}

/// Levels of one of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OtherAlkaloid {
    /// The alkaloid.
    pub analyte: AnalyteId,
    /// The model file.
    pub model: ModelId,
    /// Milligrams in one dose, median; of tea: in the leaf.
    pub dose_mg: f64,
    /// Unit of the levels.
    pub unit: String,
    /// Highest level.
    pub cmax: Spread,
    /// Time of the highest level, h after the first dose.
    pub tmax_h: Spread,
    /// Area under the level from the first dose to the end, unit times h.
    pub auc: Spread,
    /// Hours after the last dose until the level is 5 % of the highest; absent where more than one in
    /// twenty do not get there in the time followed.
    pub to_five_percent_h: Option<Spread>,
    /// Median area over the median area of mitragynine.
    pub area_over_mitragynine: f64,
    /// In which ways the case lies outside the one study behind the model.
    pub extrapolation: Vec<String>,
}

/// Said with every table of them.
const WARNING: &str = "Each of these models describes one study of five people who drank one tea; none was compared with numbers it had not seen.";

/// The model of an alkaloid that nothing supersedes.
fn model_of<'c>(catalogue: &'c Catalogue, name: &str) -> Option<(&'c ModelId, &'c LevelModel)> {
    catalogue.models.iter().find(|(_, file)| {
        file.superseded_by.is_none() && file.model.output.iter().all(|output| output.name == name)
    })
}

/// Simulates the other alkaloids that the product holds.
pub(super) fn levels(
    case: &Case,
    product: &ProductAnswer,
    schedule: &Schedule,
    catalogue: &Catalogue,
    times: &[f64],
    run: Run,
    mitragynine_area: f64,
) -> OtherAlkaloids {
    let mut answer = OtherAlkaloids::default();
    let Some(form) = product.form else {
        return answer;
    };
    // Products of single alkaloids hold none of these as far as is known.
    if form.drug_kind() == AppliesTo::SevenOh {
        return answer;
    }
    for name in OTHERS {
        let Ok(analyte) = name.parse::<AnalyteId>() else {
            continue;
        };
        let Some((id, file)) = model_of(catalogue, name) else {
            continue;
        };
        let Some(dose) = product.analytes.get(&analyte) else {
            continue;
        };
        if !file.dosed.iter().any(|dosed| dosed.forms.contains(&form)) {
            answer.not_simulated = Some(format!(
                "Levels of the other alkaloids were measured after tea only; after {} they are not simulated.",
                words(form)
            ));
            continue;
        }
        let one = one(
            case,
            dose,
            schedule,
            (id, file),
            times,
            run,
            mitragynine_area,
        );
        match one {
            Ok(Some(mut one)) => {
                one.extrapolation = ways_outside(file, product, schedule);
                answer.alkaloids.push(one);
            }
            Ok(None) => {}
            Err(reason) => answer.not_simulated = Some(reason.reason),
        }
    }
    if !answer.alkaloids.is_empty() {
        answer.warnings.push(WARNING.to_owned());
    }
    answer
}

/// A form in a sentence.
fn words(form: Form) -> &'static str {
    match form {
        Form::LeafTea => "tea",
        Form::Extract => "an extract",
        Form::Shot => "an extract shot",
        _ => "leaf that is swallowed",
    }
}

fn one(
    case: &Case,
    dose: &AnalyteDose,
    schedule: &Schedule,
    (id, file): (&ModelId, &LevelModel),
    times: &[f64],
    run: Run,
    mitragynine_area: f64,
) -> Result<Option<OtherAlkaloid>, NotSimulated> {
    let (Some(median), Some(sigma), Some(dosed)) =
        (dose.median_mg, dose.sigma_ln, file.dosed.first())
    else {
        return Ok(None);
    };
    if median > file.hard_domain.dose_mg_high {
        return Ok(None);
    }
    let setup = setup(case, median, sigma, file, dosed)?;
    let everyone = simulate(&setup, schedule, case, times, run, Sources::PREDICTION)?;
    let peaks = everyone.peaks(times, 0);
    let auc = spread(
        everyone
            .people()
            .map(|(profiles, person)| profiles.area(person, 0))
            .collect(),
    );
    Ok(Some(OtherAlkaloid {
        analyte: dosed.analyte.clone(),
        model: id.clone(),
        dose_mg: median,
        unit: setup.unit(0),
        cmax: spread(peaks.iter().map(|peak| peak.0).collect()),
        tmax_h: spread(peaks.iter().map(|peak| peak.1).collect()),
        auc,
        to_five_percent_h: washout(&everyone, times, schedule, 0, &peaks),
        area_over_mitragynine: auc.median / mitragynine_area,
        extrapolation: Vec::new(),
    }))
}

/// The alkaloid's model with what the product holds as a factor on what is taken up.
fn setup(
    case: &Case,
    median_mg: f64,
    sigma: f64,
    file: &LevelModel,
    dosed: &ketum_core::level_model::Dosed,
) -> Result<Setup, NotSimulated> {
    let mut description = file.model.clone();
    if let Some(weight) = case.person.weight {
        at_weight(&mut description, weight);
    }
    description.parameter.push(Parameter {
        name: "content".to_owned(),
        unit: "ratio".to_owned(),
        value: 1.0,
        distribution: ketum_core::model::Distribution::LogNormal,
        rse_percent: None,
        basis: None,
    });
    for compartment in &mut description.compartment {
        if compartment.name == dosed.compartment {
            let factor = compartment
                .bioavailability
                .get_or_insert_with(|| Ratio::new(&[], &[]));
            factor.times.push("content".to_owned());
        }
    }
    if sigma > 0.0 {
        description
            .spread
            .push(own("content", Source::Content, SpreadSize::Sd(vec![sigma])));
    }
    let model = Model::compile(&description).map_err(|error| NotSimulated {
        reason: format!("The model file contradicts itself: {error}."),
    })?;
    Ok(Setup {
        units: description
            .output
            .iter()
            .map(|output| output.unit.clone())
            .collect(),
        between: OpenSpread::of(file, &model),
        model,
        outputs: (0, 0),
        doses: vec![(dosed.compartment.clone(), median_mg)],
        driving: dosed.analyte.clone(),
        seven_oh_product: false,
        inputs_missing: Vec::new(),
    })
}
