# Reads the people and expectations and reports time and error, as common.py does.
# GPL-3.0-or-later (LICENSE-GPL.md).
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])))
if (dir.exists(file.path(here, ".rlib"))) .libPaths(c(file.path(here, ".rlib"), .libPaths()))
times <- 3.37 * (1:200)
runs <- 3

# The first `n` people of a workload (the script's first argument, 1000): those that `people.py` drew or,
# without them, the ten of the reference again and again. The first ten are the same.
people <- function(workload) {
  given <- commandArgs(trailingOnly = TRUE)
  n <- if (length(given) > 0) as.integer(given[1]) else 1000L
  drawn <- file.path(here, "people", workload, "parameters.csv")
  file <- if (file.exists(drawn)) drawn else file.path(here, "..", "reference", workload, "parameters.csv")
  rows <- read.csv(file)
  rows <- rows[rep_len(seq_len(nrow(rows)), n), ]
  rows$subject <- seq_len(n)
  rownames(rows) <- NULL
  rows
}

cpu_seconds <- function() {
  used <- proc.time()
  used[["user.self"]] + used[["sys.self"]]
}

# Smallest CPU time of `solve()` over the runs, a first one not counted; its value in `$out`.
timed <- function(solve) {
  out <- solve()
  best <- Inf
  for (run in seq_len(runs)) {
    gc()
    started <- cpu_seconds()
    out <- solve()
    best <- min(best, cpu_seconds() - started)
  }
  list(out = out, seconds = best)
}

# `outputs`: names of the columns of `found$out` in the order of expected.csv; rows person by person, 200 each.
report <- function(name, workload, found, outputs) {
  expected <- read.csv(file.path(here, "..", "reference", workload, "expected.csv"))
  n <- nrow(found$out) / length(times)
  at <- (expected$subject - 1) * length(times) + expected$j
  worst <- 0
  for (k in seq_along(outputs)) {
    worst <- max(worst, abs(found$out[[outputs[k]]][at] / expected[[2 + k]] - 1))
  }
  cat(sprintf("%s, %s, %d people: %.1f us a subject, worst error %.1e\n",
              name, workload, n, 1e6 * found$seconds / n, worst))
}
