//! Numbers of ketum: a pharmacometric simulator that knows nothing of kratom.
