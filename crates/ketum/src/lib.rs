//! Judgement of ketum: from a case to an assessment.
