//! The result as a file: written whole or not at all, and never over what was read.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Refuses, before anything is simulated, a place where no result can be written.
pub(super) fn check(output: &Path, inputs: &[&Path]) -> Result<(), Failure> {
    let refuse = |why: &str| Failure::User(format!("cannot write {}: {why}", output.display()));
    if output.is_dir() {
        return Err(refuse("it is a folder"));
    }
    if !folder(output).is_dir() {
        return Err(refuse("its folder does not exist"));
    }
    for input in inputs {
        // Links are followed: two names may be one file. What does not exist is no input's place.
        let same = match (output.canonicalize(), input.canonicalize()) {
            (Ok(output), Ok(input)) => output == input,
            _ => false,
        };
        if same {
            return Err(refuse(&format!(
                "it is the file {} that is read; choose another name",
                input.display()
            )));
        }
    }
    Ok(())
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Writes beside the file, then puts it in its place: a reader never sees half a file. A pipe or a
/// device is written to as it is.
pub(super) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let failed =
        |error: io::Error| Failure::User(format!("cannot write {}: {error}", path.display()));
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        let mut out = BufWriter::new(OpenOptions::new().write(true).open(path).map_err(failed)?);
        return write(&mut out).and_then(|()| out.flush()).map_err(failed);
    }
    let (beside, file) = beside(path).map_err(failed)?;
    let mut out = BufWriter::new(file);
    let written = write(&mut out)
        .and_then(|()| out.flush())
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|error| {
        // What was begun is taken away again; if even that fails, the first error says more.
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}

/// A new file in the same folder under a name that nothing has yet.
fn beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let name = path.file_name().unwrap_or_default();
    for attempt in 0..1000_u32 {
        let mut own = OsString::from(".");
        own.push(name);
        own.push(format!(".{}-{attempt}.new", std::process::id()));
        let beside = folder(path).join(own);
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&beside)
        {
            Ok(file) => return Ok((beside, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}
