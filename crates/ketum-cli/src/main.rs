//! The ketum command.
fn main() {}
