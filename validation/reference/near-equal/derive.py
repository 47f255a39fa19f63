#!/usr/bin/env python3
"""Near-equal rates in the parent and metabolite model of workload A.

KA equals the fast disposition rate, CLM/VM the slow one, exactly or at a relative distance; expected
amounts over volumes by 60-digit matrix exponentials (mpmath) of the parameters as doubles.
Run: python3 derive.py > cases.csv
"""
from mpmath import mp, mpf, matrix, expm, sqrt

mp.dps = 60
TIMES = ["0.25", "1", "6", "24", "100", "400"]
print("ka,cl,vc,q,vp,fm,clm,vm,time,cp,cm")
for cl, vc, q, vp in [(90, 400, 60, 2000), (20, 50, 5, 300), (3, 40, 30, 45)]:
    k10, k12, k21 = mpf(cl) / vc, mpf(q) / vc, mpf(q) / vp
    s, p = k10 + k12 + k21, k10 * k21
    alpha = (s + sqrt(s * s - 4 * p)) / 2
    beta = p / alpha
    for near in (alpha, beta):
        for distance in ["0", "1e-15", "1e-13", "1e-11", "1e-9", "1e-7", "1e-5", "1e-4", "1e-3", "1e-2"]:
            for which in ("ka", "clm", "both"):
                ka, vm = mpf("0.8"), 150
                clm = mpf(50)
                if which != "clm":
                    ka = mpf(float(near * (1 + mpf(distance))))
                if which != "ka":
                    clm = mpf(float(near * (1 - mpf(distance)) * vm))
                fm = mpf(float("0.2"))
                ka = mpf(float(ka))
                a = matrix(4, 4)
                a[0, 0], a[1, 0] = -ka, ka
                a[1, 1], a[2, 1], a[1, 2], a[2, 2] = -(k10 + k12), k12, k21, -k21
                a[3, 1], a[3, 3] = fm * k10, -clm / vm
                for t in TIMES:
                    x = expm(a * mpf(float(t)), method="taylor") * matrix([50, 0, 0, 0])
                    print(",".join([repr(float(v)) for v in (ka, cl, vc, q, vp, fm, clm, vm)] + [t]
                                   + [mp.nstr(1000 * x[1] / vc, 17), mp.nstr(1000 * x[3] / vm, 17)]))
