#!/bin/sh
# Installs the Python peers into a virtual environment beside this file.
set -eu
here=$(dirname "$0")
python3 -m venv "$here/.venv"
"$here/.venv/bin/pip" install --quiet numpy scipy
echo "run: $here/.venv/bin/python $here/numpy_closed_form.py"
