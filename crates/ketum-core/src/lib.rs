//! Vocabulary of ketum: units, time, ids, evidence, intervals, the typed facts.
