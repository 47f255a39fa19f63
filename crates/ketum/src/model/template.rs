//! What a calibration starts from: the structure, the priors, and what the fit leaves alone.

use ketum_core::level_model::LevelModel;
use ketum_core::model::{Source, Spread, SpreadSize};
use serde::Deserialize;

use super::ModelError;

/// Structure and priors of one model.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Typical values that are fitted.
    pub prior: Vec<Prior>,
    /// Spreads between people that are fitted.
    pub between: Vec<Between>,
    /// How far a study's numbers may lie from the model beyond sampling.
    pub between_study: BetweenStudy,
    /// Ways a parameter changes with the dose: alternatives to be tested, never part of a written model.
    #[serde(default)]
    pub dose_effect: Vec<DoseEffect>,
    /// Everything else.
    pub file: LevelModel,
}

/// A parameter changes with the dose by a fitted strength (a parameter of the model that nothing else
/// reads). It stands for a mechanism in its quasi-steady form: an enzyme lost in proportion to the daily
/// dose and back within a day or two, a first pass that gives way.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DoseEffect {
    /// The parameter changed.
    pub parameter: String,
    /// The fitted parameter that says how much.
    pub strength: String,
    /// Only after repeated doses.
    #[serde(default)]
    pub repeated_only: bool,
    /// Dose at which the strength is given, mg.
    pub reference_mg: f64,
    /// The factor.
    pub shape: DoseShape,
}

/// The factor on a parameter at dose `d` with strength `s` and reference `r`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoseShape {
    /// `exp(−s·d/r)`.
    Fall,
    /// `(d/r)^s`.
    Power,
}

/// What is believed of a typical value before the fit: normal on the natural logarithm.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prior {
    /// The parameter.
    pub parameter: String,
    /// Median, in the parameter's unit.
    pub median: f64,
    /// Standard deviation of the natural logarithm.
    pub sd: f64,
    /// Why.
    pub basis: String,
}

/// What is believed of a spread between people: its sd on the log scale is log-normal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// Parameters that share one shift.
    pub parameters: Vec<String>,
    /// Median of the standard deviation.
    pub median: f64,
    /// Standard deviation of its natural logarithm.
    pub sd: f64,
}

/// What is believed of the spread between studies.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BetweenStudy {
    /// Scale of the half-normal prior, on the natural logarithm.
    pub half_normal_sd: f64,
    /// Why.
    pub basis: String,
}

const KRATOM: &str = include_str!("templates/kratom-2026-2.toml");

const OTHER: &str = include_str!("templates/other-alkaloid.toml");

/// The alkaloids with a model of their own.
pub const OTHERS: [&str; 5] = [
    "speciogynine",
    "paynantheine",
    "speciociliatine",
    "mitraciliatine",
    "isopaynantheine",
];

impl Template {
    /// The template of an alkaloid by its id; mitragynine comes with 7-hydroxymitragynine.
    ///
    /// # Errors
    /// Where there is none.
    pub fn of(analyte: &str) -> Result<Self, ModelError> {
        if matches!(analyte, "mitragynine" | "7-hydroxymitragynine") {
            return Self::kratom();
        }
        if OTHERS.contains(&analyte) {
            return Self::read(&OTHER.replace("ANALYTE", analyte));
        }
        Err(ModelError::Engine {
            model: analyte.to_owned(),
            why: format!("there is a template for mitragynine, {}", OTHERS.join(", ")),
        })
    }

    /// The template of mitragynine and 7-hydroxymitragynine.
    ///
    /// # Errors
    /// Where it contradicts itself; a test refuses that.
    pub fn kratom() -> Result<Self, ModelError> {
        Self::read(KRATOM)
    }

    /// Reads a template.
    ///
    /// # Errors
    /// Where it is not one, or names a parameter that the model does not have.
    pub fn read(text: &str) -> Result<Self, ModelError> {
        let template: Self = toml::from_str(text).map_err(|error| ModelError::Engine {
            model: "template".to_owned(),
            why: error.to_string(),
        })?;
        let known = |name: &String| {
            template
                .file
                .model
                .parameter
                .iter()
                .any(|parameter| parameter.name == *name)
        };
        let named = template
            .prior
            .iter()
            .map(|prior| &prior.parameter)
            .chain(template.between.iter().flat_map(|one| &one.parameters))
            .chain(template.dose_effect.iter().map(|effect| &effect.parameter))
            .chain(template.dose_effect.iter().map(|effect| &effect.strength));
        for name in named {
            if !known(name) {
                return Err(ModelError::Engine {
                    model: template.file.model.id.clone(),
                    why: format!("a prior names `{name}`, which the model does not have"),
                });
            }
        }
        Ok(template)
    }

    /// Positions fitted: typical values, spreads between people, the spread between studies.
    #[must_use]
    pub fn dimension(&self) -> usize {
        self.prior.len() + self.between.len() + 1
    }

    /// Names of the fitted positions, in order: `cl`, `omega_cl`, `tau`.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let typical = self.prior.iter().map(|prior| prior.parameter.clone());
        let omega = self
            .between
            .iter()
            .map(|one| format!("omega_{}", one.parameters.join("_")));
        typical
            .chain(omega)
            .chain(std::iter::once("tau".to_owned()))
            .collect()
    }

    /// Prior centre and sd of each position on the natural logarithm. For the spread between studies
    /// these only scale the search.
    #[must_use]
    pub fn scales(&self) -> Vec<(f64, f64)> {
        use ketum_sim::math::ln;
        let typical = self.prior.iter().map(|prior| (ln(prior.median), prior.sd));
        let omega = self.between.iter().map(|one| (ln(one.median), one.sd));
        let tau = (ln(0.5 * self.between_study.half_normal_sd), 0.7);
        typical.chain(omega).chain(std::iter::once(tau)).collect()
    }

    /// The model file with these values on the natural logarithm, without uncertainty.
    #[must_use]
    pub fn with(&self, logs: &[f64]) -> LevelModel {
        use ketum_sim::math::exp;
        let mut file = self.file.clone();
        for (prior, log) in self.prior.iter().zip(logs) {
            if let Some(parameter) = file
                .model
                .parameter
                .iter_mut()
                .find(|parameter| parameter.name == prior.parameter)
            {
                parameter.value = exp(*log);
            }
        }
        for (between, log) in self.between.iter().zip(&logs[self.prior.len()..]) {
            // One spread of one parameter; a shared shift is a parameter of its own in the model.
            file.model.spread.push(Spread {
                source: Source::BetweenSubject,
                parameters: between.parameters.clone(),
                size: SpreadSize::Sd(vec![exp(*log); between.parameters.len()]),
            });
        }
        file
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_sound() {
        let template = Template::kratom().unwrap();
        assert_eq!(template.dimension(), template.names().len());
        assert_eq!(template.dimension(), template.scales().len());
    }

    #[test]
    fn the_other_alkaloids_have_templates_and_caffeine_has_none() {
        for analyte in OTHERS {
            let template = Template::of(analyte).unwrap();
            assert_eq!(template.file.model.output[0].name, analyte);
        }
        assert!(Template::of("caffeine").is_err());
    }

    #[test]
    fn a_prior_for_nothing_is_refused() {
        let text = KRATOM.replacen("parameter = \"ka\"", "parameter = \"kx\"", 1);
        let error = Template::read(&text).unwrap_err().to_string();
        assert!(error.contains("`kx`"), "{error}");
    }
}
