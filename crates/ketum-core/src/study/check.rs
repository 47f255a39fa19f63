//! The rules a study file keeps by itself: names resolve, units fit, roles are allowed.
//!
//! What needs other files (sources, analytes, conflicts across studies) is the linter's.

use std::collections::BTreeSet;

use super::{
    Bound, Origin, PkParameter, Role, Species, StatisticKind, Study, StudyKind, StudyStatistic,
};
use crate::evidence::Verification;
use crate::id::LocalId;
use crate::unit::{Dimension, Unit};

/// Something in a study file that would make a fit or a comparison quietly wrong.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum StudyProblem {
    /// Two rows of one list carry one name.
    #[error("`{id}` names two rows of `{list}`")]
    NameTwice {
        /// The list.
        list: &'static str,
        /// The name.
        id: LocalId,
    },
    /// A name points to nothing.
    #[error("`{from}` names the {what} `{id}`, which this file does not have")]
    NoSuchName {
        /// The row that names it.
        from: LocalId,
        /// What is missing: arm, occasion, reading.
        what: &'static str,
        /// The name.
        id: LocalId,
    },
    /// A unit is unknown or does not measure the parameter.
    #[error("statistic `{id}`: `{unit}` is not a unit of {parameter:?}")]
    Unit {
        /// The statistic.
        id: LocalId,
        /// The unit as written.
        unit: String,
        /// What it should measure.
        parameter: PkParameter,
    },
    /// A value is not a number a statistic of its kind can have.
    #[error("statistic `{id}`: {reason}")]
    Value {
        /// The statistic.
        id: LocalId,
        /// What is wrong.
        reason: &'static str,
    },
    /// A role the number must not have.
    #[error("statistic `{id}` cannot be `{role:?}`: {reason}")]
    Role {
        /// The statistic.
        id: LocalId,
        /// The role as written.
        role: Role,
        /// Why not.
        reason: &'static str,
    },
    /// A dose without its unit, its form, or with both a value and a range.
    #[error("arm `{arm}`: {reason}")]
    Dose {
        /// The arm.
        arm: LocalId,
        /// What is wrong.
        reason: &'static str,
    },
    /// Sampling times or a window that cannot be.
    #[error("occasion `{occasion}`: {reason}")]
    Times {
        /// The occasion.
        occasion: LocalId,
        /// What is wrong.
        reason: &'static str,
    },
    /// A half-life window that cannot be.
    #[error("half-life window on `{occasion}`: {reason}")]
    Window {
        /// The occasion the window names.
        occasion: LocalId,
        /// What is wrong.
        reason: &'static str,
    },
    /// Something inferred or assumed without saying why.
    #[error("`{id}` is inferred or assumed; say why")]
    Unexplained {
        /// The row.
        id: LocalId,
    },
}

impl StudyProblem {
    /// The list of the study file and the name in it a reader should look at.
    #[must_use]
    pub fn place(&self) -> (&'static str, &LocalId) {
        match self {
            Self::NameTwice { list, id } => (list, id),
            Self::NoSuchName { from: id, .. }
            | Self::Unit { id, .. }
            | Self::Value { id, .. }
            | Self::Role { id, .. } => ("statistic", id),
            Self::Dose { arm, .. } => ("arm", arm),
            Self::Times { occasion: id, .. } | Self::Unexplained { id } => ("occasion", id),
            Self::Window { occasion, .. } => ("window", occasion),
        }
    }
}

impl Study {
    /// Every problem this file has by itself, in file order. Empty for a sound file.
    #[must_use]
    pub fn problems(&self) -> Vec<StudyProblem> {
        let mut found = Vec::new();
        names(
            "arm",
            self.arm.iter().map(|row| &row.id).collect(),
            &mut found,
        );
        names(
            "occasion",
            self.occasion.iter().map(|row| &row.id).collect(),
            &mut found,
        );
        names(
            "reading",
            self.reading.iter().map(|row| &row.id).collect(),
            &mut found,
        );
        names(
            "statistic",
            self.statistic.iter().map(|row| &row.id).collect(),
            &mut found,
        );
        self.arms(&mut found);
        self.occasions(&mut found);
        self.windows(&mut found);
        for statistic in &self.statistic {
            self.statistic(statistic, &mut found);
        }
        found
    }

    fn arms(&self, found: &mut Vec<StudyProblem>) {
        for arm in &self.arm {
            let mut bad = |reason| {
                found.push(StudyProblem::Dose {
                    arm: arm.id.clone(),
                    reason,
                });
            };
            let given = self.species == Species::Human
                && matches!(
                    self.kind,
                    StudyKind::Pharmacokinetic | StudyKind::Interaction
                );
            let form = self.product.as_ref().and_then(|product| product.form);
            if given && !arm.dose.is_empty() && form.is_none() {
                bad("a dose given to people needs the form of its product");
            }
            for dose in arm.dose.values() {
                if !matches!(dose.unit.as_str(), "mg" | "mg/kg") {
                    bad("doses are in mg or mg/kg");
                }
                let sound = match (dose.value, dose.low, dose.high) {
                    (Some(value), None, None) => value >= 0.0 && value.is_finite(),
                    (None, Some(low), Some(high)) => low >= 0.0 && high.is_finite() && low <= high,
                    _ => false,
                };
                if !sound {
                    bad("a dose is one value, or a low and a high end in order");
                }
            }
            if arm.n == Some(0) || arm.n_assumed == Some(0) {
                bad("an arm has at least one participant");
            }
            if arm.n.is_some() && arm.n_assumed.is_some() {
                bad("`n_assumed` is for arms whose `n` is not published");
            }
        }
    }

    fn occasions(&self, found: &mut Vec<StudyProblem>) {
        for occasion in &self.occasion {
            let mut bad = |reason| {
                found.push(StudyProblem::Times {
                    occasion: occasion.id.clone(),
                    reason,
                });
            };
            let rising = occasion.sampling_h.windows(2).all(|pair| pair[0] < pair[1]);
            if !rising
                || !occasion
                    .sampling_h
                    .iter()
                    .all(|h| h.is_finite() && *h >= 0.0)
            {
                bad("sampling times are hours after the dose, rising, from 0 on");
            }
            if occasion.doses == 0 {
                bad("an occasion has at least one dose before it");
            }
            if (occasion.doses > 1) != occasion.interval_h.is_some() {
                bad("a series of doses has an interval, a single dose has none");
            }
            if [occasion.interval_h, occasion.earlier_dose_h]
                .into_iter()
                .flatten()
                .any(|h| !(h.is_finite() && h > 0.0))
            {
                bad("times between doses are hours above 0");
            }
            let open = [occasion.schedule_origin, occasion.sampling_origin]
                .iter()
                .any(|origin| *origin != Origin::Published);
            if open && occasion.why.is_none() {
                found.push(StudyProblem::Unexplained {
                    id: occasion.id.clone(),
                });
            }
        }
    }

    fn windows(&self, found: &mut Vec<StudyProblem>) {
        for window in &self.window {
            let mut bad = |reason| {
                found.push(StudyProblem::Window {
                    occasion: window.occasion.clone(),
                    reason,
                });
            };
            let Some(occasion) = self.occasion(&window.occasion) else {
                bad("the file has no such occasion");
                continue;
            };
            // Written so that a time that is not a number fails too.
            if !(window.from_h >= 0.0 && window.from_h < window.to_h) {
                bad("it has two ends in order, from 0 on");
            }
            let last = occasion.sampling_h.last().copied().unwrap_or(0.0);
            if window.to_h > last {
                bad("it ends after the last sample");
            }
            let inside = occasion
                .sampling_h
                .iter()
                .filter(|h| window.from_h <= **h && **h <= window.to_h)
                .count();
            if inside < 3 {
                bad("it needs at least three samples inside");
            }
        }
    }

    fn statistic(&self, row: &StudyStatistic, found: &mut Vec<StudyProblem>) {
        let missing = |what, id: &LocalId| StudyProblem::NoSuchName {
            from: row.id.clone(),
            what,
            id: id.clone(),
        };
        if let Some(id) = &row.arm
            && self.arm(id).is_none()
        {
            found.push(missing("arm", id));
        }
        if let Some(id) = &row.occasion
            && self.occasion(id).is_none()
        {
            found.push(missing("occasion", id));
        }
        let reading = self.reading(&row.reading);
        if reading.is_none() {
            found.push(missing("reading", &row.reading));
        }
        if !row.unit_fits() {
            found.push(StudyProblem::Unit {
                id: row.id.clone(),
                unit: row.unit.clone(),
                parameter: row.parameter,
            });
        }
        found.extend(row.value_problems());
        let verification = reading.map(|reading| reading.verification);
        if let Some(reason) = self.role_problem(row, verification) {
            found.push(StudyProblem::Role {
                id: row.id.clone(),
                role: row.role,
                reason,
            });
        }
    }

    /// Why a row must not have its role, where it must not.
    fn role_problem(
        &self,
        row: &StudyStatistic,
        verification: Option<Verification>,
    ) -> Option<&'static str> {
        let probe = matches!(
            row.parameter,
            PkParameter::AucRatio | PkParameter::CmaxRatio | PkParameter::THalfRatio
        );
        match row.role {
            Role::Context => (self.species == Species::Human
                && self.kind != StudyKind::Forensic
                && row.reason.is_none())
            .then_some("a human number that is only context needs a reason"),
            Role::Anchor => {
                if !probe {
                    Some("only ratios of a probe medicine anchor the interaction model")
                } else {
                    None
                }
            }
            Role::Calibrate | Role::Validate => {
                if self.species != Species::Human {
                    Some("only people are fitted or held out")
                } else if matches!(self.kind, StudyKind::Forensic | StudyKind::Observation) {
                    Some("dose or time is not known")
                } else if probe {
                    Some("a probe's ratio is an anchor")
                } else if !verification.is_some_and(Verification::is_shippable) {
                    Some("nobody has read its source")
                } else if verification == Some(Verification::Derived) {
                    Some("own arithmetic is not an observation")
                } else if row.bound == Some(Bound::AtLeast) || row.bound == Some(Bound::AtMost) {
                    Some("a bound is not a value")
                } else if row.occasion.is_none() {
                    Some("it needs the occasion it was measured on")
                } else if row.arm.is_none() && self.arm.is_empty() {
                    Some("it needs an arm")
                } else if row.parameter == PkParameter::THalf
                    && row
                        .occasion
                        .as_ref()
                        .is_none_or(|id| self.window(&row.analyte, id).is_none())
                {
                    Some("a half-life needs the window it was taken from")
                } else {
                    None
                }
            }
        }
    }
}

impl StudyStatistic {
    fn unit_fits(&self) -> bool {
        use PkParameter as P;
        let Some(unit) = Unit::parse(&self.unit) else {
            return false;
        };
        if self.kind == StatisticKind::Cv {
            return unit.dimension == Dimension::Number;
        }
        let fits: &[Dimension] = match self.parameter {
            P::Cmax | P::Concentration => {
                &[Dimension::Concentration, Dimension::MolarConcentration]
            }
            P::Tmax | P::THalf | P::TimeToSteadyState => &[Dimension::Time],
            P::Auc0Inf | P::AucTau => &[Dimension::Exposure, Dimension::MolarExposure],
            P::ClF | P::Cl => &[Dimension::Clearance, Dimension::ClearancePerMass],
            P::VzF | P::Vd => &[Dimension::Volume, Dimension::VolumePerMass],
            P::F
            | P::FeUrine
            | P::MetaboliteRatio
            | P::AucRatio
            | P::CmaxRatio
            | P::THalfRatio
            | P::HeartFemoralRatio
            | P::ParentMetaboliteRatio
            | P::ExposureChange => &[Dimension::Number],
        };
        fits.contains(&unit.dimension)
    }

    fn value_problems(&self) -> Vec<StudyProblem> {
        let mut found = Vec::new();
        let mut bad = |reason| {
            found.push(StudyProblem::Value {
                id: self.id.clone(),
                reason,
            });
        };
        if !(self.value.is_finite() && self.value > 0.0) {
            bad("values of a statistic are finite and above 0");
        }
        let end = matches!(self.kind, StatisticKind::CiLow | StatisticKind::CiHigh);
        if end != self.level.is_some() {
            bad("the ends of a confidence interval, and only they, have a level");
        }
        if self
            .level
            .is_some_and(|level| !(level > 0.5 && level < 1.0))
        {
            bad("a level is a fraction between 0.5 and 1");
        }
        if self.over_arms.is_some() && self.arm.is_some() {
            bad("`over_arms` compares all arms; it cannot name one");
        }
        if self.n == Some(0) {
            bad("a statistic has at least one participant");
        }
        found
    }
}

fn names(list: &'static str, ids: Vec<&LocalId>, found: &mut Vec<StudyProblem>) {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            found.push(StudyProblem::NameTwice {
                list,
                id: id.clone(),
            });
        }
    }
}
