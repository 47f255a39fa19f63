//! ISO 3166-1 two-letter codes, and the subdivisions of the United States (ISO 3166-2).

const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

const STATES: &str = "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY";

/// Whether an id of a place exists. Subdivisions of other countries are only checked for their form.
pub(super) fn exists(id: &str) -> bool {
    if id == "UN" {
        return true;
    }
    match id.split_once('-') {
        None => COUNTRIES.split(' ').any(|code| code == id),
        Some(("US", state)) => STATES.split(' ').any(|code| code == state),
        Some((country, part)) => {
            COUNTRIES.split(' ').any(|code| code == country)
                && (1..=3).contains(&part.len())
                && part
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        }
    }
}

/// Whether an Open Civic Data division id is well formed.
pub(super) fn is_ocd(id: &str) -> bool {
    let Some(rest) = id.strip_prefix("ocd-division/country:") else {
        return false;
    };
    let mut parts = rest.split('/');
    let country = parts.next().unwrap_or_default();
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| {
            part.split_once(':').is_some_and(|(kind, name)| {
                !kind.is_empty()
                    && kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
                    && !name.is_empty()
                    && name.chars().all(|c| {
                        c.is_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '~')
                    })
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_ones_of_iso() {
        assert_eq!(COUNTRIES.split(' ').count(), 249);
        assert_eq!(STATES.split(' ').count(), 51);
        for id in ["US", "US-DC", "TH", "UN", "DE-BY"] {
            assert!(exists(id), "{id}");
        }
        for id in ["us", "XX", "US-XX", "U", "US-", "UK", "DE-bayern"] {
            assert!(!exists(id), "{id}");
        }
    }

    #[test]
    fn division_ids_have_kind_and_name() {
        assert!(is_ocd("ocd-division/country:us/state:id/place:idaho_falls"));
        assert!(is_ocd("ocd-division/country:us/district:dc"));
        for id in [
            "country:us",
            "ocd-division/country:usa",
            "ocd-division/country:us/idaho",
            "ocd-division/country:us/state:ID",
        ] {
            assert!(!is_ocd(id), "{id}");
        }
    }
}
