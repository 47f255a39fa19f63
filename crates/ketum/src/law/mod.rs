//! Law: this product, this place, this act, this date.
//!
//! Knows how a verdict follows from the rows of `ketum_core::law`. It fails toward "unknown", never
//! toward lawful: what was not tested is not zero, what was not looked for is not free, a proposal is
//! not law, and a federal schedule is only stated where an order in the Federal Register says so.
//!
//! ```text
//! verdict(product, place, date, activity, buyer, known_as_of)
//!   place ─► levels (city, county, state, country)
//!     level ─► statuses in force ─► rulesets on the product ─► requirements ─► conflicts, age
//!   strictest level decides; recorded preemption removes local rules
//! ```

mod answer;
mod book;
mod case;
mod changes;
mod contents;
mod exact;
mod level;
mod measure;
mod parts;
mod period;
mod product;
mod requirement;
mod rule;
mod sample;
mod table;
mod verdict;

pub use answer::*;
pub use book::{LawBook, Place, source};
pub use case::{CaseLaw, activity_of, of_case};
pub use changes::{Change, ChangeKind, changes};
pub use exact::{Exact, Span};
pub use level::federal_schedule_is_traceable;
pub use parts::number;
pub use period::{Age, InForce, age, in_force, review_days, review_due};
pub use requirement::{check as check_requirement, text as requirement_text};
pub use rule::{Outcome, PARTICLE_SIZE, Terms, Verdict, combine, compare, evaluate, evaluate_set};
pub use sample::{Content, Per, Sample, Size};
pub use table::{Cell, TableRow, table};
pub use verdict::{Buyer, DECISION_RULE, DISCLAIMER, Question, speaks_of, verdict};
