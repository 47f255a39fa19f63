//! Hy's law, in its classic and its nR form. Knows the biochemical criteria; does not know whether
//! another cause explains them, and says so.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::Facts;
use crate::clinic::input::{Input, Inputs, Kind};
use crate::clinic::math::{at_least, more_than};
use crate::clinic::text::plain_number;
use crate::clinic::units::BILIRUBIN;

use super::r_ratio::{ACTIVITY, BILIRUBIN_RANGE, ULN};

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "hys_law",
    title: "Hy's law",
    about: "Checks the biochemical criteria of Hy's law in two forms that can disagree: classic and nR.",
    formula: "classic: (ALT or AST >= 3xULN) and bilirubin > 2xULN and ALP < 2xULN; nR: nR >= 5 and bilirubin > 2xULN",
    inputs: &[
        Input::number("alt", "U/L", ACTIVITY, "ALT"),
        Input::number("alt_uln", "U/L", ULN, "upper limit of normal of ALT"),
        Input::number("ast", "U/L", ACTIVITY, "AST"),
        Input::number("ast_uln", "U/L", ULN, "upper limit of normal of AST"),
        Input::number("alp", "U/L", ACTIVITY, "alkaline phosphatase"),
        Input::number("alp_uln", "U/L", ULN, "upper limit of normal of ALP"),
        Input::quantity(
            "tbil",
            "mg/dL",
            BILIRUBIN_RANGE,
            BILIRUBIN,
            "total bilirubin",
        ),
        Input::quantity(
            "tbil_uln",
            "mg/dL",
            ULN,
            BILIRUBIN,
            "upper limit of normal of bilirubin",
        ),
        Input::of(
            "other_cause_excluded",
            Kind::Flag,
            "whether a clinician has excluded other causes",
        )
        .optional("the answer covers the laboratory values alone"),
    ],
    domain: Domain {
        holds_for: "One sample of someone with suspected drug-induced liver injury.",
        not_for: "naming a cause; other causes must be excluded by a clinician.",
    },
    example: r#"{"alt":300,"alt_uln":40,"ast":250,"ast_uln":40,"alp":120,"alp_uln":120,"tbil":2.5,"tbil_uln":1.0}"#,
    facts: super::PATTERN,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    let multiple = |value: &str, limit: &str| -> Result<f64, Fail> {
        Ok(inputs.need(value, "Hy's law needs it")?
            / inputs.need(limit, "a value means little without its limit")?)
    };
    let alt = multiple("alt", "alt_uln")?;
    let ast = multiple("ast", "ast_uln")?;
    let alp = multiple("alp", "alp_uln")?;
    let tbil = multiple("tbil", "tbil_uln")?;
    let transaminase = facts.cutoff("hys_transaminase_xuln")?;
    let jaundice = more_than(tbil, facts.cutoff("hys_bilirubin_xuln")?);
    let classic = (at_least(alt, transaminase) || at_least(ast, transaminase))
        && jaundice
        && !at_least(alp, facts.cutoff("hys_alp_xuln")?);
    let (r, nr) = (alt / alp, alt.max(ast) / alp);
    let by_nr = at_least(nr, facts.cutoff("nr_hys")?) && jaundice;
    let category = match (classic, by_nr) {
        (true, true) => "both_met",
        (true, false) => "classic_only",
        (false, true) => "nr_only",
        (false, false) => "not_met",
    };
    let mut answer = Answer::default()
        .flag("hys_classic", classic, "classic biochemical criteria met")
        .flag("hys_nr", by_nr, "nR criteria met")
        .number(
            "nr",
            nr,
            "1",
            2,
            "new R: the higher of ALT and AST over ALP, as multiples of their limits",
        )
        .number(
            "r",
            r,
            "1",
            2,
            "R: ALT over ALP, as multiples of their limits",
        )
        .number("alt_xuln", alt, "1", 2, "ALT as a multiple of its limit")
        .number("ast_xuln", ast, "1", 2, "AST as a multiple of its limit")
        .number("alp_xuln", alp, "1", 2, "ALP as a multiple of its limit")
        .number(
            "tbil_xuln",
            tbil,
            "1",
            2,
            "bilirubin as a multiple of its limit",
        )
        .category(category)
        .step(format!(
            "multiples of the limit: ALT {}, AST {}, ALP {}, bilirubin {}",
            plain_number(alt),
            plain_number(ast),
            plain_number(alp),
            plain_number(tbil)
        ))
        .step(format!(
            "nR = {} / {} = {}",
            plain_number(alt.max(ast)),
            plain_number(alp),
            plain_number(nr)
        ));
    answer = match category {
        "both_met" => answer.say("Both forms of the biochemical criteria are met; other causes must be excluded."),
        "classic_only" => answer.say(
            "The classic biochemical criteria are met, the nR form is not; other causes must be excluded. Both are shown because they can disagree.",
        ),
        "nr_only" => answer.say(
            "The nR form is met, the classic form is not (alkaline phosphatase is raised); other causes must be excluded.",
        ),
        _ => answer.say("Neither form is met by these values. Values change within days; a later sample can differ."),
    };
    if (classic || by_nr) && at_least(r, facts.cutoff("r_hepatocellular")?) {
        answer = answer.say(
            "In one US network, 11.1 % of people with jaundice and R of 5 or more at the start died of the injury or needed a transplant, against 2.0 % with lower R.",
        );
    }
    match inputs.flag("other_cause_excluded") {
        None => {
            answer =
                answer.lacks("other_cause_excluded: the answer covers the laboratory values alone")
        }
        Some(false) => {
            answer = answer
                .warn("Other causes were not excluded, so Hy's law as a whole is not established.")
        }
        Some(true) => {}
    }
    Ok(answer.warn_if(jaundice, "Bilirubin above twice its limit with raised enzymes needs medical assessment the same day."))
}
