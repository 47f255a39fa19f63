//! Numbers as people read them. Knows rounding for display; never used inside a calculation.

/// A number without needless digits: at most five significant ones, no exponent for ordinary sizes.
#[must_use]
pub fn plain_number(number: f64) -> String {
    if !number.is_finite() {
        return "not a number".to_owned();
    }
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{number:.3e}");
    }
    let decimals = match size {
        s if s >= 10_000.0 => 0,
        s if s >= 1_000.0 => 1,
        s if s >= 100.0 => 2,
        s if s >= 10.0 => 3,
        s if s >= 0.1 => 4,
        s if s >= 0.01 => 5,
        s if s >= 0.001 => 6,
        _ => 7,
    };
    trim(&format!("{number:.decimals$}"))
}

/// `number` to at most `decimals` places, without trailing zeros.
#[must_use]
pub fn rounded(number: f64, decimals: usize) -> String {
    if number.abs() >= 1e12 || !number.is_finite() {
        return plain_number(number);
    }
    let short = trim(&format!("{number:.decimals$}"));
    // A small number that would show as zero keeps its significant digits instead.
    if short == "0" && number != 0.0 {
        plain_number(number)
    } else {
        short
    }
}

fn trim(text: &str) -> String {
    let short = if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.')
    } else {
        text
    };
    if short == "-0" {
        "0".to_owned()
    } else {
        short.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_a_reader_needs() {
        for (number, text) in [
            (2.146_788, "2.1468"),
            (0.0, "0"),
            (-0.0, "0"),
            (591_958.0, "591958"),
            (0.000_32, "0.00032"),
            (3.081e-5, "3.081e-5"),
            (f64::NAN, "not a number"),
        ] {
            assert_eq!(plain_number(number), text);
        }
        assert_eq!(rounded(0.0004, 2), "0.0004");
        assert_eq!(rounded(39.999_91, 1), "40");
    }
}
