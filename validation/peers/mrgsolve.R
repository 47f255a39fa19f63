# Workloads A and B with mrgsolve. GPL-3.0-or-later (LICENSE-GPL.md): calls a GPL package.
# Rscript mrgsolve.R [number of people]
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])), "common.R"))
suppressPackageStartupMessages(library(mrgsolve))
cat("mrgsolve", format(packageVersion("mrgsolve")), "\n")

closed <- '
$PARAM ka = 1, cl = 1, vc = 1, q = 1, vp = 1
$PKMODEL ncmt = 2, depot = TRUE, cmt = "D C P"
$MAIN
double CL = cl; double V2 = vc; double Q = q; double V3 = vp; double KA = ka;
$TABLE capture CP = 1000*C/vc;
'
linear <- '
$PARAM ka = 1, cl = 1, vc = 1, q = 1, vp = 1, fm = 1, clm = 1, vm = 1
$CMT D C P M
$ODE
dxdt_D = -ka*D;
dxdt_C = ka*D - (cl/vc + q/vc)*C + q/vp*P;
dxdt_P = q/vc*C - q/vp*P;
dxdt_M = fm*cl/vc*C - clm/vm*M;
$TABLE capture CP = 1000*C/vc; capture CM = 1000*M/vm;
'
saturable <- '
$PARAM ka = 1, vmax = 1, vc = 1, q = 1, vp = 1, fm = 1, clm = 1, vm = 1, km = 1, ic50 = 1, kout = 1
$CMT D C P M R
$MAIN R_0 = 100;
$ODE
double c = C/vc;
double gone = vmax*c/(km + c);
dxdt_D = -ka*D;
dxdt_C = ka*D - gone - q/vc*C + q/vp*P;
dxdt_P = q/vc*C - q/vp*P;
dxdt_M = fm*gone - clm/vm*M;
dxdt_R = kout*100*(1 - 0.9*c/(ic50 + c)) - kout*R;
$TABLE capture CP = 1000*C/vc; capture CM = 1000*M/vm; capture RS = R;
'
dose <- ev(amt = 50, ii = 24, addl = 27, cmt = 1)
run <- function(name, workload, code, outputs) {
  model <- mcode(gsub("[^a-z]", "_", name), code, rtol = 1e-6, atol = 1e-9, quiet = TRUE)
  own <- people(workload)
  names(own)[1] <- "ID"
  solve <- function() {
    mrgsim_ei(model, dose, own, tgrid = times, obsonly = TRUE, output = "df")
  }
  report(paste("mrgsolve,", name), workload, timed(solve), outputs)
}
run("closed form, parent only", "workload-a", closed, "CP")
run("ODE", "workload-a", linear, c("CP", "CM"))
run("ODE with saturation", "workload-b", saturable, c("CP", "CM", "RS"))
