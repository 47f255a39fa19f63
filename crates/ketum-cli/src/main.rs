//! The `ketum` command: reads arguments, calls the libraries, prints. It holds no rule of its own.

mod ask;
mod assess;
mod calc;
mod calibrate;
mod emergency;
mod evidence;
mod failure;
mod interact;
mod law;
mod lint;
mod output;
mod run_model;
mod validate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
    Ask(ask::Arguments),
    Assess(assess::Arguments),
    Calc(calc::Arguments),
    Calibrate(calibrate::Arguments),
    Emergency(emergency::Arguments),
    Evidence(evidence::Arguments),
    Interact(interact::Arguments),
    Law(law::Arguments),
    Lint(lint::Arguments),
    RunModel(run_model::Arguments),
    Validate(validate::Arguments),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut out = Output::new();
    let result = match arguments.command {
        Command::Ask(arguments) => ask::run(&arguments, &mut out),
        Command::Assess(arguments) => assess::run(&arguments, &mut out),
        Command::Calc(arguments) => calc::run(&arguments, &mut out),
        Command::Calibrate(arguments) => calibrate::run(&arguments, &mut out),
        Command::Emergency(arguments) => emergency::run(&arguments, &mut out),
        Command::Evidence(arguments) => evidence::run(&arguments, &mut out),
        Command::Interact(arguments) => interact::run(&arguments, &mut out),
        Command::Law(arguments) => law::run(&arguments, &mut out),
        Command::Lint(arguments) => lint::run(&arguments, &mut out),
        Command::RunModel(arguments) => run_model::run(&arguments, &mut out),
        Command::Validate(arguments) => validate::run(&arguments, &mut out),
    };
    match result.and_then(|()| out.finish()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
