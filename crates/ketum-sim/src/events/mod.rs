//! From records to what happens when.

mod regimen;
mod timeline;
mod trains;

pub use regimen::{Regimen, SlotEvent};
pub(crate) use timeline::timeline;
pub use timeline::{Action, SteadyPlan, Step, Stretch};
