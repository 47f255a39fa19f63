//! The lints by name, with what each is for. A test holds this list and the bad files to each other.

/// Name and meaning of every lint.
pub const CODES: &[(&str, &str)] = &[
    // reading a file
    ("file", "the file can be read: size, encoding"),
    ("syntax", "the file is TOML"),
    (
        "shape",
        "the file has the shape of its folder; what the checks below do not explain",
    ),
    ("unknown-key", "no key without a meaning"),
    ("missing-key", "no needed key is missing"),
    ("type", "text is text, numbers are numbers"),
    ("unknown-word", "words of closed vocabularies"),
    ("variant", "exactly one of several ways of saying a thing"),
    ("range", "possible numbers"),
    ("length", "lists of possible length"),
    ("date", "dates that exist, as exact as they are written"),
    ("clock", "times of day"),
    ("id", "ids are lower-case letters, digits and hyphens"),
    ("file-name", "file name = id"),
    ("unknown-folder", "every folder holds a kind of fact"),
    // sources
    ("no-source", "a claim has a source"),
    ("no-locator", "a citation says where in the source"),
    ("dangling-source", "a cited source exists"),
    ("duplicate-source", "one document, one source"),
    ("no-identifier", "a source can be found by others"),
    ("doi-form", "a DOI as registered"),
    ("pmid-form", "a PMID is a number"),
    ("unused-source", "a source is cited (note)"),
    // claims
    ("duplicate-id", "an id names one claim"),
    ("id-topic", "a claim's id starts with its topic"),
    ("applies-to", "a claim says which products it is about"),
    ("certainty-why", "a certainty has reasons"),
    ("to-verify", "statements whose source was not read (note)"),
    ("gap-kind", "what was not found is a gap, not a statement"),
    ("dangling-claim", "a named claim exists"),
    ("one-sided-conflict", "a conflict stands on both claims"),
    // findings
    ("no-circumstance", "a finding rule says when it applies"),
    ("no-claim", "a finding rule rests on claims"),
    ("dangling-topic", "a topic is a file of claims"),
    ("dangling-finding", "a named finding exists"),
    ("harm-action", "urgent action has a harm"),
    ("certainty", "a finding is not surer than its claims"),
    // short answers
    ("no-question", "an answer says which questions it answers"),
    (
        "no-words",
        "an answer says which words a question must name",
    ),
    // numbers
    ("unknown-unit", "units of the one table"),
    ("dimension", "a unit that measures what is meant"),
    ("interval-order", "low <= value <= high"),
    ("interval-kind", "the ends of an interval have a meaning"),
    ("no-number", "a quantity has a number"),
    ("part-over-whole", "a part is not larger than the whole"),
    (
        "sum-over-whole",
        "parts do not add up to more than the whole",
    ),
    ("spread", "a spread is log-normal"),
    ("molar-mass", "a molar mass an alkaloid can have"),
    // calculators
    (
        "unread-citation",
        "a cut-off rests on a source that was read",
    ),
    (
        "dangling-citation",
        "a cut-off, band or item cites a place that is there",
    ),
    ("item-points", "an item has allowed points or answers"),
    (
        "answer-points",
        "an answer has points, or their range while they are open",
    ),
    ("band-gap", "bands of a score meet"),
    // studies
    (
        "study",
        "a study keeps its own rules: windows, kinds of statistics, roles",
    ),
    // drugs and their classes
    ("drug-id", "a drug's id is its file name"),
    ("duplicate-name", "a name leads to one drug"),
    ("repeated-name", "a name is said once"),
    ("empty-name", "a name has letters"),
    ("brand-is-name", "a brand is no ingredient's own name"),
    ("unknown-class", "a class of data/classes.toml"),
    ("duplicate-class", "a class is said once"),
    (
        "computed-class",
        "what follows from the enzymes is not written",
    ),
    ("none-with-others", "`none_of_ours` stands alone"),
    (
        "none-without-source",
        "`none_of_ours` rests on something read",
    ),
    ("no-class", "something is known of a drug"),
    ("class-meaning", "a class says what membership means"),
    (
        "class-circle",
        "classes do not imply each other in a circle",
    ),
    ("duplicate-enzyme", "one row for each enzyme and role"),
    ("strength-role", "a strength that goes with its role"),
    (
        "number-needs",
        "a number names its enzyme or the other drug",
    ),
    ("unknown-drug", "a named drug exists"),
    ("fm-sum", "shares of clearance add to at most 1"),
    // interactions
    ("empty-rule", "a rule says who takes part and what is said"),
    ("level-order", "the most urgent level stands first"),
    ("slot", "a statement holds no slot but its own"),
    // monitoring
    (
        "monitoring-order",
        "a monitoring option is an option: no order, no dose, no medicine stopped",
    ),
    ("no-test", "a monitoring option says what is looked at"),
    // time and words
    ("stale", "what is past its review date (warning)"),
    ("review-order", "reviewed after it was known"),
    ("future", "no evidence from the future"),
    ("forbidden-word", "words ketum never uses"),
    ("unfinished-sentence", "whole sentences, nothing left open"),
];
