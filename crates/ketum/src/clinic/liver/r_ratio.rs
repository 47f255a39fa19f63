//! R ratio and pattern of liver injury. Knows R, nR and the entry criteria; does not decide whether a
//! product caused the injury.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactError, Facts};
use crate::clinic::input::{Choice, Input, Inputs, Kind, Range};
use crate::clinic::math::{at_least, more_than};
use crate::clinic::text::plain_number;
use crate::clinic::units::BILIRUBIN;

/// Enzyme activities a laboratory can print.
pub(crate) const ACTIVITY: Range = Range::above(0.0, 100_000.0);
/// Upper limits of normal.
pub(crate) const ULN: Range = Range::above(0.0, 10_000.0).code("uln_must_be_positive");
/// Total bilirubin, mg/dL.
pub(crate) const BILIRUBIN_RANGE: Range = Range::of(0.01, 100.0);

/// How R of exactly 5 or 2 is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Boundary {
    /// 5 is hepatocellular, 2 is cholestatic (EASL).
    Inclusive,
    /// Only above 5 and below 2.
    Strict,
}

/// R: (ALT over its limit) divided by (ALP over its limit), all in U/L.
#[must_use]
pub fn r_ratio(alt: f64, alt_uln: f64, alp: f64, alp_uln: f64) -> f64 {
    (alt / alt_uln) / (alp / alp_uln)
}

/// The pattern R stands for.
///
/// # Errors
/// [`FactError`] when the cut-offs cannot be read.
pub fn pattern(r: f64, boundary: Boundary, facts: &Facts) -> Result<&'static str, FactError> {
    let (high, low) = (
        facts.cutoff("r_hepatocellular")?,
        facts.cutoff("r_cholestatic")?,
    );
    let (is_high, is_low) = match boundary {
        Boundary::Inclusive => (at_least(r, high), !more_than(r, low)),
        Boundary::Strict => (more_than(r, high), !at_least(r, low)),
    };
    Ok(if is_high {
        "hepatocellular"
    } else if is_low {
        "cholestatic"
    } else {
        "mixed"
    })
}

const BOUNDARIES: &[Choice] = &[
    Choice {
        id: "inclusive",
        meaning: "5 is hepatocellular, 2 is cholestatic",
    },
    Choice {
        id: "strict",
        meaning: "only above 5 and below 2",
    },
];

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "r_ratio",
    title: "R ratio and pattern of liver injury",
    about: "Says whether a rise of liver enzymes is hepatocellular, cholestatic or mixed.",
    formula: "R = (ALT/ULN) / (ALP/ULN)",
    inputs: &[
        Input::number("alt_U_L", "U/L", ACTIVITY, "alanine aminotransferase (ALT)"),
        Input::number(
            "alt_uln",
            "U/L",
            ULN,
            "upper limit of normal of ALT, from the same laboratory",
        ),
        Input::number("alp_U_L", "U/L", ACTIVITY, "alkaline phosphatase (ALP)"),
        Input::number("alp_uln", "U/L", ULN, "upper limit of normal of ALP"),
        Input::number(
            "ast_U_L",
            "U/L",
            ACTIVITY,
            "aspartate aminotransferase (AST)",
        )
        .optional("nR is not given"),
        Input::number("ast_uln", "U/L", ULN, "upper limit of normal of AST")
            .optional("nR is not given"),
        Input::quantity(
            "tbil_mg_dL",
            "mg/dL",
            BILIRUBIN_RANGE,
            BILIRUBIN,
            "total bilirubin",
        )
        .optional("the entry criteria use the enzymes alone"),
        Input::quantity(
            "tbil_uln_mg_dL",
            "mg/dL",
            ULN,
            BILIRUBIN,
            "upper limit of normal of bilirubin",
        )
        .optional("the entry criteria use the enzymes alone"),
        Input::of("alt_sampled", Kind::Text, "when the ALT sample was taken")
            .optional("that both enzymes are one sample is not checked"),
        Input::of("alp_sampled", Kind::Text, "when the ALP sample was taken")
            .optional("that both enzymes are one sample is not checked"),
        Input::number(
            "day",
            "d",
            Range::of(-36_500.0, 36_500.0),
            "day of the course the sample belongs to",
        )
        .optional("R changes over days, so keep the day with it"),
        Input::of(
            "boundary",
            Kind::Word(BOUNDARIES),
            "how exactly 5 and exactly 2 are read",
        )
        .optional("inclusive"),
    ],
    domain: Domain {
        holds_for: "The first sample that meets the entry criteria of drug-induced liver injury; both enzymes from one sample.",
        not_for: "normal enzymes, bone or pregnancy ALP, or samples of different days.",
    },
    example: r#"{"alt_U_L":126,"alt_uln":35,"alp_U_L":218,"alp_uln":130}"#,
    facts: super::PATTERN,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    same_sample(inputs, "alt_sampled", "alp_sampled")?;
    let (alt, alt_uln) = (
        inputs.need("alt_U_L", "R needs it")?,
        inputs.need("alt_uln", "R needs it")?,
    );
    let (alp, alp_uln) = (
        inputs.need("alp_U_L", "R needs it")?,
        inputs.need("alp_uln", "R needs it")?,
    );
    let boundary = match inputs.word("boundary") {
        Some("strict") => Boundary::Strict,
        _ => Boundary::Inclusive,
    };
    let (alt_xuln, alp_xuln) = (alt / alt_uln, alp / alp_uln);
    let r = r_ratio(alt, alt_uln, alp, alp_uln);
    let found = pattern(r, boundary, facts)?;
    let tbil_xuln = match (inputs.number("tbil_mg_dL"), inputs.number("tbil_uln_mg_dL")) {
        (Some(value), Some(limit)) => Some(value / limit),
        (None, None) => None,
        (Some(_), None) => {
            return Err(crate::clinic::input::missing(
                "tbil_uln_mg_dL",
                "bilirubin means little without its limit",
            ));
        }
        (None, Some(_)) => {
            return Err(crate::clinic::input::missing(
                "tbil_mg_dL",
                "its limit was given",
            ));
        }
    };
    let entry = entry_criteria(alt_xuln, alp_xuln, tbil_xuln, facts)?;
    let mut answer = Answer::default()
        .number("r", r, "1", 2, "R, ALT over ALP, each as a multiple of its limit")
        .band("pattern", Some(found), "pattern of injury")
        .number("alt_xuln", alt_xuln, "1", 2, "ALT as a multiple of its upper limit")
        .number("alp_xuln", alp_xuln, "1", 2, "ALP as a multiple of its upper limit")
        .flag("entry_criteria_met", entry, "whether the enzymes reach the entry criteria of drug-induced liver injury")
        .step(format!("ALT/limit = {}/{} = {}", plain_number(alt), plain_number(alt_uln), plain_number(alt_xuln)))
        .step(format!("ALP/limit = {}/{} = {}", plain_number(alp), plain_number(alp_uln), plain_number(alp_xuln)))
        .step(format!("R = {} / {} = {}", plain_number(alt_xuln), plain_number(alp_xuln), plain_number(r)))
        .say(format!("The pattern is {found}. A pattern narrows the search for causes; it does not name one."))
        .say("R moves during an illness: in one published kratom case it went from 2.07 to 4.97 to 0.41 in 39 days.");
    match (inputs.number("ast_U_L"), inputs.number("ast_uln")) {
        (Some(ast), Some(ast_uln)) => {
            let nr = alt_xuln.max(ast / ast_uln) / alp_xuln;
            answer = answer
                .number(
                    "nr",
                    nr,
                    "1",
                    2,
                    "new R: the higher of ALT and AST over ALP",
                )
                .step(format!(
                    "nR = max(ALT, AST as multiples) / {} = {}",
                    plain_number(alp_xuln),
                    plain_number(nr)
                ));
        }
        (Some(_), None) => {
            return Err(crate::clinic::input::missing(
                "ast_uln",
                "AST means little without its limit",
            ));
        }
        (None, Some(_)) => {
            return Err(crate::clinic::input::missing(
                "ast_U_L",
                "its limit was given",
            ));
        }
        (None, None) => answer = answer.lacks("ast_U_L and ast_uln: nR is not given"),
    }
    if tbil_xuln.is_none() {
        answer =
            answer.lacks("tbil_mg_dL and tbil_uln_mg_dL: the third entry criterion is not checked");
    }
    if !(inputs.has("alt_sampled") && inputs.has("alp_sampled")) {
        answer =
            answer.warn("The sample times were not given: both enzymes must come from one sample.");
    }
    Ok(answer.warn_if(
        !entry,
        "The enzymes do not reach the entry criteria; the pattern of small rises says little.",
    ))
}

/// ALT or ALP high enough, or ALT together with bilirubin.
fn entry_criteria(
    alt_xuln: f64,
    alp_xuln: f64,
    tbil_xuln: Option<f64>,
    facts: &Facts,
) -> Result<bool, FactError> {
    let with_bilirubin = match tbil_xuln {
        Some(tbil) => {
            at_least(alt_xuln, facts.cutoff("entry_alt_with_bilirubin_xuln")?)
                && more_than(tbil, facts.cutoff("entry_bilirubin_xuln")?)
        }
        None => false,
    };
    Ok(with_bilirubin
        || at_least(alt_xuln, facts.cutoff("entry_alt_xuln")?)
        || at_least(alp_xuln, facts.cutoff("entry_alp_xuln")?))
}

/// Refuses two sample times that are not written the same.
fn same_sample(inputs: &Inputs, one: &str, other: &str) -> Result<(), Fail> {
    match (inputs.word(one), inputs.word(other)) {
        (Some(a), Some(b)) if a != b => Err(Fail::input(
            one,
            "samples_differ",
            format!(
                "{one} and {other} differ; the values of one calculation must come from one sample"
            ),
        )),
        _ => Ok(()),
    }
}
