//! From records to what happens when.

mod regimen;
mod timeline;
mod trains;

pub use regimen::{Regimen, SlotEvent};
pub use timeline::{Action, SteadyPlan, Step, Stretch, timeline};
