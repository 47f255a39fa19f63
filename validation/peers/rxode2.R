# Workload A with rxode2. GPL-3.0-or-later (LICENSE-GPL.md): calls a GPL package.
# Rscript rxode2.R
library(rxode2)
model <- rxode2({
  d/dt(D) <- -ka*D
  d/dt(C) <- ka*D - (cl/vc + q/vc)*C + q/vp*P
  d/dt(P) <- q/vc*C - q/vp*P
  d/dt(M) <- fm*cl/vc*C - clm/vm*M
  CP <- 1000*C/vc
  CM <- 1000*M/vm
})
root <- file.path("..", "reference", "workload-a")
people <- read.csv(file.path(root, "parameters.csv"))
events <- et(amt = 50, ii = 24, addl = 27, cmt = "D") |> et(3.37 * (1:200))
started <- proc.time()
out <- rxSolve(model, people[, -1], events, rtol = 1e-6, atol = 1e-9, cores = 1, returnType = "data.frame")
used <- proc.time() - started
expected <- read.csv(file.path(root, "expected.csv"))
at <- (expected$subject - 1) * 200 + expected$j
worst <- max(abs(out$CP[at] / expected$cp - 1), abs(out$CM[at] / expected$cm - 1))
cat(sprintf("rxode2, workload-a: %.1f us a subject, worst error %.1e\n",
            1e6 * (used[["user.self"]] + used[["sys.self"]]) / nrow(people), worst))
