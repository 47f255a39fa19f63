//! Heart: QT correction by four formulas, its limits, and the hERG margin. Knows intervals and a
//! channel's IC50; does not read an ECG and clears no one for any medicine.

pub mod herg_margin;
pub mod qtc;
pub mod qtc_class;

use super::facts::FactFile;

/// Limits of QTc.
pub(crate) const QTC: FactFile = FactFile("qtc");
