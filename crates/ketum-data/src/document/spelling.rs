//! The nearest known word, for hints.

/// The candidate closest to `word` by edits, where it is close enough to be what was meant.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = word.chars().take(64).flat_map(char::to_lowercase).collect();
    let limit = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, candidate), candidate))
        .filter(|(edits, _)| *edits <= limit)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Edits between two words: insert, delete, replace, swap neighbours.
fn distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().take(80).flat_map(char::to_lowercase).collect();
    let mut rows = [
        vec![0; b.len() + 1],
        (0..=b.len()).collect(),
        vec![0; b.len() + 1],
    ];
    for (i, &x) in a.iter().enumerate() {
        rows[2][0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let mut best = (rows[1][j] + usize::from(x != y))
                .min(rows[1][j + 1] + 1)
                .min(rows[2][j] + 1);
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(rows[0][j - 1] + 1);
            }
            rows[2][j + 1] = best;
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_stranger_is_not() {
        let words = ["weight", "age", "conditions"];
        assert_eq!(nearest("wieght", words), Some("weight"));
        assert_eq!(nearest("Condition", words), Some("conditions"));
        assert_eq!(nearest("favourite_colour", words), None);
        assert_eq!(nearest("", words), None);
    }
}
