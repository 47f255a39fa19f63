//! The index of names: built once from a catalogue, asked many times.

use std::collections::BTreeMap;

use ketum_core::drug::Drug;
use ketum_core::id::DrugId;
use ketum_core::name::fold;
use ketum_data::catalogue::Catalogue;

use super::spelling::{distance, letters, plausible, tolerance};
use super::{Because, MOST_SUGGESTIONS, MatchedBy, Resolution, Suggestion};

/// Characters of a typed name that are looked at; the rest is ignored.
const LONGEST: usize = 120;

/// One folded name and where it leads.
#[derive(Debug)]
struct Name<'a> {
    folded: String,
    letters: u64,
    length: usize,
    shown: &'a str,
    by: MatchedBy,
    drugs: Vec<&'a Drug>,
}

/// Every name of every drug, for look-up.
#[derive(Debug)]
pub struct Index<'a> {
    drugs: &'a BTreeMap<DrugId, Drug>,
    /// Sorted by `folded`.
    names: Vec<Name<'a>>,
}

impl<'a> Index<'a> {
    /// The index of a catalogue's drugs.
    #[must_use]
    pub fn new(catalogue: &'a Catalogue) -> Self {
        Self::of(&catalogue.drugs)
    }

    /// The index of some drugs.
    #[must_use]
    pub fn of(drugs: &'a BTreeMap<DrugId, Drug>) -> Self {
        let mut entries = Vec::with_capacity(drugs.len() * 4);
        for drug in drugs.values() {
            let own = std::iter::once(drug.name.as_str())
                .chain(std::iter::once(drug.id.as_str()))
                .chain(drug.synonyms.iter().map(String::as_str));
            let brands = drug.brands.iter().map(String::as_str);
            let all = own
                .map(|name| (name, MatchedBy::Name))
                .chain(brands.map(|name| (name, MatchedBy::Brand)));
            entries.extend(all.map(|(shown, by)| (fold(shown), by, drug, shown)));
        }
        entries.retain(|(folded, ..)| !folded.is_empty());
        // A drug's own name comes before a brand spelled alike; the order of the file decides the rest.
        entries.sort_by(|a, b| (&a.0, a.1, &a.2.id).cmp(&(&b.0, b.1, &b.2.id)));

        let mut names: Vec<Name<'a>> = Vec::with_capacity(entries.len());
        for (folded, by, drug, shown) in entries {
            match names.last_mut() {
                Some(last) if last.folded == folded => {
                    let of_brand = last.by == MatchedBy::Brand && by == MatchedBy::Brand;
                    if of_brand && last.drugs.iter().all(|known| known.id != drug.id) {
                        last.drugs.push(drug);
                    }
                }
                _ => names.push(Name {
                    letters: letters(&folded),
                    length: folded.chars().count(),
                    folded,
                    shown,
                    by,
                    drugs: vec![drug],
                }),
            }
        }
        Self { drugs, names }
    }

    /// How many names there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no name at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// What `given` means.
    #[must_use]
    pub fn resolve(&self, given: &str) -> Resolution<'a> {
        if let Some(drug) = self.drugs.get(given.trim()) {
            return Resolution::Known {
                drugs: vec![drug],
                by: MatchedBy::Id,
            };
        }
        let short: String = given.chars().take(LONGEST).collect();
        let folded = fold(&short);
        if let Some(name) = self.find(&folded) {
            return Resolution::Known {
                drugs: name.drugs.clone(),
                by: name.by,
            };
        }
        Resolution::Unknown {
            suggestions: self.suggest(&short, &folded),
        }
    }

    fn find(&self, folded: &str) -> Option<&Name<'a>> {
        let at = self
            .names
            .binary_search_by(|name| name.folded.as_str().cmp(folded));
        at.ok().map(|at| &self.names[at])
    }

    /// Names that may have been meant: first those that stand within the text, then close spellings.
    fn suggest(&self, given: &str, folded: &str) -> Vec<Suggestion> {
        let mut found: Vec<(Because, u8, &Name<'a>)> = Vec::new();
        self.contained(given, &mut found);
        self.close(folded, &mut found);
        // `zanax xr`: the first word alone, mistyped beside a strength or a form.
        if found.is_empty()
            && let Some(first) = given.split_whitespace().next()
            && first.len() < given.trim().len()
        {
            self.close(&fold(first), &mut found);
        }
        found.sort_by(|a, b| {
            (a.0, a.1, a.2.by, a.2.folded.as_str()).cmp(&(b.0, b.1, b.2.by, b.2.folded.as_str()))
        });
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for (because, edits, name) in found {
            let drugs: Vec<DrugId> = name.drugs.iter().map(|drug| drug.id.clone()).collect();
            if suggestions.iter().any(|known| known.drugs == drugs) {
                continue; // one question for each drug
            }
            suggestions.push(Suggestion {
                name: name.shown.to_owned(),
                drugs,
                because,
                edits,
            });
            if suggestions.len() == MOST_SUGGESTIONS {
                break;
            }
        }
        suggestions
    }

    /// Names that are one or more whole words of the text: `sertraline 50 mg`, `Xanax XR`.
    fn contained<'s>(&'s self, given: &str, found: &mut Vec<(Because, u8, &'s Name<'a>)>) {
        let words: Vec<&str> = given
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '+' | '/' | '(' | ')'))
            .filter(|word| !word.is_empty())
            .take(12)
            .collect();
        if words.len() < 2 {
            return;
        }
        for length in (1..words.len().min(5)).rev() {
            for run in words.windows(length) {
                let folded = fold(&run.concat());
                if folded.len() > 2
                    && let Some(name) = self.find(&folded)
                {
                    found.push((Because::Contained, 0, name));
                }
            }
        }
    }

    /// Names within a few edits of `folded`.
    fn close<'s>(&'s self, folded: &str, found: &mut Vec<(Because, u8, &'s Name<'a>)>) {
        let typed: Vec<char> = folded.chars().collect();
        let most = tolerance(typed.len());
        if most == 0 {
            return;
        }
        let set = letters(folded);
        let mut rows: [Vec<u8>; 3] = Default::default();
        let mut letters: Vec<char> = Vec::with_capacity(40);
        for name in &self.names {
            // The shorter of the two says how much may differ.
            let most = most.min(tolerance(name.length));
            if name.length.abs_diff(typed.len()) > usize::from(most)
                || !plausible(name.letters, set, most)
            {
                continue;
            }
            letters.clear();
            letters.extend(name.folded.chars());
            if let Some(edits) = distance(&typed, &letters, most, &mut rows) {
                found.push((Because::Spelling, edits, name));
            }
        }
    }
}

#[cfg(test)]
mod tests;
