//! Repository chores. `cargo xtask` lists them.

mod check;
mod law_export;
mod model_chapter;
mod oracle;
mod pages;
mod schema;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "usage:
  cargo xtask test                 install what is missing, then run every check and test
  cargo xtask pages                write every kind of page and look at them in a browser
  cargo xtask schema               write the JSON Schemas in data/schema/
  cargo xtask law-export DIR       write law.json, law.csv and law-changes.atom into DIR
  cargo xtask model-chapter        write the numbers and tables of docs/kratom-model.md
  cargo xtask model-chapter runs   make the results behind them that are missing (an hour of one core)
  cargo xtask oracle nmtests DIR   compare with NONMEM's own output files in DIR
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match words.as_slice() {
        ["test"] => check::everything(&root()),
        ["pages"] => pages::look(&root()).map(|()| "all pages passed\n".to_owned()),
        ["schema"] => schema::write(&root()),
        ["law-export", folder] => law_export::write(Path::new(folder)),
        ["model-chapter"] => model_chapter::write(&root()),
        ["model-chapter", "runs"] => model_chapter::make(&root()),
        ["oracle", "nmtests", dir] => oracle::nmtests(Path::new(dir)),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(report) => {
            let _ = write!(std::io::stdout(), "{report}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            let _ = writeln!(std::io::stderr(), "{why}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the repository.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
