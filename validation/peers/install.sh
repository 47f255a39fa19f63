#!/bin/sh
# Installs the Python peers into a virtual environment beside this file and, where there is an R, the R peers
# into a library beside it. `sh install.sh` asks the repositories that pip and R are set up for; with
# `sh install.sh FOLDER` the R packages are built from the unpacked sources FOLDER/<package> instead.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python3 -m venv "$here/.venv"
"$here/.venv/bin/pip" install --quiet numpy scipy
"$here/.venv/bin/python" "$here/people.py"
echo "run: $here/.venv/bin/python $here/numpy_closed_form.py"

if ! command -v Rscript >/dev/null; then
  echo "no R: rxode2.R, mrgsolve.R and pknca.R cannot run"
  exit 0
fi
mkdir -p "$here/.rlib"
R_LIBS="$here/.rlib${R_LIBS:+:$R_LIBS}"
export R_LIBS
if [ $# -eq 0 ]; then
  Rscript -e 'install.packages(c("PKNCA", "mrgsolve", "rxode2"), lib = commandArgs(TRUE))' "$here/.rlib"
else
  # A distribution's RcppParallel brings no TBB of its own; StanHeaders then has to be told where it is.
  if [ -z "${TBB_LIB:-}" ] && pkg-config --exists tbb 2>/dev/null; then
    TBB_LIB=$(pkg-config --variable=libdir tbb)
    TBB_INC=$(pkg-config --variable=includedir tbb)
    export TBB_LIB TBB_INC
  fi
  # In the order of their needs; what the folder does not have R must have already.
  for package in PKNCA BH mrgsolve PreciseSums dparser cpp4r armadillo4r lotri stringfish qs2 nanonext mirai \
    RcppEigen StanHeaders rxode2ll rxode2; do
    if [ -d "$1/$package" ]; then
      R CMD INSTALL --no-docs --no-test-load --library="$here/.rlib" "$1/$package"
    fi
  done
fi
Rscript -e 'for (p in c("PKNCA", "mrgsolve", "rxode2"))
  cat(p, if (requireNamespace(p, quietly = TRUE)) format(packageVersion(p)) else "is not there", "\n")'
echo "run: Rscript $here/rxode2.R"
