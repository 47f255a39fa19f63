//! Units: newtypes for the quantities the code computes with, and the one table of unit names.
//!
//! Canonical units are mg, L, h, mg/L and kg. Molar amounts become masses only through the analyte's
//! molar mass. Inside numerical kernels plain `f64` arrays are used; the newtypes stop at their door.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! units {
    ($($(#[$doc:meta])* $name:ident = $symbol:literal),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub f64);

        impl $name {
            /// The symbol printed behind the number.
            pub const SYMBOL: &'static str = $symbol;

            /// The bare number, in this unit.
            #[must_use]
            pub fn get(self) -> f64 {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)?;
                f.write_str(concat!(" ", $symbol))
            }
        }

        impl std::ops::Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }

        impl std::ops::Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }

        impl std::ops::Mul<f64> for $name {
            type Output = Self;
            fn mul(self, factor: f64) -> Self {
                Self(self.0 * factor)
            }
        }
    )+};
}

units! {
    /// Milligrams: amounts of an analyte.
    Mg = "mg",
    /// Grams: masses of product.
    G = "g",
    /// Kilograms: body weight.
    Kg = "kg",
    /// Litres.
    L = "L",
    /// Hours.
    Hour = "h",
    /// Milligrams per litre, which is micrograms per millilitre.
    MgPerL = "mg/L",
    /// Litres per hour: clearance.
    LPerHour = "L/h",
    /// Per hour: first-order rates.
    PerHour = "1/h",
    /// Milligrams of analyte per gram of product: content.
    MgPerG = "mg/g",
}

impl std::ops::Mul<G> for MgPerG {
    type Output = Mg;
    fn mul(self, mass: G) -> Mg {
        Mg(self.0 * mass.0)
    }
}

/// What a unit measures. Two units of one dimension convert into each other by a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Canonical mg.
    Mass,
    /// Canonical L.
    Volume,
    /// Canonical h.
    Time,
    /// Mass per volume, canonical mg/L.
    Concentration,
    /// Mass per mass, canonical mg/g.
    MassFraction,
    /// Amount of substance per volume, canonical mol/L.
    MolarConcentration,
    /// Amount of substance per volume times time, canonical mol/L*h.
    MolarExposure,
    /// Volume per time, canonical L/h.
    Clearance,
    /// Volume per time and body mass, canonical L/h/kg.
    ClearancePerMass,
    /// Per time, canonical 1/h.
    Rate,
    /// Volume per body mass, canonical L/kg.
    VolumePerMass,
    /// Mass per time, canonical mg/h.
    MassRate,
    /// Dose per body mass, canonical mg/kg.
    DosePerMass,
    /// Concentration times time, canonical mg/L*h.
    Exposure,
    /// Pure numbers; canonical 1.
    Number,
    /// Counts of people, reports, organisms.
    Count,
    /// Counts of organisms per mass, canonical 1/g.
    CountPerMass,
    /// Events per time, canonical 1/h.
    CountRate,
    /// Pressure, canonical mmHg.
    Pressure,
    /// Temperature, canonical degree Celsius.
    Temperature,
    /// Enzyme activity per volume, canonical U/L.
    EnzymeActivity,
    /// Milligrams per use or serving, canonical mg.
    MassPerUse,
}

/// One unit: what it is called, what it measures, and the factor to the canonical unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// The name we print.
    pub symbol: &'static str,
    /// What it measures.
    pub dimension: Dimension,
    /// Multiply by this to reach the canonical unit of the dimension.
    pub factor: f64,
    other_names: &'static [&'static str],
}

const fn unit(
    symbol: &'static str,
    dimension: Dimension,
    factor: f64,
    other_names: &'static [&'static str],
) -> Unit {
    Unit {
        symbol,
        dimension,
        factor,
        other_names,
    }
}

/// Every unit ketum reads, with UCUM names among the other names.
pub const UNITS: &[Unit] = {
    use Dimension::*;
    &[
        unit("mg", Mass, 1.0, &["milligram", "milligrams"]),
        unit("g", Mass, 1e3, &["gram", "grams"]),
        unit("kg", Mass, 1e6, &[]),
        unit("ug", Mass, 1e-3, &["µg", "μg", "mcg"]),
        unit("ng", Mass, 1e-6, &[]),
        unit("oz", Mass, 28_349.523_125, &["[oz_av]"]),
        unit("lb", Mass, 453_592.37, &["[lb_av]", "lbs"]),
        unit("L", Volume, 1.0, &["l"]),
        unit("mL", Volume, 1e-3, &["ml"]),
        unit("fl_oz", Volume, 0.029_573_529_562_5, &["fl oz", "[foz_us]"]),
        unit("h", Time, 1.0, &["hour", "hours", "hr"]),
        unit("min", Time, 1.0 / 60.0, &["minute", "minutes"]),
        unit("s", Time, 1.0 / 3600.0, &[]),
        unit("ms", Time, 1.0 / 3_600_000.0, &[]),
        unit("d", Time, 24.0, &["day", "days"]),
        unit("wk", Time, 168.0, &["week", "weeks"]),
        unit("mo", Time, 730.5, &["month", "months"]),
        unit("a", Time, 8766.0, &["year", "years", "y"]),
        unit(
            "mg/L",
            Concentration,
            1.0,
            &["mg/l", "ug/mL", "µg/mL", "μg/mL", "mcg/mL"],
        ),
        unit(
            "ng/mL",
            Concentration,
            1e-3,
            &["ng/ml", "ug/L", "µg/L", "μg/L", "mcg/L"],
        ),
        unit("mg/dL", Concentration, 10.0, &["mg/dl"]),
        unit("g/dL", Concentration, 1e4, &["g/dl"]),
        unit("g/L", Concentration, 1e3, &["mg/mL", "mg/ml"]),
        unit("g/mL", Concentration, 1e6, &["g/ml", "kg/L"]),
        unit("% w/v", Concentration, 1e4, &[]),
        unit("mg/g", MassFraction, 1.0, &[]),
        unit(
            "ug/g",
            MassFraction,
            1e-3,
            &["µg/g", "μg/g", "ppm", "mg/kg product"],
        ),
        unit("ug/kg", MassFraction, 1e-6, &["µg/kg", "ppb", "ng/g"]),
        unit("% w/w", MassFraction, 10.0, &[]),
        unit("nM", MolarConcentration, 1e-9, &["nmol/L"]),
        unit(
            "uM",
            MolarConcentration,
            1e-6,
            &["µM", "μM", "umol/L", "µmol/L"],
        ),
        unit("mmol/L", MolarConcentration, 1e-3, &["mM"]),
        unit("nM*h", MolarExposure, 1e-9, &[]),
        unit("L/h", Clearance, 1.0, &["l/h"]),
        unit("mL/min", Clearance, 0.06, &["ml/min"]),
        unit("L/h/kg", ClearancePerMass, 1.0, &["l/h/kg"]),
        unit("1/h", Rate, 1.0, &["/h"]),
        unit("1/min", Rate, 60.0, &["/min"]),
        unit("1/d", CountRate, 1.0 / 24.0, &["/d", "per day"]),
        unit("1/a", CountRate, 1.0 / 8766.0, &["/a", "per year"]),
        unit("L/kg", VolumePerMass, 1.0, &[]),
        unit("mg/d", MassRate, 1.0 / 24.0, &["mg/day"]),
        unit("g/d", MassRate, 1e3 / 24.0, &["g/day"]),
        unit(
            "ug/d",
            MassRate,
            1e-3 / 24.0,
            &["µg/day", "ug/day", "μg/day"],
        ),
        unit("mg/h", MassRate, 1.0, &[]),
        unit("mg/kg", DosePerMass, 1.0, &[]),
        unit("mg/L*h", Exposure, 1.0, &["mg*h/L"]),
        unit("ng*h/mL", Exposure, 1e-3, &["ng/mL*h", "h*ng/mL"]),
        unit("1", Number, 1.0, &["{ratio}", "ratio", "{INR}", "INR"]),
        unit("%", Number, 0.01, &["percent"]),
        unit("people", Count, 1.0, &["{people}", "persons"]),
        unit(
            "reports",
            Count,
            1.0,
            &["{reports}", "calls", "cases", "deaths", "samples", "posts"],
        ),
        unit("CFU/g", CountPerMass, 1.0, &["cfu/g", "[CFU]/g"]),
        unit("MPN/g", CountPerMass, 1.0, &["mpn/g"]),
        unit("beats/min", CountRate, 60.0, &["bpm"]),
        unit("mmHg", Pressure, 1.0, &["mm[Hg]"]),
        unit("Cel", Temperature, 1.0, &["degC", "°C"]),
        unit("U/L", EnzymeActivity, 1.0, &["IU/L"]),
        unit("mg/use", MassPerUse, 1.0, &["mg/serving"]),
    ]
};

impl Unit {
    /// The unit with this name, or `None`. Names are matched to the letter: `Mg` is not `mg`.
    #[must_use]
    pub fn parse(name: &str) -> Option<&'static Self> {
        UNITS
            .iter()
            .find(|unit| unit.symbol == name || unit.other_names.contains(&name))
    }

    /// The number in the canonical unit of the dimension.
    #[must_use]
    pub fn to_canonical(self, value: f64) -> f64 {
        value * self.factor
    }

    /// The number in this unit, from the canonical unit.
    #[must_use]
    pub fn from_canonical(self, value: f64) -> f64 {
        value / self.factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_units() {
        let mut names: Vec<&str> = UNITS
            .iter()
            .flat_map(|unit| std::iter::once(unit.symbol).chain(unit.other_names.iter().copied()))
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn conversions_agree_with_the_definitions() {
        let to = |name: &str, value: f64| Unit::parse(name).unwrap().to_canonical(value);
        assert_eq!(to("ng/mL", 1000.0), to("ug/mL", 1.0));
        assert_eq!(to("% w/w", 1.0), to("mg/g", 10.0));
        assert_eq!(to("ppm", 1000.0), to("mg/g", 1.0));
        assert!((to("fl_oz", 1.0) - 0.02957).abs() < 1e-5);
        assert_eq!(to("d", 2.0), 48.0);
    }

    #[test]
    fn content_times_mass_is_an_amount() {
        assert_eq!(MgPerG(13.3) * G(2.0), Mg(26.6));
    }
}
