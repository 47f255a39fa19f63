//! The `ketum` command: reads arguments, calls the libraries, prints. It holds no rule of its own.

mod assess;
mod calibrate;
mod emergency;
mod evidence;
mod failure;
mod lint;
mod output;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;
use crate::output::Output;

/// Says what is known about a kratom case: levels, effects, interactions, organs, law; every statement
/// with its source, its certainty and its uncertainty. Works offline; nothing leaves this machine.
#[derive(Parser)]
#[command(
    name = "ketum",
    version,
    max_term_width = 100,
    after_help = "In an emergency: `ketum emergency`. Information and research; not medical or legal advice.\n\n\
                  Exit codes: 0 answered, 2 something in your input, 3 something in the data, 4 a computation failed."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Assess(assess::Arguments),
    Calibrate(calibrate::Arguments),
    Emergency(emergency::Arguments),
    Evidence(evidence::Arguments),
    Lint(lint::Arguments),
    Validate(validate::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = Output::new();
    let result = match arguments.command {
        Command::Assess(arguments) => assess::run(&arguments, &mut out),
        Command::Calibrate(arguments) => calibrate::run(&arguments, &mut out),
        Command::Emergency(arguments) => emergency::run(&arguments, &mut out),
        Command::Evidence(arguments) => evidence::run(&arguments, &mut out),
        Command::Lint(arguments) => lint::run(&arguments, &mut out),
        Command::Validate(arguments) => validate::run(&arguments, &mut out),
    };
    match result.and_then(|()| out.finish()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
