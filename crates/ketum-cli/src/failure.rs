//! How a command fails: three kinds with three exit codes, and a closed pipe, which is no failure.

use std::io::{self, Write};
use std::process::ExitCode;

/// Why a command did not answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Something in the input or the arguments.
    #[error("{0}")]
    User(String),
    /// Something in the data.
    #[error("{0}")]
    Data(String),
    /// A computation failed.
    #[error("{0}")]
    Numeric(String),
    /// Everything was printed already; only the exit code is left.
    #[error("")]
    Reported(u8),
    /// Output could not be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
}

impl From<ketum_data::embedded::Damaged> for Failure {
    fn from(error: ketum_data::embedded::Damaged) -> Self {
        Self::Data(error.to_string())
    }
}

impl Failure {
    /// Prints the failure and gives the exit code.
    pub fn report(self) -> ExitCode {
        let code = match &self {
            Self::User(_) => 2,
            Self::Data(_) => 3,
            Self::Numeric(_) => 4,
            Self::Reported(code) => return ExitCode::from(*code),
            Self::Write(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::SUCCESS;
            }
            Self::Write(_) => 1,
        };
        // Nothing is left to do if standard error is closed too.
        let _ = writeln!(io::stderr(), "error: {self}");
        ExitCode::from(code)
    }
}
