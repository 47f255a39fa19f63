# Workload A with mrgsolve. GPL-3.0-or-later (LICENSE-GPL.md): calls a GPL package.
# Rscript mrgsolve.R
library(mrgsolve)
code <- '
$PARAM ka = 1, cl = 1, vc = 1, q = 1, vp = 1, fm = 1, clm = 1, vm = 1
$CMT D C P M
$ODE
dxdt_D = -ka*D;
dxdt_C = ka*D - (cl/vc + q/vc)*C + q/vp*P;
dxdt_P = q/vc*C - q/vp*P;
dxdt_M = fm*cl/vc*C - clm/vm*M;
$TABLE capture CP = 1000*C/vc; capture CM = 1000*M/vm;
'
model <- mcode("workload_a", code, rtol = 1e-6, atol = 1e-9)
root <- file.path("..", "reference", "workload-a")
people <- read.csv(file.path(root, "parameters.csv"))
names(people)[1] <- "ID"
dose <- ev(amt = 50, ii = 24, addl = 27, cmt = 1)
started <- proc.time()
out <- mrgsim_ei(model, dose, people, tgrid = 3.37 * (1:200), obsonly = TRUE, output = "df")
used <- proc.time() - started
expected <- read.csv(file.path(root, "expected.csv"))
at <- (expected$subject - 1) * 200 + expected$j
worst <- max(abs(out$CP[at] / expected$cp - 1), abs(out$CM[at] / expected$cm - 1))
cat(sprintf("mrgsolve, workload-a: %.1f us a subject, worst error %.1e\n",
            1e6 * (used[["user.self"]] + used[["sys.self"]]) / nrow(people), worst))
