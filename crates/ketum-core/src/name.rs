//! Folding of names: two spellings of one name that differ only in case, accents, spaces or
//! punctuation fold to the same text.
//!
//! This module knows letters. It does not know which names exist (`data/drugs/`) and forgives no
//! typing error (that is a suggestion, made by the resolver).

/// The folded form of a name: lower-case letters and digits, without accents.
///
/// ```
/// use ketum_core::name::fold;
/// assert_eq!(fold("St. John’s Wort"), fold("st-johns-wort"));
/// assert_eq!(fold("Éthinylestradiol"), "ethinylestradiol");
/// assert_eq!(fold("7-OH"), "7oh");
/// assert_eq!(fold("γ-butyrolactone"), "gammabutyrolactone");
/// ```
#[must_use]
pub fn fold(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            out.push(letter);
        } else if let Some(plain) = plain(letter) {
            out.push_str(plain);
        } else if letter.is_alphanumeric() && !('\u{300}'..='\u{36f}').contains(&letter) {
            out.push(letter); // another script
        }
    }
    out
}

/// The plain Latin spelling of an accented, joined or Greek letter.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'ı' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ř' => "r",
        'ś' | 'š' | 'ş' | 'ș' => "s",
        'ť' | 'ţ' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ž' | 'ż' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        'α' => "alpha",
        'β' => "beta",
        'γ' => "gamma",
        'δ' => "delta",
        'ω' => "omega",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_fold_alike() {
        for (a, b) in [
            ("Tylenol PM", "tylenol-pm"),
            ("5-MeO-DMT", "5meodmt"),
            ("Zoloft®", "zoloft"),
            ("Éphédrine", "ephedrine"),
            ("e\u{301}", "é"),
            ("  alprazolam\t", "alprazolam"),
            ("N,N-dimethyltryptamine", "NN-dimethyltryptamine"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} / {b}");
        }
    }

    #[test]
    fn other_scripts_stay_and_punctuation_alone_is_empty() {
        assert_eq!(fold("กระท่อม"), "กระทอม");
        assert_eq!(fold("—?!"), "");
    }

    #[test]
    fn folding_twice_changes_nothing() {
        for name in ["Straße", "ŁÓDŹ", "β-Phenyl-GABA", "İbuprofen"] {
            assert_eq!(fold(&fold(name)), fold(name), "{name}");
        }
    }
}
