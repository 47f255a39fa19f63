# Non-compartmental analysis with PKNCA: the two classical tables compared with nca/expected.csv, and workload C
# for time. GPL-3.0-or-later (LICENSE-GPL.md): calls PKNCA, which is under the AGPL.
# Rscript pknca.R [profiles of C, 500; `people.py` writes them]
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])), "common.R"))
suppressPackageStartupMessages(library(PKNCA))
cat("PKNCA", format(packageVersion("PKNCA")), "\n")
root <- file.path(here, "..", "reference", "nca")
expected <- read.csv(file.path(root, "expected.csv"), comment.char = "#")

analyse <- function(data, doses, route, method, wanted) {
  intervals <- data.frame(start = 0, end = Inf)
  intervals[wanted] <- TRUE
  both <- PKNCAdata(PKNCAconc(data, conc ~ time | subject),
                    PKNCAdose(doses, dose ~ time | subject, route = route),
                    intervals = intervals, options = list(auc.method = method))
  as.data.frame(suppressWarnings(suppressMessages(pk.nca(both))))
}

method_of <- c("linear" = "linear", "linear-up-log-down" = "lin up/log down")
worst <- 0
compared <- 0
absent <- 0
for (name in c("theophylline", "indomethacin")) {
  data <- read.csv(file.path(root, paste0(name, ".csv")), comment.char = "#")
  names(data)[1:3] <- c("subject", "time", "conc")
  oral <- name == "theophylline"
  doses <- unique(data.frame(subject = data$subject, time = 0, dose = if (oral) data$dose_mg_per_kg else 25))
  for (method in names(method_of)) {
    rows <- expected[expected$table == name & expected$auc_method == method, ]
    found <- analyse(data, doses, if (oral) "extravascular" else "intravascular", method_of[[method]],
                     unique(rows$parameter))
    at <- match(paste(rows$subject, rows$parameter), paste(found$subject, found$PPTESTCD))
    got <- found$PPORRES[at]
    stopifnot(!anyNA(at), is.na(got) == is.na(rows$value))
    known <- !is.na(rows$value)
    same <- got == rows$value
    worst <- max(worst, ifelse(same, 0, abs(got / rows$value - 1))[known])
    compared <- compared + sum(known)
    absent <- absent + sum(!known)
  }
}
cat(sprintf("the two tables, %d values: %d numbers, worst difference %.1e; %d without a value in both\n",
            nrow(expected), compared, worst, absent))

file <- file.path(here, "people", "workload-c", "profiles.csv")
if (file.exists(file)) {
  given <- commandArgs(trailingOnly = TRUE)
  n <- if (length(given) > 0) as.integer(given[1]) else 500L
  data <- read.csv(file)
  data <- data[data$subject <= n, ]
  doses <- data.frame(subject = unique(data$subject), time = 0, dose = 50)
  wanted <- c("cmax", "tmax", "auclast", "aucinf.obs", "half.life", "mrt.obs", "cl.obs", "vz.obs")
  runs <- 2
  found <- timed(function() analyse(data, doses, "extravascular", "lin up/log down", wanted))
  cat(sprintf("PKNCA, workload-c, %d profiles: %.0f us each\n", nrow(doses), 1e6 * found$seconds / nrow(doses)))
  if (length(given) > 1) write.csv(found$out, given[2], row.names = FALSE)
}
