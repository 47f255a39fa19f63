//! KDIGO stage of acute kidney injury. Knows creatinine, urine and replacement criteria, and takes the
//! highest; never guesses a baseline.

use crate::clinic::build::Answer;
use crate::clinic::calculator::{Calculator, Domain};
use crate::clinic::error::Fail;
use crate::clinic::facts::{FactFile, Facts};
use crate::clinic::input::{Input, Inputs, Kind, Range, missing};
use crate::clinic::math::at_least;
use crate::clinic::text::plain_number;
use crate::clinic::units::CREATININE;

const FACTS: FactFile = FactFile("kdigo_aki");

const CREATININE_RANGE: Range = Range::of(0.05, 50.0);
const HOURS: Range = Range::of(0.0, 720.0);

pub(crate) const CALCULATOR: Calculator = Calculator {
    name: "kdigo_aki",
    title: "KDIGO stage of acute kidney injury",
    about: "Stages an acute kidney injury by creatinine, urine and replacement therapy; the highest counts.",
    formula: "KDIGO-2012",
    inputs: &[
        Input::quantity(
            "cr",
            "mg/dL",
            CREATININE_RANGE,
            CREATININE,
            "creatinine now",
        )
        .optional("not staged by creatinine"),
        Input::quantity(
            "baseline",
            "mg/dL",
            CREATININE_RANGE,
            CREATININE,
            "known baseline creatinine, at most 7 days before the rise",
        )
        .optional("must be given with cr, or rise_48h instead; it is never guessed"),
        Input::quantity(
            "rise_48h",
            "mg/dL",
            Range::of(-50.0, 50.0),
            CREATININE,
            "rise of creatinine within 48 h",
        )
        .optional("the 48 h criterion is not checked"),
        Input::number(
            "uo_mL_kg_h",
            "mL/kg/h",
            Range::of(0.0, 30.0),
            "urine output over the hours given",
        )
        .optional("not staged by urine"),
        Input::number("hours", "h", HOURS, "hours the urine output refers to")
            .optional("must be given with uo_mL_kg_h"),
        Input::number("anuria_h", "h", HOURS, "hours without any urine")
            .optional("not staged by anuria"),
        Input::of(
            "rrt_started",
            Kind::Flag,
            "kidney replacement therapy started",
        )
        .optional("taken as not started"),
        Input::number("age_y", "a", Range::of(0.0, 120.0), "age")
            .optional("the criterion for minors is not checked"),
        Input::number(
            "egfr",
            "mL/min/{1.73_m2}",
            Range::of(0.0, 250.0),
            "eGFR, for people under 18",
        )
        .optional("the criterion for minors is not checked"),
    ],
    domain: Domain {
        holds_for: "A change within 7 days (or 48 h for the 0.3 mg/dL rise).",
        not_for: "chronic kidney disease without a known baseline.",
    },
    example: r#"{"cr":1.5,"baseline":1.0,"rise_48h":0.2}"#,
    facts: FACTS,
    compute,
};

fn compute(inputs: &Inputs, facts: &Facts) -> Result<Answer, Fail> {
    check_pairs(inputs)?;
    let mut answer = Answer::default();
    let mut stage = 0;
    let mut meets = |reached: i64, why: String, answer: Answer| {
        stage = stage.max(reached);
        answer.step(format!("{why}: stage {reached}"))
    };
    let rise_cut = facts.cutoff("rise_48h_mg_dL")?;
    let rise = inputs
        .number("rise_48h")
        .is_some_and(|rise| at_least(rise, rise_cut));
    let mut acute = rise;
    if rise {
        answer = meets(
            1,
            "rise of at least 0.3 mg/dL within 48 h".to_owned(),
            answer,
        );
    }
    if let (Some(creatinine), Some(baseline)) = (inputs.number("cr"), inputs.number("baseline")) {
        let ratio = creatinine / baseline;
        let by_ratio = if at_least(ratio, facts.cutoff("ratio_3")?) {
            3
        } else if at_least(ratio, facts.cutoff("ratio_2")?) {
            2
        } else {
            i64::from(at_least(ratio, facts.cutoff("ratio_1")?))
        };
        acute |= by_ratio > 0;
        let why = format!("creatinine {} times baseline", plain_number(ratio));
        answer =
            meets(by_ratio, why, answer).number("ratio", ratio, "1", 2, "creatinine over baseline");
    }
    let very_high = facts.cutoff("creatinine_3_mg_dL")?;
    if let Some(creatinine) = inputs
        .number("cr")
        .filter(|&cr| acute && at_least(cr, very_high))
    {
        let why = format!(
            "creatinine {} mg/dL with a criterion met",
            plain_number(creatinine)
        );
        answer = meets(3, why, answer);
    }
    if let (Some(urine), Some(hours)) = (inputs.number("uo_mL_kg_h"), inputs.number("hours")) {
        let low = !at_least(urine, facts.cutoff("urine_1_mL_kg_h")?);
        let very_low = !at_least(urine, facts.cutoff("urine_3_mL_kg_h")?);
        let by_urine = if very_low && at_least(hours, facts.cutoff("urine_3_h")?) {
            3
        } else if low && at_least(hours, facts.cutoff("urine_2_h")?) {
            2
        } else {
            i64::from(low && at_least(hours, facts.cutoff("urine_1_h")?))
        };
        let why = format!(
            "urine {} mL/kg/h over {} h",
            plain_number(urine),
            plain_number(hours)
        );
        answer = meets(by_urine, why, answer);
    } else {
        answer = answer.lacks("uo_mL_kg_h and hours: a stage by urine could be higher");
    }
    let long = facts.cutoff("urine_2_h")?;
    if let Some(hours) = inputs
        .number("anuria_h")
        .filter(|&hours| at_least(hours, long))
    {
        answer = meets(3, format!("no urine for {} h", plain_number(hours)), answer);
    }
    if inputs.flag("rrt_started") == Some(true) {
        answer = meets(3, "kidney replacement therapy started".to_owned(), answer);
    }
    let minor = inputs.number("age_y").is_some_and(|age| age < 18.0);
    if minor {
        match inputs.number("egfr") {
            Some(egfr) if egfr < facts.cutoff("egfr_minor")? => {
                answer = meets(
                    3,
                    format!("under 18 with eGFR {}", plain_number(egfr)),
                    answer,
                );
            }
            Some(_) => {}
            None => answer = answer.lacks("egfr: the criterion for people under 18 is not checked"),
        }
    }
    if inputs.has("cr") && !inputs.has("rise_48h") {
        answer = answer.lacks("rise_48h: the criterion of 0.3 mg/dL within 48 h is not checked");
    }
    let band = ["none", "stage_1", "stage_2", "stage_3"];
    let word = usize::try_from(stage)
        .ok()
        .and_then(|index| band.get(index))
        .copied();
    let said = match stage {
        0 => "No stage by the values given.".to_owned(),
        stage => format!("Stage {stage}."),
    };
    Ok(answer
        .whole("stage", stage, "KDIGO stage, 0 to 3")
        .band("band", word, "stage as a word")
        .say(said)
        .warn_if(
            stage >= 2,
            "Stage 2 or 3 needs medical assessment the same day.",
        ))
}

/// Values that only mean something together, and at least one way to stage.
fn check_pairs(inputs: &Inputs) -> Result<(), Fail> {
    if inputs.has("cr") && !inputs.has("baseline") && !inputs.has("rise_48h") {
        return Err(Fail::input(
            "baseline",
            "baseline_needed",
            "baseline is missing: give a known earlier creatinine or rise_48h; it is never guessed",
        ));
    }
    if inputs.has("baseline") && !inputs.has("cr") {
        return Err(missing("cr", "a baseline was given"));
    }
    if inputs.has("uo_mL_kg_h") && !inputs.has("hours") {
        return Err(missing(
            "hours",
            "a urine output means little without its time",
        ));
    }
    if inputs.has("hours") && !inputs.has("uo_mL_kg_h") {
        return Err(missing("uo_mL_kg_h", "hours were given"));
    }
    let any = ["cr", "rise_48h", "uo_mL_kg_h", "anuria_h", "rrt_started"];
    if any.iter().any(|key| inputs.has(key)) {
        Ok(())
    } else {
        Err(Fail::input(
            "",
            "nothing_to_stage",
            "give creatinine with a baseline, urine output with hours, or rrt_started",
        ))
    }
}
