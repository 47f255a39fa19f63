//! Words and pictures of ketum. This crate formats what others computed; it never computes.

pub mod evidence;
pub mod terminal;
pub mod words;
