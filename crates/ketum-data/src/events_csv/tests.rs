use std::fmt::Write as _;

use super::{EventColumns, EventData, MAX_ERRORS, Modelled, read, read_at_most};
use crate::document::{Diagnostic, Severity};
use ketum_core::event::{Carry, EventKind, Input, SteadyState};

fn parse(text: &str) -> Result<EventData, Vec<Diagnostic>> {
    let compartments = ["depot".to_owned(), "central".to_owned()];
    let columns = EventColumns {
        compartments: &compartments,
        covariates: &["WT".to_owned()],
        carry: Carry::Backward,
        ..EventColumns::default()
    };
    read("events.csv", text.as_bytes(), &columns)
}

/// `line:column: message` of each error.
fn errors(text: &str) -> Vec<String> {
    told(parse(text))
}

fn told(read: Result<EventData, Vec<Diagnostic>>) -> Vec<String> {
    let errors = read.unwrap_err();
    assert!(
        errors
            .iter()
            .all(|e| e.hint.as_ref().is_some_and(|hint| !hint.is_empty()))
    );
    errors
        .iter()
        .map(|e| format!("{}:{}: {}", e.line.unwrap(), e.column.unwrap(), e.message))
        .collect()
}

#[test]
fn reads_doses_and_covariates() {
    let data = parse(
        "id,time,evid,amt,cmt,rate,ii,addl,ss,WT,DV\n\
         1,0,1,100,depot,-2,12,3,1,70,.\n\
         1,1.5,0,.,2,.,.,.,.,71,3.2\n\
         2,0,4,50,2,10,0,0,0,60,.\n",
    )
    .unwrap();
    assert_eq!(data.unused, ["DV"]);
    let first = &data.subjects[0];
    assert_eq!(first.events[0].compartment.as_deref(), Some("depot"));
    assert_eq!(first.events[0].input, Input::ModelledDuration);
    assert_eq!(first.events[0].steady_state, SteadyState::Replace);
    assert_eq!(first.events[1].kind, EventKind::Observation);
    assert_eq!(first.covariates[0].values, [70.0, 71.0]);
    assert_eq!(data.subjects[1].events[0].kind, EventKind::ResetAndDose);
}

#[test]
fn names_unknown_and_missing_columns() {
    assert_eq!(
        errors("ID,TIME,AMOUNT,WT\n1,0,1,70\n"),
        ["1:9: unknown column 'AMOUNT'"]
    );
    assert_eq!(
        errors("TIME,AMT\n0,1\n"),
        [
            "1:1: the column ID is missing",
            "1:1: the model needs the covariate 'WT'"
        ]
    );
}

#[test]
fn collects_every_error_with_its_place() {
    assert_eq!(
        errors(
            "ID,TIME,EVID,AMT,CMT,RATE,DUR,II,ADDL,SS,WT\n\
             1,5,1,100,1,0,0,0,3,0,70\n\
             1,4,1,100,3,0,0,0,0,0,70\n\
             1,4,0,0,1,0,0,0,0,0,70\n\
             1,7,1,NaN,1,0,-2,0,0,0,70\n\
             1,8,9,1,1,0,0,0,0,0,70\n\
             1,,1,1,1,0,0,0,0,0,70\n\
             1,9,1,1,1,-3,0,0,0,0,70\n\
             1,10,1,1,1,0,0,0,0,1,70\n\
             1,11,1,1,1,0,0,0\n\
             1,12,1,1,1,0,0,0,0,0,.\n"
        ),
        [
            "2:19: ADDL without II",
            "3:11: unknown compartment '3'",
            "5:7: AMT is 'NaN', not a number",
            "5:15: DUR is -2",
            "6:5: EVID is 9",
            "7:3: TIME is '', not a number",
            "8:11: RATE is -3",
            "9:20: SS without II",
            "10:1: 8 fields where the header has 11",
            "11:22: WT is '.', not a number",
        ]
    );
}

#[test]
fn refuses_times_that_run_backwards_and_subjects_that_return() {
    let text = "ID,TIME,WT\n1,5,70\n1,4,70\n2,0,70\n1,9,70\n";
    assert_eq!(
        errors(text),
        [
            "3:3: time 4 comes after time 5",
            "5:1: subject 1 starts again after another subject"
        ]
    );
}

#[test]
fn a_line_without_end_is_an_error_and_not_a_memory() {
    struct Endless;
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b'1');
            Ok(buffer.len())
        }
    }
    let columns = EventColumns {
        compartments: &[],
        covariates: &[],
        carry: Carry::Backward,
        ..EventColumns::default()
    };
    let errors = read("events.csv", std::io::BufReader::new(Endless), &columns).unwrap_err();
    assert!(
        errors[0].message.contains("longer than"),
        "{}",
        errors[0].message
    );
}

#[test]
fn an_empty_file_is_an_error() {
    assert_eq!(errors(""), ["1:1: the file has no header"]);
    assert_eq!(errors("ID,TIME,WT\n"), ["2:1: the file has no record"]);
}

/// Both were quadratic once: subjects by a search through all before, fields by counting characters
/// from the start of the line.
#[test]
fn many_subjects_and_many_fields_take_time_in_proportion() {
    let mut text = "ID,TIME,WT\n".to_owned();
    for id in 0..80_000 {
        writeln!(text, "{id},0,70\n{id},1,70").unwrap();
    }
    let data = parse(&text).unwrap();
    assert_eq!(data.subjects.len(), 80_000);
    assert_eq!(data.lines[79_999], [160_000, 160_001]);
    // The widest header that fits into a line, and lines of as many fields.
    let names: Vec<String> = (0..9_000).map(|at| format!("x{at}")).collect();
    let ignored: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut text = format!("ID,TIME,{}\n", names.join(","));
    for time in 0..200 {
        writeln!(text, "1,{time}{}", ",1".repeat(names.len())).unwrap();
    }
    let columns = EventColumns {
        ignored: &ignored[..10],
        model_unknown: true,
        ..EventColumns::default()
    };
    let data = read("events.csv", text.as_bytes(), &columns).unwrap();
    assert_eq!(data.subjects[0].events.len(), 200);
}

#[test]
fn no_line_is_left_out_in_silence() {
    // Remarks stand above the header; below it each line is a record.
    let text = "# remark\n#\nID,TIME,WT\n1,0,70\n#2,0,70\n\n3,0,70\n";
    assert_eq!(errors(text), ["5:1: a line after the header starts with #"]);
    let columns = EventColumns::default();
    let text = "ID,TIME\n1,0\n\n\n1,1\n\n1,2\n1,3\n1,4\n";
    assert_eq!(
        told(read_at_most(3, "events.csv", text.as_bytes(), &columns)),
        ["8:1: there are more than 3 records"]
    );
    assert!(read_at_most(5, "events.csv", text.as_bytes(), &columns).is_ok());
}

#[test]
fn a_file_full_of_errors_says_that_there_are_more() {
    let text = format!("ID,TIME,WT\n{}", "1,x,70\n".repeat(150));
    let errors = parse(&text).unwrap_err();
    assert_eq!(errors.len(), MAX_ERRORS + 1);
    let last = errors.last().unwrap();
    assert_eq!(last.severity, Severity::Note);
    assert_eq!(
        last.message,
        "only the first 100 errors are shown; reading stopped at line 101"
    );
    // Fewer are all there are; and a header is no exception.
    let text = format!("ID,TIME,WT\n{}", "1,x,70\n".repeat(99));
    assert_eq!(parse(&text).unwrap_err().len(), 99);
    let unknown: Vec<String> = (0..500).map(|at| format!("unheard{at}")).collect();
    let text = format!("ID,TIME,WT,{}\n", unknown.join(","));
    assert_eq!(parse(&text).unwrap_err().len(), MAX_ERRORS + 1);
}

#[test]
fn a_dose_of_nothing_is_an_error_but_a_steady_infusion_is_not() {
    let head = "ID,TIME,EVID,AMT,RATE,DUR,II,ADDL,SS,WT\n";
    let good = [
        "1,0,1,0,10,0,0,0,1,70", // the steady state of a constant infusion
        "1,0,4,0,10,0,0,0,2,70",
        "1,0,1,0,-1,0,0,0,1,70", // the same at the model's rate
        "1,0,1,5,10,0,12,3,1,70",
        "1,0,1,5,0,2,0,0,0,70",
        "1,0,0,0,0,0,0,0,0,70", // columns of zeros on an observation are how data sets look
        "1,0,2,.,.,.,.,.,.,70",
    ];
    for row in good {
        assert!(parse(&format!("{head}{row}\n")).is_ok(), "{row}");
    }
    for (row, error) in [
        (
            "1,0,1,0,10,0,12,0,1,70",
            "2:7: a dose whose amount (AMT) is 0",
        ),
        (
            "1,0,1,0,10,0,0,0,0,70",
            "2:7: a dose whose amount (AMT) is 0",
        ),
        (
            "1,0,1,0,0,0,0,0,0,70",
            "2:7: a dose whose amount (AMT) is 0",
        ),
        (
            "1,0,1,0,0,2,0,0,1,70",
            "2:7: a dose whose amount (AMT) is 0",
        ),
        (
            "1,0,4,.,-2,0,0,0,1,70",
            "2:7: a dose whose amount (AMT) is 0",
        ),
        ("1,0,1,-9,0,0,0,0,0,70", "2:7: AMT is -9"),
        (
            "1,0,0,0,10,0,0,0,0,70",
            "2:9: RATE is 10 on a record that gives no dose",
        ),
        (
            "1,0,2,0,0,2,0,0,0,70",
            "2:11: DUR is 2 on a record that gives no dose",
        ),
        (
            "1,0,0,0,0,0,12,0,0,70",
            "2:13: II is 12 on a record that gives no dose",
        ),
        (
            "1,0,3,7,0,0,0,0,0,70",
            "2:7: AMT is 7 on a record that gives no dose",
        ),
        (
            "1,0,0,0,0,0,0,0,1,70",
            "2:17: SS is 1 on a record that gives no dose",
        ),
    ] {
        assert_eq!(errors(&format!("{head}{row}\n")), [error], "{row}");
    }
    // Without EVID a record with an amount or a rate is a dose; without AMT the fault stands at EVID.
    assert_eq!(errors("ID,TIME,AMT,WT\n1,0,-5,70\n"), ["2:5: AMT is -5"]);
    assert_eq!(
        errors("ID,TIME,EVID,WT\n1,0,1,70\n"),
        ["2:5: a dose whose amount (AMT) is 0"]
    );
}

#[test]
fn a_modelled_rate_needs_one_in_the_model() {
    let compartments = ["depot".to_owned(), "central".to_owned()];
    let modelled = [
        Modelled::default(),
        Modelled {
            rate: true,
            duration: false,
        },
    ];
    let columns = EventColumns {
        compartments: &compartments,
        modelled: &modelled,
        ..EventColumns::default()
    };
    let text = "ID,TIME,AMT,RATE,CMT\n1,0,5,-1,2\n1,1,5,-1,1\n1,2,5,-2,central\n1,3,5,-2,.\n";
    assert_eq!(
        told(read("events.csv", text.as_bytes(), &columns)),
        [
            "3:7: RATE is -1, but the compartment 'depot' has no dose_rate in the model",
            "4:7: RATE is -2, but the compartment 'central' has no dose_duration in the model",
            "5:7: RATE is -2, but the compartment 'depot' has no dose_duration in the model",
        ]
    );
}

#[test]
fn an_occasion_is_a_whole_number() {
    let read = |occasion: &str| errors(&format!("ID,TIME,WT,OCC\n1,0,70,{occasion}\n"));
    assert_eq!(read("1.5"), ["2:8: OCC is 1.5"]);
    assert_eq!(read("-3"), ["2:8: OCC is -3"]);
    assert_eq!(read("16777216"), ["2:8: OCC is 16777216"]);
    assert!(parse("ID,TIME,WT,OCC\n1,0,70,16777215\n1,1,70,.\n").is_ok());
}

#[test]
fn columns_are_carried_by_their_own_rule() {
    let covariates = ["WT".to_owned(), "AGE".to_owned()];
    let carried = [("wt".to_owned(), Carry::Forward)];
    let text = "ID,TIME,WT,AGE,OCC\n1,0,70,30,1\n1,1,71,31,2\n";
    let rules = |carry, carried: &[(String, Carry)]| {
        let columns = EventColumns {
            covariates: &covariates,
            carry,
            carried,
            ..EventColumns::default()
        };
        let data = read("events.csv", text.as_bytes(), &columns)?;
        let list = data.subjects[0].covariates.iter();
        Ok(list
            .map(|series| (series.name.clone(), series.carry))
            .collect::<Vec<_>>())
    };
    let named = |wt, age, occ| {
        vec![
            ("WT".to_owned(), wt),
            ("AGE".to_owned(), age),
            ("OCC".to_owned(), occ),
        ]
    };
    let (backward, forward, linear) = (Carry::Backward, Carry::Forward, Carry::Linear);
    assert_eq!(
        rules(backward, &carried).unwrap(),
        named(forward, backward, backward)
    );
    assert_eq!(
        rules(forward, &[]).unwrap(),
        named(forward, forward, forward)
    );
    // Between two occasions lies none.
    assert_eq!(rules(linear, &[]).unwrap(), named(linear, linear, backward));
    let wrong = [("HT".to_owned(), forward), ("OCC".to_owned(), linear)];
    let errors: Vec<Diagnostic> = rules(backward, &wrong).unwrap_err();
    assert_eq!(errors.len(), 2);
    assert!(errors[0].hint.as_deref().unwrap().contains("WT, AGE"));
}

#[test]
fn columns_are_handed_on_as_they_stand() {
    let columns = EventColumns {
        kept: &["dv", "arm"],
        ..EventColumns::default()
    };
    let text = "ID,TIME,DV,Arm,MDV\n1,0,.,low,1\n1,1,3.20,low,0\n2,0,7,high dose,0\n";
    let data = read("events.csv", text.as_bytes(), &columns).unwrap();
    assert_eq!(data.kept.names, ["DV", "Arm"]);
    assert_eq!(&*data.kept.of(0, 1)[0], "3.20");
    assert_eq!(&*data.kept.of(1, 0)[1], "high dose");
    assert_eq!(data.unused, ["MDV"]);
    let columns = EventColumns {
        kept: &["ARMS"],
        ..EventColumns::default()
    };
    let errors = read("events.csv", "ID,TIME\n1,0\n".as_bytes(), &columns).unwrap_err();
    assert_eq!(errors[0].message, "there is no column 'ARMS' to keep");
}

/// What does not depend on the model is checked without one.
#[test]
fn records_are_checked_even_where_the_model_cannot_be_read() {
    let columns = EventColumns {
        model_unknown: true,
        ..EventColumns::default()
    };
    let text = "ID,TIME,AMT,CMT,WEIGHT\n1,0,x,gut,70\n1,-,5,7,70\n";
    assert_eq!(
        told(read("events.csv", text.as_bytes(), &columns)),
        [
            "2:5: AMT is 'x', not a number",
            "3:3: TIME is '-', not a number"
        ]
    );
}

proptest::proptest! {
    #[test]
    fn any_bytes_give_data_or_errors(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let compartments = ["depot".to_owned()];
        let columns = EventColumns {
            compartments: &compartments,
            covariates: &[],
            carry: Carry::Forward,
            ..EventColumns::default()
        };
        let _ = read("events.csv", bytes.as_slice(), &columns);
        let mut headed = b"ID,TIME,AMT,CMT,RATE,II,ADDL,SS\n".to_vec();
        headed.extend(bytes);
        let _ = read("events.csv", headed.as_slice(), &columns);
    }
}
