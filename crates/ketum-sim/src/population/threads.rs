//! The threads that work in parallel is done on.

use crate::error::SimError;

/// Runs `work` where its parallel parts have `threads` threads: those of the caller where there are that
/// many, since making threads takes longer than solving a small population, else new ones.
///
/// # Errors
/// Where threads cannot be made.
pub fn on_threads<R: Send>(threads: usize, work: impl FnOnce() -> R + Send) -> Result<R, SimError> {
    let threads = threads.max(1);
    if rayon::current_thread_index().is_some() && rayon::current_num_threads() == threads {
        return Ok(work());
    }
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|_| SimError::Threads { threads })?;
    Ok(pool.install(work))
}
