//! From records to what happens when.

mod regimen;

pub use regimen::{Regimen, SlotEvent};
