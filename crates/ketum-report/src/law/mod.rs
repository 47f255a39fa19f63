//! Law in words and pictures: answers, pages of a place, a tile map of the states, a table of the world.
//!
//! Formats what `ketum::law` found. Says "no rule found" where no rule was found, and never more.

pub mod answer;
mod html;
pub mod map;
pub mod page;
pub mod table;
pub mod words;
