//! Facts of ketum: reads, lints and embeds data/.
