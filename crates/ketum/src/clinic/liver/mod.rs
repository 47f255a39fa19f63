//! Liver: pattern and Hy's law, causality (RUCAM, RECAM band), severity (DILIN), MELD 3.0, Child-Pugh.
//! Knows laboratory values and published scores; does not know kratom, and names no diagnosis.

pub mod child_pugh;
pub mod dilin_severity;
pub mod hys_law;
pub mod meld3;
pub mod r_ratio;
pub mod recam_band;
pub mod rucam;
pub mod rucam_grade;
pub mod rucam_rechallenge;

use super::facts::FactFile;

/// Facts of the pattern of injury and Hy's law.
pub(crate) const PATTERN: FactFile = FactFile("liver_pattern");
/// Facts of RUCAM.
pub(crate) const RUCAM: FactFile = FactFile("rucam");
