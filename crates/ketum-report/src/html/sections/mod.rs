//! The sections of the page, one file each, from the assessment alone.

mod answer;
mod evidence;
mod findings;
mod law;
mod levels;
mod product;

pub(super) use answer::{answer, emergency};
pub(super) use evidence::{basis, not_known, sources};
pub(super) use findings::findings;
pub(super) use law::law;
pub(super) use levels::levels;
pub(super) use product::product;
