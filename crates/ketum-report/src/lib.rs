//! Words and pictures of ketum. This crate formats what others computed; it never computes.

pub mod ask;
pub mod assessment;
pub mod brief;
pub mod course;
pub mod emergency;
pub mod evidence;
pub mod html;
pub mod interaction;
pub mod law;
pub mod levels;
pub mod markdown;
pub mod monitoring;
pub mod plot;
pub mod terminal;
pub mod validation;
pub mod words;
