//! Units as products of powers, so that a model file's units can be multiplied and compared.
//!
//! A unit is read as atoms joined by `*`, `·` and `/`, each with an optional whole exponent: `1/h`,
//! `ng*h/mL`, `L/h/kg`, `h^-1`. Mass, amount of substance, volume, time, length and pure numbers are
//! known with their factors; any other name (`mmHg`, `cells`) is a dimension of its own, so a user's
//! response can have the unit it is measured in. Names are matched to the letter: `Mg` is not `mg`.

use std::collections::BTreeMap;
use std::fmt;

/// Known atoms: name, base it is a multiple of, factor. Bases: mg, mol, L, h, m; "" for numbers.
const ATOMS: &[(&str, &str, f64)] = &[
    ("1", "", 1.0),
    ("ratio", "", 1.0),
    ("{ratio}", "", 1.0),
    ("fraction", "", 1.0),
    ("%", "", 0.01),
    ("percent", "", 0.01),
    ("kg", "mg", 1e6),
    ("g", "mg", 1e3),
    ("mg", "mg", 1.0),
    ("ug", "mg", 1e-3),
    ("µg", "mg", 1e-3),
    ("μg", "mg", 1e-3),
    ("mcg", "mg", 1e-3),
    ("ng", "mg", 1e-6),
    ("pg", "mg", 1e-9),
    ("mol", "mol", 1.0),
    ("mmol", "mol", 1e-3),
    ("umol", "mol", 1e-6),
    ("µmol", "mol", 1e-6),
    ("μmol", "mol", 1e-6),
    ("nmol", "mol", 1e-9),
    ("pmol", "mol", 1e-12),
    ("L", "L", 1.0),
    ("l", "L", 1.0),
    ("dL", "L", 0.1),
    ("dl", "L", 0.1),
    ("mL", "L", 1e-3),
    ("ml", "L", 1e-3),
    ("uL", "L", 1e-6),
    ("µL", "L", 1e-6),
    ("μL", "L", 1e-6),
    ("h", "h", 1.0),
    ("hr", "h", 1.0),
    ("hour", "h", 1.0),
    ("hours", "h", 1.0),
    ("min", "h", 1.0 / 60.0),
    ("s", "h", 1.0 / 3600.0),
    ("d", "h", 24.0),
    ("day", "h", 24.0),
    ("days", "h", 24.0),
    ("wk", "h", 168.0),
    ("week", "h", 168.0),
    ("m", "m", 1.0),
    ("cm", "m", 1e-2),
    ("mm", "m", 1e-3),
];

/// Molar names: amount of substance per volume.
const MOLAR: &[(&str, f64)] = &[
    ("M", 1.0),
    ("mM", 1e-3),
    ("uM", 1e-6),
    ("µM", 1e-6),
    ("μM", 1e-6),
    ("nM", 1e-9),
    ("pM", 1e-12),
];

/// A product of powers of base units, times a factor.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitProduct {
    factor: f64,
    powers: BTreeMap<String, i32>,
}

/// A unit that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the unit '{unit}' cannot be read at '{part}'")]
pub struct UnreadableUnit {
    /// The unit as written.
    pub unit: String,
    /// The part that is no unit.
    pub part: String,
}

impl UnitProduct {
    /// The unit of a pure number.
    #[must_use]
    pub fn number() -> Self {
        Self {
            factor: 1.0,
            powers: BTreeMap::new(),
        }
    }

    /// Hours.
    #[must_use]
    pub fn hours() -> Self {
        let mut unit = Self::number();
        unit.put("h", 1);
        unit
    }

    /// Reads a unit as written.
    ///
    /// # Errors
    /// An empty part, a bare number other than one, an exponent that is no small whole number.
    pub fn parse(written: &str) -> Result<Self, UnreadableUnit> {
        let fail = |part: &str| UnreadableUnit {
            unit: written.to_owned(),
            part: part.to_owned(),
        };
        let mut unit = Self::number();
        let mut sign = 1;
        let mut start = 0;
        let text = written.trim();
        // `/h` is short for `1/h`.
        let text = match text.strip_prefix('/') {
            Some(rest) => {
                sign = -1;
                rest
            }
            None => text,
        };
        let ends = text
            .char_indices()
            .filter(|(_, c)| matches!(c, '*' | '·' | '/'))
            .map(|(at, c)| (at, Some(c)))
            .chain([(text.len(), None)]);
        for (end, separator) in ends {
            let part = text[start..end].trim();
            unit.take(part, sign).ok_or_else(|| fail(part))?;
            if let Some(separator) = separator {
                sign = if separator == '/' { -1 } else { 1 };
                start = end + separator.len_utf8();
            }
        }
        Ok(unit)
    }

    fn take(&mut self, part: &str, sign: i32) -> Option<()> {
        let (name, exponent) = exponent(part)?;
        let power = sign * exponent;
        if let Some((_, base, factor)) = ATOMS.iter().find(|(atom, _, _)| *atom == name) {
            self.factor *= powi(*factor, power);
            self.put(base, power);
        } else if let Some((_, factor)) = MOLAR.iter().find(|(atom, _)| *atom == name) {
            self.factor *= powi(*factor, power);
            self.put("mol", power);
            self.put("L", -power);
        } else if name.is_empty()
            || name.parse::<f64>().is_ok()
            || name.contains(char::is_whitespace)
        {
            return None;
        } else {
            self.put(name, power);
        }
        Some(())
    }

    fn put(&mut self, base: &str, power: i32) {
        if base.is_empty() {
            return;
        }
        let now = self.powers.entry(base.to_owned()).or_insert(0);
        *now += power;
        if *now == 0 {
            self.powers.remove(base);
        }
    }

    /// The product of two units.
    #[must_use]
    pub fn times(mut self, other: &Self) -> Self {
        self.factor *= other.factor;
        for (base, &power) in &other.powers {
            self.put(base, power);
        }
        self
    }

    /// This unit over another.
    #[must_use]
    pub fn over(mut self, other: &Self) -> Self {
        self.factor /= other.factor;
        for (base, &power) in &other.powers {
            self.put(base, -power);
        }
        self
    }

    /// Whether both measure the same thing.
    #[must_use]
    pub fn measures_as(&self, other: &Self) -> bool {
        self.powers == other.powers
    }

    /// How many of `other` one of this is, where both measure the same thing.
    #[must_use]
    pub fn in_units_of(&self, other: &Self) -> Option<f64> {
        self.measures_as(other)
            .then_some(self.factor / other.factor)
    }
}

/// A name and its exponent: `h^-1`, `m^2`, or the name alone.
fn exponent(part: &str) -> Option<(&str, i32)> {
    match part.split_once('^') {
        None => Some((part, 1)),
        Some((name, exponent)) => {
            let exponent: i32 = exponent.parse().ok()?;
            (exponent.abs() <= 9).then_some((name, exponent))
        }
    }
}

fn powi(base: f64, power: i32) -> f64 {
    let mut value = 1.0;
    for _ in 0..power.abs() {
        value *= base;
    }
    if power < 0 { 1.0 / value } else { value }
}

impl fmt::Display for UnitProduct {
    /// In base units, for messages: `mg/L`, `1/h`, `0.001 mg/L`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (self.factor - 1.0).abs() > 1e-9 {
            write!(f, "{} ", short(self.factor))?;
        }
        let mut above = false;
        for (base, &power) in self.powers.iter().filter(|(_, power)| **power > 0) {
            write!(f, "{}{base}", if above { "*" } else { "" })?;
            raised(f, power)?;
            above = true;
        }
        if !above {
            f.write_str("1")?;
        }
        for (base, &power) in self.powers.iter().filter(|(_, power)| **power < 0) {
            write!(f, "/{base}")?;
            raised(f, -power)?;
        }
        Ok(())
    }
}

/// Twelve digits are enough for a message and hide the rounding of the factors.
fn short(value: f64) -> f64 {
    format!("{value:.11e}").parse().unwrap_or(value)
}

fn raised(f: &mut fmt::Formatter<'_>, power: i32) -> fmt::Result {
    if power == 1 {
        Ok(())
    } else {
        write!(f, "^{power}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(text: &str) -> UnitProduct {
        UnitProduct::parse(text).unwrap()
    }

    #[test]
    fn units_multiply_and_compare() {
        assert!(unit("L/h").over(&unit("L")).measures_as(&unit("1/h")));
        assert_eq!(unit("/h"), unit("h^-1"));
        assert_eq!(unit("mg/L*h"), unit("mg*h/L"));
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-12;
        assert!(close(
            unit("mg/L").in_units_of(&unit("ng/mL")).unwrap(),
            1e3
        ));
        assert!(close(
            unit("1/min").in_units_of(&unit("1/h")).unwrap(),
            60.0
        ));
        assert!(close(
            unit("uM").in_units_of(&unit("nmol/mL")).unwrap(),
            1.0
        ));
        assert!(close(unit("%").in_units_of(&unit("ratio")).unwrap(), 0.01));
        assert_eq!(unit("mg/L").in_units_of(&unit("mmHg")), None);
        assert!(!unit("L/h/kg").measures_as(&unit("L/h")));
        assert!(!unit("Mg").measures_as(&unit("mg")));
    }

    #[test]
    fn what_is_no_unit_is_named() {
        for (text, part) in [
            ("", ""),
            ("mg//L", ""),
            ("2/h", "2"),
            ("mg per L", "mg per L"),
        ] {
            assert_eq!(UnitProduct::parse(text).unwrap_err().part, part, "{text}");
        }
        assert!(UnitProduct::parse("h^x").is_err());
    }

    #[test]
    fn messages_show_base_units() {
        assert_eq!(unit("ng/mL").to_string(), "0.001 mg/L");
        assert_eq!(unit("L/h").over(&unit("L")).to_string(), "1/h");
        assert_eq!(unit("mg*h/L").to_string(), "h*mg/L");
        assert_eq!(unit("m^2").to_string(), "m^2");
    }
}
