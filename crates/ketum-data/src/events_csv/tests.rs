use super::{EventColumns, EventData, read};
use crate::document::Diagnostic;
use ketum_core::event::{Carry, EventKind, Input, SteadyState};

fn parse(text: &str) -> Result<EventData, Vec<Diagnostic>> {
    let compartments = ["depot".to_owned(), "central".to_owned()];
    let columns = EventColumns {
        compartments: &compartments,
        covariates: &["WT".to_owned()],
        carry: Carry::Backward,
        ignored: &[],
    };
    read("events.csv", text.as_bytes(), &columns)
}

/// `line:column: message` of each error.
fn errors(text: &str) -> Vec<String> {
    let errors = parse(text).unwrap_err();
    assert!(errors.iter().all(|e| e.hint.is_some()));
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
            "3:1: time 4 comes after time 5",
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
        ignored: &[],
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

proptest::proptest! {
    #[test]
    fn any_bytes_give_data_or_errors(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let compartments = ["depot".to_owned()];
        let columns = EventColumns {
            compartments: &compartments,
            covariates: &[],
            carry: Carry::Forward,
            ignored: &[],
        };
        let _ = read("events.csv", bytes.as_slice(), &columns);
        let mut headed = b"ID,TIME,AMT,CMT,RATE,II,ADDL,SS\n".to_vec();
        headed.extend(bytes);
        let _ = read("events.csv", headed.as_slice(), &columns);
    }
}
