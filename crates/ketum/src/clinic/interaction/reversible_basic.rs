//! Basic test of reversible inhibition (ICH M12). Knows I/Ki and two cut-offs; does not predict a size.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Choice, Input, Inputs, Kind};
use crate::clinic::math::more_than;
use crate::clinic::text::plain_number;

use super::{concentration, constant};

const SITES: &[Choice] = &[
    Choice {
        id: "systemic",
        meaning: "I is the unbound Cmax; cut-off 0.02",
    },
    Choice {
        id: "gut",
        meaning: "I is dose / 250 mL; cut-off 10",
    },
];

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "reversible_basic",
    title: "Basic test of reversible inhibition (ICH M12)",
    about: "Ratio of inhibitor concentration to Ki, with the cut-off of the site.",
    formula: "R = I / Ki,u",
    inputs: &[
        concentration(
            "I",
            "inhibitor: unbound Cmax at steady state, or dose / 250 mL in the gut",
        )
        .also(&["Cmax,u", "Igut"]),
        constant("Ki", "unbound inhibition constant").also(&["Ki,u", "Ki_u"]),
        Input::of("site", Kind::Word(SITES), "where I is").optional("systemic"),
    ],
    domain: Domain {
        holds_for: "One reversible inhibitor and one enzyme.",
        not_for: "inactivation (see tdi_basic) or the size of an interaction.",
    },
    example: r#"{"I":0.0034,"Ki":0.34}"#,
    facts: super::STATIC,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let i = inputs.need("I", "the ratio needs it")?;
    let ki = inputs.need("Ki", "the ratio needs it")?;
    let gut = inputs.word("site") == Some("gut");
    let cutoff = facts.cutoff(if gut {
        "reversible_gut"
    } else {
        "reversible_systemic"
    })?;
    let r = i / ki;
    let flagged = more_than(r, cutoff);
    Ok(Answer::default()
        .number("R", r, "1", 4, "I over Ki")
        .number("R_old", 1.0 + r, "1", 4, "the older form, 1 + I/Ki")
        .flag(
            "flag",
            flagged,
            format!("above the cut-off {}", plain_number(cutoff)),
        )
        .category(if flagged {
            "cannot_be_ruled_out"
        } else {
            "unlikely"
        })
        .step(format!(
            "{} / {} = {}; cut-off {}",
            plain_number(i),
            plain_number(ki),
            plain_number(r),
            plain_number(cutoff)
        ))
        .say(if flagged {
            "An interaction cannot be ruled out by this test; its size needs a further step."
        } else {
            "An interaction by this route is unlikely at this concentration."
        })
        .warn(super::SCREEN))
}
