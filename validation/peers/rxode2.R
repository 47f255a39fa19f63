# Workloads A and B with rxode2, one thread. GPL-3.0-or-later (LICENSE-GPL.md): calls a GPL package.
# Rscript rxode2.R [number of people]
source(file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)[1])), "common.R"))
suppressPackageStartupMessages(library(rxode2))
invisible(setRxThreads(1))
cat("rxode2", format(packageVersion("rxode2")), "\n")

# Parent and metabolite by matrix exponential: rates k_from_to of a linear model under `matExp()`.
exponential <- rxode2({
  matExp()
  cmt(depot)
  cmt(central)
  cmt(peripheral)
  cmt(metabolite)
  k_depot_central <- ka
  k_central_peripheral <- q/vc
  k_peripheral_central <- q/vp
  k_central_metabolite <- fm*cl/vc
  k_central_output <- (1 - fm)*cl/vc
  k_metabolite_output <- clm/vm
  CP <- 1000*central/vc
  CM <- 1000*metabolite/vm
})
equations <- rxode2({
  d/dt(depot) <- -ka*depot
  d/dt(central) <- ka*depot - (cl/vc + q/vc)*central + q/vp*peripheral
  d/dt(peripheral) <- q/vc*central - q/vp*peripheral
  d/dt(metabolite) <- fm*cl/vc*central - clm/vm*metabolite
  CP <- 1000*central/vc
  CM <- 1000*metabolite/vm
})
parent <- rxode2({
  CP <- 1000*linCmt(ka, cl, vc, q, vp)
})
saturable <- rxode2({
  c <- central/vc
  gone <- vmax*c/(km + c)
  d/dt(depot) <- -ka*depot
  d/dt(central) <- ka*depot - gone - q/vc*central + q/vp*peripheral
  d/dt(peripheral) <- q/vc*central - q/vp*peripheral
  d/dt(metabolite) <- fm*gone - clm/vm*metabolite
  d/dt(response) <- kout*100*(1 - 0.9*c/(ic50 + c)) - kout*response
  response(0) <- 100
  CP <- 1000*central/vc
  CM <- 1000*metabolite/vm
  R <- response
})

events <- et(et(amt = 50, ii = 24, addl = 27, cmt = "depot"), times)
run <- function(name, workload, model, method, outputs) {
  own <- people(workload)[, -1]
  solve <- function() {
    rxSolve(model, own, events, method = method, rtol = 1e-6, atol = 1e-9, cores = 1,
            addDosing = FALSE, returnType = "data.frame")
  }
  report(paste("rxode2,", name), workload, timed(solve), outputs)
}
run("matExp, parent and metabolite", "workload-a", exponential, "indLin", c("CP", "CM"))
run("linCmt, parent only", "workload-a", parent, "liblsoda", "CP")
run("dop853", "workload-a", equations, "dop853", c("CP", "CM"))
run("liblsoda", "workload-a", equations, "liblsoda", c("CP", "CM"))
run("dop853", "workload-b", saturable, "dop853", c("CP", "CM", "R"))
run("liblsoda", "workload-b", saturable, "liblsoda", c("CP", "CM", "R"))
