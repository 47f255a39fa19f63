//! `cargo xtask test`: what continuous integration runs, and nothing else does the same differently.

use std::path::Path;
use std::process::Command;

/// Something a fresh machine may lack.
struct Tool {
    /// Arguments of `cargo` that succeed where it is there.
    probe: &'static [&'static str],
    /// What to run where it is not.
    install: &'static [&'static str],
    why: &'static str,
}

const TOOLS: &[Tool] = &[
    Tool {
        probe: &["fmt", "--version"],
        install: &["rustup", "component", "add", "rustfmt"],
        why: "rustfmt checks that the code is laid out in one way",
    },
    Tool {
        probe: &["clippy", "--version"],
        install: &["rustup", "component", "add", "clippy"],
        why: "clippy holds the rules of clippy.toml, above all: no transcendental of the standard library",
    },
];

/// Runs every check and test.
pub fn everything(root: &Path) -> Result<String, String> {
    for tool in TOOLS {
        if !succeeds(Command::new("cargo").args(tool.probe)) {
            say(&format!(
                "installing: {} ({})",
                tool.install.join(" "),
                tool.why
            ));
            run(root, tool.install)?;
        }
    }
    // A test reads the whole dependency tree, other platforms' included, and asks no network itself.
    run(root, &["cargo", "fetch", "--locked", "--quiet"])?;
    run(root, &["cargo", "fmt", "--all", "--check"])?;
    run(
        root,
        &[
            "cargo",
            "clippy",
            "--workspace",
            "--all-targets",
            "--quiet",
            "--",
            "-D",
            "warnings",
        ],
    )?;
    run(root, &["cargo", "test", "--workspace", "--quiet"])?;
    crate::pages::look(root)?;
    Ok("all checks and tests passed\n".to_owned())
}

pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Runs a command in the repository.
pub(crate) fn run(root: &Path, words: &[&str]) -> Result<(), String> {
    run_in(root, words, &[])
}

/// Runs a command in a folder with some variables set.
pub(crate) fn run_in(
    folder: &Path,
    words: &[&str],
    variables: &[(&str, &str)],
) -> Result<(), String> {
    say(&words.join(" "));
    let (program, arguments) = words.split_first().ok_or("nothing to run")?;
    let status = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .envs(variables.iter().copied())
        .status()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("failed: {}", words.join(" ")))
    }
}

pub(crate) fn say(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "==> {text}");
}
