//! Words and pictures of ketum.
