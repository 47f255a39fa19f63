//! Embeds the release catalogue: parses `data/` once, here, so that a cold `ketum` answers at once.
//!
//! A broken fact file does not break the build (`ketum lint`, which explains what is wrong with it, is
//! part of the program); it is left out, named in a warning, and a test refuses the result.

#![allow(clippy::expect_used)] // a build script reports by stopping the build

use std::path::Path;

#[path = "src/catalogue.rs"]
#[allow(dead_code, missing_docs)]
mod catalogue;
#[path = "src/facts.rs"]
#[allow(dead_code, missing_docs)]
mod facts;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data");
    println!("cargo::rerun-if-changed={}", root.display());
    println!("cargo::rerun-if-changed=build.rs");

    let (read, unreadable) = facts::read(&root).expect("data/ can be listed");
    for problem in &unreadable {
        println!(
            "cargo::warning=data/{}: {}",
            problem.file,
            problem.message.replace('\n', " ")
        );
    }
    let mut catalogue = catalogue::Catalogue::release(read, fingerprint(&root));
    catalogue.unreadable = unreadable.into_iter().map(|problem| problem.file).collect();

    let bytes = postcard::to_allocvec(&catalogue).expect("the catalogue is plain data");
    let target =
        Path::new(&std::env::var("OUT_DIR").expect("cargo sets OUT_DIR")).join("catalogue.bin");
    std::fs::write(target, bytes).expect("OUT_DIR can be written");
}

/// FNV-1a over the names and bytes of all fact files: tells two data sets apart, protects nothing.
fn fingerprint(root: &Path) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (folder, stem, path) in facts::files(root).expect("data/ can be listed") {
        let bytes = std::fs::read(path).expect("a listed file can be read");
        for byte in folder.bytes().chain(stem.bytes()).chain(bytes) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    format!("{hash:016x}")
}
