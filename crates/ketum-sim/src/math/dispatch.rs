//! Runs a kernel compiled for the widest vectors of the machine.
//!
//! The one module with `unsafe`: calling a function compiled for AVX2 or AVX-512 is sound only on a
//! machine that has them, and that is checked here before the call. A kernel is ordinary safe code
//! marked `#[inline(always)]`; it is compiled once a path. All paths give the same bits, because
//! kernels use IEEE operations and explicit fused multiply-adds only.
#![allow(unsafe_code)]

/// A way of computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// No vector instruction beyond the target's baseline.
    Scalar,
    /// 256-bit vectors with fused multiply-add.
    Avx2,
    /// 512-bit vectors.
    Avx512,
}

impl Path {
    /// The widest path of this machine.
    pub fn widest() -> Self {
        if Self::Avx512.is_available() {
            Self::Avx512
        } else if Self::Avx2.is_available() {
            Self::Avx2
        } else {
            Self::Scalar
        }
    }

    /// This path, or a narrower one.
    pub fn at_most(self, widest: Self) -> Self {
        self.min(widest)
    }

    /// Whether this machine can run the path.
    #[cfg(target_arch = "x86_64")]
    pub fn is_available(self) -> bool {
        match self {
            Self::Scalar => true,
            Self::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            Self::Avx512 => {
                Self::Avx2.is_available()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512bw")
            }
        }
    }

    /// Whether this machine can run the path.
    #[cfg(not(target_arch = "x86_64"))]
    pub fn is_available(self) -> bool {
        self == Self::Scalar
    }

    /// Every path this machine can run.
    pub fn available() -> impl Iterator<Item = Self> {
        [Self::Scalar, Self::Avx2, Self::Avx512]
            .into_iter()
            .filter(|path| path.is_available())
    }
}

/// Work that can be compiled for several kinds of machine.
pub trait Kernel {
    /// What it gives.
    type Output;
    /// Does the work. Implementations are `#[inline(always)]`, and so is all they call.
    fn run(self) -> Self::Output;
}

/// Runs `kernel` on `path`, or on the scalar path where the machine has no such vectors.
pub fn run<K: Kernel>(path: Path, kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    match path {
        // SAFETY: the features named by `avx512` were detected on this machine just now.
        Path::Avx512 if path.is_available() => return unsafe { avx512(kernel) },
        // SAFETY: the features named by `avx2` were detected on this machine just now.
        Path::Avx2 if path.is_available() => return unsafe { avx2(kernel) },
        _ => {}
    }
    let _ = path;
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma,avx512f,avx512dq,avx512vl,avx512bw")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}
