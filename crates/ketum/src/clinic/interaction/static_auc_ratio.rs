//! Mechanistic static model: AUC ratio of an oral victim from reversible inhibition, inactivation and
//! induction in gut and liver. Knows the equations of ICH M12 (Fahmi 2009); does not know any medicine.
//! With too little given it answers the terms it can and leaves the ratio absent.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, Kind, Range, missing};
use crate::clinic::text::plain_number;

use super::{FRACTION, concentration, constant, rate};

/// Terms of one site; each is 1 without effect.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Reversible inhibition, 1 / (1 + I/Ki).
    pub a: f64,
    /// Inactivation, kdeg / (kdeg + I kinact / (I + KI)).
    pub b: f64,
    /// Induction, 1 + d Emax I / (I + EC50).
    pub c: f64,
}

impl Terms {
    /// No effect.
    pub const NONE: Self = Self {
        a: 1.0,
        b: 1.0,
        c: 1.0,
    };

    /// The product of the three.
    #[must_use]
    pub fn product(self) -> f64 {
        self.a * self.b * self.c
    }

    fn inhibition(self) -> Self {
        Self { c: 1.0, ..self }
    }

    fn induction(self) -> Self {
        Self {
            a: 1.0,
            b: 1.0,
            ..self
        }
    }
}

/// Reversible term.
#[must_use]
pub fn reversible(i: f64, ki_u: f64) -> f64 {
    1.0 / (1.0 + i / ki_u)
}

/// Inactivation term; `kinact` and `kdeg` in the same unit.
#[must_use]
pub fn inactivation(i: f64, kinact: f64, ki_u: f64, kdeg: f64) -> f64 {
    kdeg / (kdeg + i * kinact / (i + ki_u))
}

/// Induction term.
#[must_use]
pub fn induction(i: f64, d: f64, emax: f64, ec50_u: f64) -> f64 {
    1.0 + d * emax * i / (i + ec50_u)
}

/// AUC ratio; `fg` absent for a victim not metabolised in the gut wall or not given by mouth.
#[must_use]
pub fn aucr(gut: Terms, liver: Terms, fg: Option<f64>, fm: f64) -> f64 {
    let gut_part = fg.map_or(1.0, |fg| 1.0 / (gut.product() * (1.0 - fg) + fg));
    gut_part / (liver.product() * fm + (1.0 - fm))
}

/// Gut-wall concentration Fa ka Dose / Qen: umol and L/min give umol/L.
#[must_use]
pub fn gut_concentration(fa: f64, ka: f64, dose_umol: f64, qen_l_min: f64) -> f64 {
    fa * ka * dose_umol / qen_l_min
}

/// Unbound hepatic inlet concentration fu,p (Cmax + Fa Fg ka Dose / (Qh RB)), Fg of the perpetrator.
#[must_use]
pub fn inlet_concentration(
    fu_p: f64,
    cmax: f64,
    absorbed_umol_min: f64,
    qh_l_min: f64,
    rb: f64,
) -> f64 {
    fu_p * (cmax + absorbed_umol_min / (qh_l_min * rb))
}

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "static_auc_ratio",
    title: "Mechanistic static model (ICH M12)",
    about: "AUC ratio of a victim medicine from inhibition, inactivation and induction in gut and liver.",
    formula: "AUCR = 1/(Ag Bg Cg (1-Fg) + Fg) x 1/(Ah Bh Ch fm + 1-fm)",
    inputs: &[
        Input::number(
            "fm",
            "1",
            FRACTION,
            "fraction of the victim's clearance through this enzyme",
        )
        .optional("only the terms are given, no ratio"),
        Input::number(
            "Fg",
            "1",
            Range::above(0.0, 1.0),
            "fraction of the victim that escapes the gut wall",
        )
        .optional(
            "the gut part is 1; say victim_oral false, or the ratio is left out when Ig is given",
        ),
        Input::of(
            "victim_oral",
            Kind::Flag,
            "whether the victim is taken by mouth",
        )
        .optional("taken as by mouth"),
        concentration("Ig", "inhibitor in the gut wall")
            .optional("worked out from Fa, ka and Dose, or the gut part is 1"),
        concentration("Ih", "unbound inhibitor at the hepatic inlet")
            .optional("worked out from fu,p and Cmax (and Fa, ka, Dose), or the liver part is 1"),
        constant("Ki,u", "unbound inhibition constant")
            .also(&["Ki_u", "Ki"])
            .optional("no reversible term"),
        constant("KI,u", "unbound concentration of half-maximal inactivation")
            .also(&["KI_u", "KI"])
            .optional("no inactivation term"),
        rate("kinact", "maximal rate of inactivation").optional("no inactivation term"),
        rate(
            "kdeg",
            "natural loss of the enzyme in the liver, same unit as kinact",
        )
        .also(&["kdeg_h"])
        .optional("needed with kinact in the liver"),
        rate("kdeg_g", "natural loss of the enzyme in the gut wall")
            .optional("needed with kinact in the gut"),
        Input::number(
            "d",
            "1",
            Range::of(0.0, 100.0),
            "scaling factor of induction",
        )
        .optional("needed with Emax"),
        Input::number(
            "Emax",
            "1",
            Range::of(0.0, 1_000.0),
            "maximal induction, fold minus 1",
        )
        .optional("no induction term"),
        constant("EC50,u", "unbound concentration of half-maximal induction")
            .also(&["EC50_u", "EC50"])
            .optional("no induction term"),
        Input::number(
            "Dose",
            "umol",
            Range::of(0.0, 1e9),
            "dose of the perpetrator",
        )
        .optional("Ig and Ih must be given"),
        Input::number("Fa", "1", FRACTION, "fraction of the perpetrator absorbed")
            .optional("needed with Dose"),
        rate("ka", "absorption rate of the perpetrator").optional("needed with Dose"),
        Input::number(
            "Fg_perpetrator",
            "1",
            FRACTION,
            "fraction of the perpetrator that escapes the gut wall",
        )
        .optional("needed with Dose for the inlet concentration"),
        concentration("Cmax", "total Cmax of the perpetrator")
            .optional("needed for the inlet concentration"),
        Input::number(
            "fu,p",
            "1",
            FRACTION,
            "unbound fraction of the perpetrator in plasma",
        )
        .also(&["fu_p"])
        .optional("needed for the inlet concentration"),
        Input::number(
            "RB",
            "1",
            Range::above(0.0, 100.0),
            "blood to plasma ratio of the perpetrator",
        )
        .optional("needed with Dose"),
        Input::number(
            "Qen",
            "L/min",
            Range::above(0.0, 10.0),
            "enterocyte blood flow",
        )
        .optional("0.3 L/min"),
        Input::number("Qh", "L/min", Range::above(0.0, 10.0), "hepatic blood flow")
            .optional("1.617 L/min"),
    ],
    domain: Domain {
        holds_for: "One enzyme, one perpetrator at a constant concentration, a victim with known fm (and Fg when oral).",
        not_for: "schedules, recovery between doses, several enzymes, transporters. For kratom tea the gut-only model anchored in people comes first.",
    },
    example: r#"{"fm":0.93,"Fg":0.57,"Ih":0.19,"KI,u":4.1,"kinact":0.068,"kdeg":0.00032}"#,
    facts: super::STATIC,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let (ig, ih) = concentrations(inputs, facts)?;
    let gut = terms(inputs, ig, "kdeg_g")?;
    let liver = terms(inputs, ih, "kdeg")?;
    let oral = inputs.flag("victim_oral").unwrap_or(true);
    let fg = inputs.number("Fg").filter(|_| oral);
    let gut_unknown = oral && fg.is_none() && ig.is_some_and(|ig| ig > 0.0);
    let fm = inputs.number("fm").filter(|_| !gut_unknown);
    let ratio = |g: Terms, h: Terms| fm.map(|fm| aucr(g, h, fg, fm));
    let all = ratio(gut, liver);
    let mut answer = Answer::default()
        .maybe("AUCR", all, "1", 2, "AUC ratio with all terms")
        .maybe(
            "AUCR_inhibition",
            ratio(gut.inhibition(), liver.inhibition()),
            "1",
            2,
            "AUC ratio with inhibition alone",
        )
        .maybe(
            "AUCR_induction",
            ratio(gut.induction(), liver.induction()),
            "1",
            2,
            "AUC ratio with induction alone",
        );
    for (name, value, meaning) in [
        ("Ag", gut.a, "gut, reversible term"),
        ("Bg", gut.b, "gut, inactivation term"),
        ("Cg", gut.c, "gut, induction term"),
        ("Ah", liver.a, "liver, reversible term"),
        ("Bh", liver.b, "liver, inactivation term"),
        ("Ch", liver.c, "liver, induction term"),
    ] {
        answer = answer.number(name, value, "1", 4, meaning);
    }
    answer = answer
        .maybe("Ig", ig, "umol/L", 4, "gut-wall concentration used")
        .maybe("Ih", ih, "umol/L", 4, "inlet concentration used");
    answer = answer
        .step(format!(
            "gut: A {} x B {} x C {}",
            plain_number(gut.a),
            plain_number(gut.b),
            plain_number(gut.c)
        ))
        .step(format!(
            "liver: A {} x B {} x C {}",
            plain_number(liver.a),
            plain_number(liver.b),
            plain_number(liver.c)
        ));
    if let (Some(value), Some(fm)) = (all, fm) {
        let strength = super::strength(value, facts)?;
        answer = answer
            .category(strength)
            .step(match fg {
                Some(fg) => format!(
                    "gut part 1/({} x (1 - {fg}) + {fg})",
                    plain_number(gut.product())
                ),
                None => "gut part 1: no Fg, or the victim is not taken by mouth".to_owned(),
            })
            .step(format!(
                "liver part 1/({} x {fm} + 1 - {fm})",
                plain_number(liver.product())
            ))
            .step(format!("AUCR = {}", plain_number(value)))
            .say(format!("Screen: {}.", strength.replace('_', " ")));
    } else {
        answer = answer.say("No ratio: fm is missing, or Fg is missing while the gut wall is exposed. The terms are given.");
    }
    if fm.is_none() && !inputs.has("fm") {
        answer = answer.lacks("fm: no ratio without it");
    }
    if gut_unknown {
        answer = answer.lacks("Fg: no ratio without it for a victim taken by mouth");
    }
    let both = (gut.c > 1.0 || liver.c > 1.0) && gut.a * gut.b * liver.a * liver.b < 1.0;
    Ok(answer
        .warn_if(both, "Inhibition and induction are both present and pull apart; read each alone, they start at different times.")
        .warn(super::SCREEN))
}

/// Concentrations in gut wall and at the inlet: as given, or from dose and absorption.
fn concentrations(inputs: &Inputs, facts: &Facts) -> Result<(Option<f64>, Option<f64>), Fail> {
    let why = "Dose was given";
    let absorption = match inputs.number("Dose") {
        Some(dose) => Some((inputs.need("Fa", why)?, inputs.need("ka", why)?, dose)),
        None => None,
    };
    let ig = match (inputs.number("Ig"), absorption) {
        (Some(given), _) => Some(given),
        (None, Some((fa, ka, dose))) => {
            let qen = inputs
                .number("Qen")
                .map_or_else(|| facts.cutoff("Qen_L_min"), Ok)?;
            Some(gut_concentration(fa, ka, dose, qen))
        }
        (None, None) => None,
    };
    let ih = match (inputs.number("Ih"), inputs.number("Cmax")) {
        (Some(given), _) => Some(given),
        (None, Some(cmax)) => {
            let fu_p = inputs.need("fu,p", "Cmax was given")?;
            let qh = inputs
                .number("Qh")
                .map_or_else(|| facts.cutoff("Qh_L_min"), Ok)?;
            let (absorbed, rb) = match absorption {
                Some((fa, ka, dose)) => (
                    fa * inputs.need("Fg_perpetrator", why)? * ka * dose,
                    inputs.need("RB", why)?,
                ),
                None => (0.0, 1.0),
            };
            Some(inlet_concentration(fu_p, cmax, absorbed, qh, rb))
        }
        (None, None) => None,
    };
    if ig.is_none() && ih.is_none() {
        return Err(missing(
            "Ih",
            "no concentration was given: Ig, Ih, or Dose or Cmax to work them out",
        ));
    }
    Ok((ig, ih))
}

fn terms(inputs: &Inputs, i: Option<f64>, kdeg_key: &'static str) -> Result<Terms, Fail> {
    let Some(i) = i else {
        return Ok(Terms::NONE);
    };
    let a = inputs.number("Ki,u").map_or(1.0, |ki| reversible(i, ki));
    let b = match (inputs.number("kinact"), inputs.number("KI,u")) {
        (Some(kinact), Some(ki)) => inactivation(
            i,
            kinact,
            ki,
            inputs.need(
                kdeg_key,
                "inactivation at this site needs the enzyme's own loss",
            )?,
        ),
        (None, None) => 1.0,
        (Some(_), None) => return Err(missing("KI,u", "kinact was given")),
        (None, Some(_)) => return Err(missing("kinact", "KI,u was given")),
    };
    let c = match (inputs.number("Emax"), inputs.number("EC50,u")) {
        (Some(emax), Some(ec50)) => induction(i, inputs.need("d", "Emax was given")?, emax, ec50),
        (None, None) => 1.0,
        (Some(_), None) => return Err(missing("EC50,u", "Emax was given")),
        (None, Some(_)) => return Err(missing("Emax", "EC50,u was given")),
    };
    Ok(Terms { a, b, c })
}
