//! Heart: QT correction by four formulas, its limits, and the hERG margin. Knows intervals and a
//! channel's IC50; does not read an ECG and clears no one for any medicine.

pub mod herg_margin;
pub mod qtc;
pub mod qtc_class;

use super::facts::{FactFile, fact_file};

/// Limits of QTc.
pub(crate) static QTC: FactFile = fact_file!("qtc");
