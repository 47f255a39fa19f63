//! `ketum calc` as a person or a program meets it: what is printed where, and the exit codes.

#[test]
fn calc_commands() {
    trycmd::TestCases::new().case("tests/cmd/calc*.trycmd");
}
