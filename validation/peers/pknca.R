# Non-compartmental analysis of the two classical tables with PKNCA, compared with nca/expected.csv.
# GPL-3.0-or-later (LICENSE-GPL.md): calls PKNCA, which is under the AGPL.  Rscript pknca.R
library(PKNCA)
root <- file.path("..", "reference", "nca")
expected <- read.csv(file.path(root, "expected.csv"), comment.char = "#", na.strings = "NA")
names(expected) <- c("table", "method", "subject", "parameter", "value")
worst <- 0
compared <- 0
started <- proc.time()
for (table in c("theophylline", "indomethacin")) {
  data <- read.csv(file.path(root, paste0(table, ".csv")), comment.char = "#")
  names(data)[1:3] <- c("subject", "time", "conc")
  doses <- unique(data.frame(subject = data$subject, time = 0,
                             dose = if (table == "theophylline") data[[4]] else 25))
  for (method in unique(expected$method[expected$table == table])) {
    PKNCA.options(auc.method = if (method == "linear") "linear" else "lin up/log down")
    route <- if (table == "theophylline") "extravascular" else "intravascular"
    both <- PKNCAdata(PKNCAconc(data, conc ~ time | subject),
                      PKNCAdose(doses, dose ~ time | subject, route = route),
                      intervals = data.frame(start = 0, end = Inf, cmax = TRUE, tmax = TRUE,
                                             aucinf.obs = TRUE, auclast = TRUE, half.life = TRUE,
                                             mrt.obs = TRUE, cl.obs = TRUE, vz.obs = TRUE))
    found <- as.data.frame(pk.nca(both))
    for (i in seq_len(nrow(found))) {
      row <- expected[expected$table == table & expected$method == method &
                        expected$subject == found$subject[i] &
                        expected$parameter == found$PPTESTCD[i], ]
      if (nrow(row) == 1 && !is.na(row$value)) {
        worst <- max(worst, abs(found$PPORRES[i] / as.numeric(row$value) - 1))
        compared <- compared + 1
      }
    }
  }
}
used <- proc.time() - started
cat(sprintf("PKNCA: %d values, worst difference %.1e, %.2f s\n", compared, worst, used[["user.self"]]))
