//! Close spellings, to be offered as a question. Knows edit distance; never decides.

/// Candidates close to `given`, best first, at most three.
pub(crate) fn nearest<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    // A key longer than any of ours is not a misspelling; the bound also keeps the work small.
    if given.is_empty() || given.chars().count() > 64 {
        return Vec::new();
    }
    let wanted = fold(given);
    let mut scored: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| {
            let folded = fold(candidate);
            let distance = distance(&wanted, &folded);
            let allowed = 1 + wanted.len().max(folded.len()) / 4;
            let contained = wanted.len() >= 3
                && (starts_with(&folded, &wanted) || starts_with(&wanted, &folded));
            if distance <= allowed {
                Some((distance, candidate))
            } else if contained {
                Some((allowed + 1, candidate))
            } else {
                None
            }
        })
        .collect();
    scored.sort_by_key(|&(distance, name)| (distance, name));
    scored.into_iter().map(|(_, name)| name).take(3).collect()
}

fn fold(text: &str) -> Vec<char> {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

fn starts_with(whole: &[char], start: &[char]) -> bool {
    !start.is_empty() && whole.starts_with(start)
}

/// Levenshtein distance over characters.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, to) in row.iter_mut().skip(1).zip(b) {
            let above = *cell;
            let here = (diagonal + usize::from(from != to))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_is_levenshtein() {
        for (a, b, d) in [
            ("kitten", "sitting", 3),
            ("", "abc", 3),
            ("abc", "abc", 0),
            ("qtc", "qct", 2),
        ] {
            assert_eq!(distance(&fold(a), &fold(b)), d, "{a} {b}");
        }
    }

    #[test]
    fn offers_close_names_only() {
        let names = ["alt_U_L", "alt_uln", "alp_U_L", "alp_uln"];
        assert_eq!(
            nearest("ALT.ULN", names.into_iter()).first(),
            Some(&"alt_uln")
        );
        assert_eq!(
            nearest("ALT_U_L", names.into_iter()).first(),
            Some(&"alt_U_L")
        );
        assert!(nearest("weight", names.into_iter()).is_empty());
    }
}
