//! The emergency card: short lines, the most urgent first.

use std::fmt::Write as _;

use ketum_core::emergency::{EmergencyCard, EmergencyPlace, HelpLine, RedFlag, Urgency};

use crate::terminal::{Style, wrap};

/// The whole card, with the numbers of `place` where they are known.
#[must_use]
pub fn card(card: &EmergencyCard, place: Option<&EmergencyPlace>, colour: bool) -> String {
    let style = Style::new(colour);
    let mut out = format!("{}\n\n", style.alert(&card.title.en));
    for (index, line) in card.first.iter().enumerate() {
        out.push_str(&wrap(&line.en, &format!("{}. ", index + 1), "   "));
    }
    out.push('\n');
    match place {
        Some(_) => out.push_str(&help(place, &card.elsewhere.en, style)),
        None => {
            out.push_str(&wrap(&card.elsewhere.en, "", ""));
            for place in &card.place {
                let mut line = format!("{}: {}", place.name.en, place.ambulance.number);
                if let Some(poison) = &place.poison {
                    let _ = write!(line, "; poison information {}", poison.number);
                }
                out.push_str(&wrap(&line, "  ", "    "));
            }
        }
    }
    for red_flag in &card.red_flag {
        out.push('\n');
        out.push_str(&flag(red_flag, style));
    }
    let _ = writeln!(
        out,
        "\nAs of {}. Sources: ketum evidence emergency",
        card.as_of
    );
    out
}

/// One red flag.
#[must_use]
pub fn flag(flag: &RedFlag, style: Style) -> String {
    let urgency = match flag.urgency {
        Urgency::Ambulance => "CALL AN AMBULANCE NOW",
        Urgency::CrisisLine => "CALL A CRISIS LINE NOW",
        Urgency::SameDay => "SEE A DOCTOR TODAY",
    };
    let mut out = format!(
        "{}\n",
        style.alert(&format!("{urgency}: {}", flag.title.en))
    );
    for see in &flag.see {
        out.push_str(&wrap(&see.en, "  sign  ", "        "));
    }
    for act in &flag.act {
        out.push_str(&wrap(&act.en, "  do    ", "        "));
    }
    for avoid in &flag.avoid {
        out.push_str(&wrap(&avoid.en, "  avoid ", "        "));
    }
    out
}

/// Whom to call.
#[must_use]
pub fn help(place: Option<&EmergencyPlace>, elsewhere: &str, style: Style) -> String {
    let Some(place) = place else {
        return wrap(elsewhere, "", "");
    };
    let line = |help: &HelpLine| format!("{} ({})", style.bold(&help.number), help.name.en);
    let mut out = format!("{}: ambulance {}\n", place.name.en, line(&place.ambulance));
    if let Some(poison) = &place.poison {
        let _ = writeln!(out, "  poison information {}", line(poison));
    }
    if let Some(crisis) = &place.crisis {
        let _ = writeln!(out, "  thoughts of suicide {}", line(crisis));
    }
    out
}
