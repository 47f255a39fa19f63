//! Statistics of spontaneous reports: how often a product and an event are named together, compared
//! with what chance would give. Knows counts; says every time that counts are not incidence.

pub mod disproportionality;
pub mod ebgm;
pub mod rr_prr;

use super::build::Answer;
use super::facts::FactFile;

/// Facts of the frequentist measures.
pub(crate) const FACTS: FactFile = FactFile("disproportionality");

/// The words every report statistic ends with.
fn not_incidence(answer: Answer) -> Answer {
    answer
        .warn("Report counts are not incidence: nobody knows how many people used the product.")
        .warn("Reports are stimulated by news, can be duplicates, and often name other substances taken together.")
}
