//! Edit distance with a bound, and a cheap test that excludes most names before it.

/// The most edits two names of this many letters may differ by and still be one name mistyped.
pub(super) fn tolerance(letters: usize) -> u8 {
    match letters {
        0..=3 => 0,
        4..=5 => 1,
        6..=11 => 2,
        _ => 3,
    }
}

/// A set of the letters and digits in a folded name; other scripts share one bit.
pub(super) fn letters(folded: &str) -> u64 {
    folded.chars().fold(0, |set, letter| {
        let bit = match letter {
            'a'..='z' => letter as u32 - 'a' as u32,
            '0'..='9' => 26 + letter as u32 - '0' as u32,
            _ => 40,
        };
        set | 1 << bit
    })
}

/// Whether two names could lie within `most` edits, judged by their letters alone: one edit changes
/// the set by at most two letters.
pub(super) fn plausible(a: u64, b: u64, most: u8) -> bool {
    (a ^ b).count_ones() <= 2 * u32::from(most)
}

/// Damerau-Levenshtein distance in its restricted form (no letter is edited twice), or `None` where it
/// is above `most`. `rows` is scratch space.
pub(super) fn distance(a: &[char], b: &[char], most: u8, rows: &mut [Vec<u8>; 3]) -> Option<u8> {
    if a.len().abs_diff(b.len()) > usize::from(most) {
        return None;
    }
    let [before, above, row] = rows;
    above.clear();
    above.extend((0..=b.len()).map(|j| u8::try_from(j).unwrap_or(u8::MAX)));
    for (i, &x) in a.iter().enumerate() {
        row.clear();
        row.push(u8::try_from(i + 1).unwrap_or(u8::MAX));
        let mut least = row[0];
        for (j, &y) in b.iter().enumerate() {
            let mut best = above[j]
                .saturating_add(u8::from(x != y))
                .min(above[j + 1].saturating_add(1))
                .min(row[j].saturating_add(1));
            if i > 0 && j > 0 && x == b[j - 1] && a[i - 1] == y {
                best = best.min(before[j - 1].saturating_add(1));
            }
            row.push(best);
            least = least.min(best);
        }
        if least > most.saturating_add(1) {
            return None; // a later swap can win back one edit, no more
        }
        std::mem::swap(before, above);
        std::mem::swap(above, row);
    }
    above.last().copied().filter(|edits| *edits <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edits(a: &str, b: &str, most: u8) -> Option<u8> {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        distance(&a, &b, most, &mut Default::default())
    }

    /// The textbook table, without bound or shortcut.
    fn textbook(a: &str, b: &str) -> usize {
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        let mut d = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                d[i][j] = if i == 0 || j == 0 {
                    i + j
                } else {
                    let swap = if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                        d[i - 2][j - 2] + 1
                    } else {
                        usize::MAX
                    };
                    (d[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]))
                        .min(d[i - 1][j] + 1)
                        .min(d[i][j - 1] + 1)
                        .min(swap)
                };
            }
        }
        d[a.len()][b.len()]
    }

    #[test]
    fn known_pairs() {
        assert_eq!(edits("hydroxyzine", "hydralazine", 3), Some(3));
        assert_eq!(edits("sertraline", "sertralin", 2), Some(1));
        assert_eq!(edits("xnaax", "xanax", 1), Some(1));
        assert_eq!(edits("anxax", "xanax", 1), None);
        assert_eq!(edits("anxax", "xanax", 2), Some(2));
        assert_eq!(edits("tramdaol", "tramadol", 2), Some(1));
        assert_eq!(edits("", "", 0), Some(0));
    }

    proptest! {
        #[test]
        fn the_bound_changes_no_answer(a in "[a-e]{0,9}", b in "[a-e]{0,9}", most in 0u8..5) {
            let true_distance = textbook(&a, &b);
            let expected = u8::try_from(true_distance).ok().filter(|d| *d <= most);
            prop_assert_eq!(edits(&a, &b, most), expected);
        }

        #[test]
        fn the_letters_exclude_nothing_within_reach(a in "[a-z0-9é]{0,12}", b in "[a-z0-9é]{0,12}", most in 0u8..4) {
            if edits(&a, &b, most).is_some() {
                prop_assert!(plausible(letters(&a), letters(&b), most));
            }
        }

        #[test]
        fn distance_is_symmetric(a in "[a-d]{0,8}", b in "[a-d]{0,8}") {
            prop_assert_eq!(edits(&a, &b, 8), edits(&b, &a, 8));
        }
    }
}
