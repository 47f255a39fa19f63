//! Numbers of the interaction models, read from the catalogue: each stands in one fact file.

use ketum_core::quantity::Quantity;
use ketum_data::catalogue::Catalogue;

/// The number of a claim.
pub(super) fn of_claim<'a>(catalogue: &'a Catalogue, id: &str) -> Option<&'a Quantity> {
    catalogue.claims.get(id)?.claim.quantity.as_ref()
}

/// The central value of a claim's number.
pub(super) fn value(catalogue: &Catalogue, claim: &str) -> Option<f64> {
    of_claim(catalogue, claim)?.value
}

/// A cut-off or constant of the static equations, from `data/clinic/static_ddi.toml`.
pub(super) fn static_cutoff(catalogue: &Catalogue, id: &str) -> Option<f64> {
    let facts = catalogue.clinic.get("static_ddi")?;
    let cutoff = facts.cutoff.iter().find(|one| one.id == id)?;
    Some(cutoff.value)
}

/// An assumption of `data/assumptions/`.
pub(super) fn assumption(catalogue: &Catalogue, id: &str) -> Option<f64> {
    catalogue.assumptions.get(id).map(|one| one.value)
}
