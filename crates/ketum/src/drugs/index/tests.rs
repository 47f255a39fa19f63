//! The resolver on the drugs that ship.

use proptest::prelude::*;

use super::*;

fn catalogue() -> &'static Catalogue {
    static CATALOGUE: std::sync::OnceLock<Catalogue> = std::sync::OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::embedded().unwrap())
}

fn index() -> &'static Index<'static> {
    static INDEX: std::sync::OnceLock<Index<'static>> = std::sync::OnceLock::new();
    INDEX.get_or_init(|| Index::new(catalogue()))
}

fn ids(given: &str) -> Vec<String> {
    match index().resolve(given) {
        Resolution::Known { drugs, .. } => drugs.iter().map(|d| d.id.to_string()).collect(),
        Resolution::Unknown { .. } => vec![],
    }
}

fn suggested(given: &str) -> Vec<String> {
    match index().resolve(given) {
        Resolution::Unknown { suggestions } => suggestions
            .iter()
            .flat_map(|s| s.drugs.iter().map(ToString::to_string))
            .collect(),
        Resolution::Known { drugs, by } => panic!("{given} is known: {drugs:?} {by:?}"),
    }
}

#[test]
fn ids_names_synonyms_and_brands_lead_to_their_drugs() {
    for (given, id) in [
        ("sertraline", "sertraline"),
        ("Zoloft", "sertraline"),
        ("ZOLOFT®", "sertraline"),
        ("meperidine", "pethidine"),
        ("Tylenol", "paracetamol"),
        ("acetaminophen", "paracetamol"),
        ("St. John’s Wort", "st-johns-wort"),
        ("7-OH", "7-hydroxymitragynine"),
        ("7oh", "7-hydroxymitragynine"),
        ("GHB", "sodium-oxybate"),
        ("weed", "dronabinol"),
        ("tranq", "xylazine"),
        ("ketum", "kratom"),
    ] {
        assert_eq!(ids(given), [id], "{given}");
    }
}

#[test]
fn a_combination_product_is_every_ingredient_it_holds() {
    assert_eq!(ids("Suboxone"), ["buprenorphine", "naloxone"]);
    assert_eq!(ids("percocet"), ["oxycodone", "paracetamol"]);
    assert_eq!(ids("Feel Free"), ["kava", "kratom"]);
    assert_eq!(ids("Paxlovid"), ["nirmatrelvir", "ritonavir"]);
}

#[test]
fn a_close_spelling_is_asked_back_and_never_taken() {
    assert_eq!(suggested("sertralin"), ["sertraline"]);
    assert!(suggested("alprazolan").contains(&"alprazolam".to_owned()));
    assert!(suggested("xanex").contains(&"alprazolam".to_owned()));
    assert!(suggested("tramdol").contains(&"tramadol".to_owned()));
    // The classic mix-up: each is known, neither is a typing error of the other.
    assert_eq!(ids("hydroxyzine"), ["hydroxyzine"]);
    assert_eq!(ids("hydralazine"), ["hydralazine"]);
}

#[test]
fn a_name_beside_a_strength_is_asked_back_first() {
    assert_eq!(suggested("sertraline 50 mg")[0], "sertraline");
    assert_eq!(suggested("Xanax XR 1mg")[0], "alprazolam");
    assert!(suggested("oxycodon 10mg").contains(&"oxycodone".to_owned()));
}

#[test]
fn an_unknown_name_is_an_answer() {
    for given in ["", "  ", "—", "zzzzzzzz", "qwertyuiop", "\u{0}", "x"] {
        assert_eq!(suggested(given), Vec::<String>::new(), "{given:?}");
    }
}

#[test]
fn every_name_leads_to_its_drug_whatever_its_case_and_punctuation() {
    for drug in catalogue().drugs.values() {
        for name in drug.names() {
            for given in [
                name.to_owned(),
                name.to_uppercase(),
                name.replace([' ', '-'], ""),
                format!(" {} ", name.replace('e', "é")),
            ] {
                let found = ids(&given);
                assert!(found.contains(&drug.id.to_string()), "{given} -> {found:?}");
            }
        }
    }
}

/// A name of the catalogue with one letter dropped, doubled, replaced or swapped.
fn mistyped() -> impl Strategy<Value = (String, String)> {
    let names: Vec<(String, String)> = catalogue()
        .drugs
        .values()
        .flat_map(|drug| drug.names().map(|n| (drug.id.to_string(), fold(n))))
        .filter(|(_, name)| name.chars().count() >= 6)
        .collect();
    let letter = prop::char::range('a', 'z');
    (
        prop::sample::select(names),
        any::<prop::sample::Index>(),
        0..4u8,
        letter,
    )
        .prop_map(|((id, name), at, how, letter)| {
            let mut letters: Vec<char> = name.chars().collect();
            let at = at.index(letters.len() - 1);
            match how {
                0 => drop(letters.remove(at)),
                1 => letters.insert(at, letter),
                2 => letters[at] = letter,
                _ => letters.swap(at, at + 1),
            }
            (id, letters.into_iter().collect())
        })
}

proptest! {
    #[test]
    fn one_slip_is_asked_back_or_is_another_name((id, given) in mistyped()) {
        match index().resolve(&given) {
            // Only where the slip spells a name that exists.
            Resolution::Known { drugs, .. } => {
                let spelled = drugs.iter().any(|d| d.names().any(|n| fold(n) == fold(&given)));
                prop_assert!(spelled);
            }
            Resolution::Unknown { suggestions } => {
                // A crowd of nearer names may push it out; otherwise it is there.
                let there = suggestions.iter().any(|s| s.drugs.iter().any(|d| d.as_str() == id));
                prop_assert!(there || suggestions.len() == MOST_SUGGESTIONS, "{given}: {suggestions:?}");
            }
        }
    }

    #[test]
    fn any_text_gets_an_answer_of_bounded_size(given in "\\PC{0,200}") {
        if let Resolution::Unknown { suggestions } = index().resolve(&given) {
            prop_assert!(suggestions.len() <= MOST_SUGGESTIONS);
            let order: Vec<_> = suggestions.iter().map(|s| (s.because, s.edits)).collect();
            prop_assert!(order.is_sorted());
            prop_assert!(suggestions.iter().all(|s| !s.drugs.is_empty()));
        }
    }
}
