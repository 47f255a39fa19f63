//! Kidney: CKD-EPI 2021, Cockcroft-Gault, KDIGO stage of acute injury. Knows creatinine and urine;
//! does not know kratom and adjusts no dose.

pub mod ckd_epi;
pub mod cockcroft_gault;
pub mod kdigo_aki;
