//! The lints of law by name, with what each is for.

/// Name and meaning of every lint of law.
pub const LAW_CODES: &[(&str, &str)] = &[
    ("law-schema", "the shape has a version"),
    ("law-file-name", "the file name is the id in lower case"),
    ("law-iso", "the place has an ISO 3166 code"),
    (
        "law-ocd",
        "division ids are well formed and lie in their place",
    ),
    (
        "law-parent",
        "a state has a country, a country has no parent",
    ),
    ("law-review-order", "a review is due after the last one"),
    (
        "law-stale",
        "what is past its review date (warning; an error after 30 days)",
    ),
    ("law-future", "nothing is reviewed in the future"),
    (
        "law-looked-for",
        "a place nobody knows says what was looked for",
    ),
    ("law-local-id", "a local id starts with its state"),
    ("law-stage", "only a measure in force sets a status"),
    (
        "law-contradiction",
        "a local rule does not contradict its state silently",
    ),
    (
        "law-watch",
        "last_reviewed is raised only after the watched documents were read",
    ),
    ("law-watch-place", "a watched document belongs to a file"),
    (
        "law-watch-outcome",
        "a watched document that was read has an outcome",
    ),
    (
        "law-duplicate-id",
        "ids are used once; a proposal shares none with law in force",
    ),
    ("law-dangling", "names inside a file lead somewhere"),
    ("law-substance", "compounds and sets exist"),
    ("law-conflict", "a conflict has two sides"),
    ("law-readings", "an open term has its readings"),
    ("law-no-rule", "a ruleset has a limit"),
    (
        "law-vectors",
        "every limit has test vectors on both sides and at its edge",
    ),
    ("law-operator", "the operator fits the quantity"),
    ("law-unit", "the unit fits the quantity"),
    ("law-basis", "the basis fits the quantity"),
    ("law-ratio", "a ratio has two sides"),
    ("law-analyte", "a limit says of what"),
    ("law-activity", "a rule names the acts it is about"),
    (
        "law-activities",
        "a row says where its acts come from, and claims no act that nobody named",
    ),
    (
        "law-look-up",
        "a look-up can be repeated and cites what it found",
    ),
    ("law-unverified", "nothing unread stands in a file of law"),
    ("law-no-source", "every row has a source"),
    ("law-dangling-source", "a cited source stands in the file"),
    ("law-no-locator", "a source can be found by others"),
    (
        "law-source-date",
        "a source was published before it was read",
    ),
    (
        "law-source-differs",
        "one key is one document in every file",
    ),
    ("law-unused-source", "every source is used (note)"),
    ("law-confidence", "tiers of sources cap confidence"),
    (
        "law-claim-guard",
        "a federal schedule rests on an order in the Federal Register",
    ),
    ("law-period", "a period ends after it starts"),
    ("law-to-kind", "the kind of end fits the end"),
    ("law-from", "an unchecked first day is there"),
    ("law-closed", "a row is closed with a reason"),
    (
        "law-overlap",
        "periods of one substance and act do not overlap",
    ),
    ("law-repeal", "a more lenient row has two sources"),
    ("law-gap", "no silent gap between periods (note)"),
];
