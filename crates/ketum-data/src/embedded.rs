//! The catalogue that was built into this program.

use crate::catalogue::Catalogue;

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogue.bin"));

/// The embedded catalogue could not be decoded: the program is damaged.
#[derive(Debug, thiserror::Error)]
#[error("the embedded catalogue is damaged")]
pub struct Damaged(#[from] postcard::Error);

impl Catalogue {
    /// The catalogue built into this program.
    ///
    /// # Errors
    /// Where the program itself is damaged.
    pub fn embedded() -> Result<Self, Damaged> {
        Ok(postcard::from_bytes(BYTES)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_catalogue_decodes_and_every_file_was_read() {
        let catalogue = Catalogue::embedded().unwrap();
        assert_eq!(catalogue.unreadable, Vec::<String>::new());
        assert!(!catalogue.claims.is_empty());
    }

    #[test]
    fn no_unverified_statement_is_carried() {
        let catalogue = Catalogue::embedded().unwrap();
        for entry in catalogue.claims.values() {
            assert!(entry.claim.is_shippable(), "{}", entry.claim.id);
            assert!(!entry.claim.sources.is_empty(), "{}", entry.claim.id);
        }
    }
}
