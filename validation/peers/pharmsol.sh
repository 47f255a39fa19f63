#!/bin/sh
# Builds and runs the driver of pharmsol (GPL-3.0-or-later, a program of its own outside the workspace),
# then our own bench, one after the other on the same machine.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cargo run --release --locked --manifest-path "$here/pharmsol/Cargo.toml"
cd "$here/../.." && cargo bench -p ketum-sim -- --table
