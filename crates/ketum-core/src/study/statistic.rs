//! One published number of a study, what it measures, which summary it is and what it may be used for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{AnalyteId, LocalId, StudyId};

/// One number as published. The spread of a mean is a statistic of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StudyStatistic {
    /// Name inside this file.
    pub id: LocalId,
    /// The alkaloid or probe medicine.
    pub analyte: AnalyteId,
    /// What was measured.
    pub parameter: PkParameter,
    /// Which arm. Absent: all arms together, or compared as `over_arms` says.
    #[serde(default)]
    pub arm: Option<LocalId>,
    /// Set where the paper prints only the smallest or largest of the arms' statistics.
    #[serde(default)]
    pub over_arms: Option<OverArms>,
    /// Which occasion. Absent for casework.
    #[serde(default)]
    pub occasion: Option<LocalId>,
    /// Which summary of the participants.
    pub kind: StatisticKind,
    /// The number, in `unit`.
    pub value: f64,
    /// Unit as published; one of the table in [`crate::unit`].
    pub unit: String,
    /// Level of a confidence interval as a fraction, for its ends.
    #[serde(default)]
    pub level: Option<f64>,
    /// Set where the paper gives only a bound.
    #[serde(default)]
    pub bound: Option<Bound>,
    /// How many participants are behind the number, where it differs from the arm.
    #[serde(default)]
    pub n: Option<u32>,
    /// Where it was read.
    pub reading: LocalId,
    /// What it may be used for.
    pub role: Role,
    /// Why this role, where it is not obvious; always where a human number is context.
    #[serde(default)]
    pub reason: Option<String>,
    /// What a reader should know of the number.
    #[serde(default)]
    pub note: Option<String>,
    /// Numbers that say otherwise. Both sides are shown.
    #[serde(default)]
    pub conflicts_with: Vec<StatisticRef>,
}

/// A statistic in some study.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StatisticRef {
    /// File in `data/studies/`.
    pub study: StudyId,
    /// Statistic in that file.
    pub statistic: LocalId,
}

/// What was measured. Names are those of the glossary.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum PkParameter {
    /// Highest level after a dose.
    Cmax,
    /// Time of the highest level after the dose.
    Tmax,
    /// Half-life of the last phase, by log-linear regression over a window.
    THalf,
    /// Area under the curve to infinity.
    #[serde(rename = "auc_0_inf")]
    Auc0Inf,
    /// Area under the curve over one dosing interval.
    AucTau,
    /// Clearance over bioavailability.
    ClF,
    /// Volume of the last phase over bioavailability.
    VzF,
    /// Clearance after injection.
    Cl,
    /// Volume of distribution after injection.
    Vd,
    /// Absolute oral bioavailability.
    F,
    /// Share of the dose found unchanged in urine over the sampling.
    FeUrine,
    /// Level of the metabolite over level of mitragynine, by mass.
    MetaboliteRatio,
    /// Time of regular dosing until levels stop rising.
    TimeToSteadyState,
    /// Area under the curve of a probe with the treatment over without.
    AucRatio,
    /// Highest level of a probe with the treatment over without.
    CmaxRatio,
    /// Half-life of a probe with the treatment over without.
    THalfRatio,
    /// Level at an unknown time.
    Concentration,
    /// Level in heart blood over level in femoral blood.
    HeartFemoralRatio,
    /// Level of mitragynine over level of the metabolite, by mass.
    ParentMetaboliteRatio,
    /// Change of exposure with a treatment against without, as a share of without.
    ExposureChange,
}

/// Which summary of the participants a number is. Kinds are never converted into each other here.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum StatisticKind {
    /// Arithmetic mean.
    Mean,
    /// Standard deviation (n - 1), in the unit of the parameter.
    Sd,
    /// Median.
    Median,
    /// Smallest.
    Min,
    /// Largest.
    Max,
    /// Geometric mean, or a ratio of geometric means.
    GeometricMean,
    /// Coefficient of variation.
    Cv,
    /// Lower end of a confidence interval.
    CiLow,
    /// Upper end of a confidence interval.
    CiHigh,
    /// One measured value.
    Value,
}

impl StatisticKind {
    /// Whether the number says where the participants lie, not how far they scatter.
    #[must_use]
    pub fn is_central(self) -> bool {
        matches!(
            self,
            Self::Mean | Self::Median | Self::GeometricMean | Self::Value
        )
    }
}

/// Which arm's statistic a paper printed, where it printed only the extreme of all arms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OverArms {
    /// The smallest of the arms' statistics.
    Lowest,
    /// The largest of the arms' statistics.
    Highest,
}

/// A bound instead of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The true number is at most this.
    AtMost,
    /// The true number is at least this.
    AtLeast,
}

/// What a number may be used for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Fitted by `ketum calibrate`.
    Calibrate,
    /// Held out: compared by `ketum validate`, never seen by a fit.
    Validate,
    /// Anchors the interaction model.
    Anchor,
    /// Shown, never computed with.
    Context,
}
