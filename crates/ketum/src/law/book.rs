//! The law of all places, and how a place is named.

use ketum_core::date::Date;
use ketum_core::law::{LawFile, LawSource, Local};

/// All law files of a catalogue.
#[derive(Debug, Clone, Copy)]
pub struct LawBook<'a> {
    files: &'a [LawFile],
}

/// A place that was found: the levels whose rules hold there, the most local first.
#[derive(Debug, Clone)]
pub struct Place<'a> {
    /// The id as asked for, in its usual letters.
    pub id: String,
    /// Name as printed.
    pub name: String,
    /// Local rows, the city before its county. One place can have several rows.
    pub locals: Vec<(&'a LawFile, &'a Local)>,
    /// State and country, or country alone.
    pub files: Vec<&'a LawFile>,
    /// The local part that was asked for and is not in the data.
    pub local_not_listed: Option<String>,
}

impl<'a> LawBook<'a> {
    /// A book over files, which must be sorted by id for a stable order of lists.
    #[must_use]
    pub fn new(files: &'a [LawFile]) -> Self {
        Self { files }
    }

    /// Every file.
    #[must_use]
    pub fn files(self) -> &'a [LawFile] {
        self.files
    }

    /// The file of an id in any letters.
    #[must_use]
    pub fn file(self, id: &str) -> Option<&'a LawFile> {
        self.files
            .iter()
            .find(|file| file.jurisdiction.id.eq_ignore_ascii_case(id))
    }

    /// The newest day any file or source knows of: the edition of the data.
    #[must_use]
    pub fn data_as_of(self) -> Option<Date> {
        self.files
            .iter()
            .flat_map(|file| file.source.iter().map(|source| source.accessed))
            .max()
    }

    /// The place of an ISO code, `US-ID/blackfoot`, an OCD id or a name. `None`: no such place here.
    #[must_use]
    pub fn place(self, asked: &str) -> Option<Place<'a>> {
        let asked = asked.trim();
        if asked.starts_with("ocd-division/") {
            return self.by_ocd(asked);
        }
        let (code, local) = match asked.split_once('/') {
            Some((code, local)) => (code, Some(slug(local))),
            None => (asked, None),
        };
        let file = self.file(code).or_else(|| {
            self.files
                .iter()
                .find(|file| file.jurisdiction.name.eq_ignore_ascii_case(code))
        })?;
        Some(self.with_local(file, local.filter(|local| !local.is_empty())))
    }

    fn by_ocd(self, asked: &str) -> Option<Place<'a>> {
        let asked = asked.to_ascii_lowercase();
        for file in self.files {
            if file.jurisdiction.ocd_id.as_deref() == Some(asked.as_str()) {
                return Some(self.with_local(file, None));
            }
            if let Some(local) = file.local.iter().find(|local| local.ocd_id == asked) {
                let id = local.id.clone();
                let slug = id.split_once('/').map(|(_, slug)| slug.to_owned());
                return Some(self.with_local(file, slug));
            }
        }
        // A division we hold nothing on: the longest parent we hold answers, and the rest is not known.
        let (parent, rest) = asked.rsplit_once('/')?;
        let mut place = self.by_ocd(parent)?;
        place.local_not_listed = Some(match place.local_not_listed {
            Some(local) => format!("{local}/{rest}"),
            None => rest.to_owned(),
        });
        place.id.push('/');
        place.id.push_str(rest);
        Some(place)
    }

    fn with_local(self, file: &'a LawFile, local: Option<String>) -> Place<'a> {
        let mut files = vec![file];
        let mut parent = file.jurisdiction.parent.as_deref();
        while let Some(above) = parent.and_then(|id| self.file(id)) {
            if files.len() > 4 {
                break; // A circle of parents is a data error that the linter reports.
            }
            files.push(above);
            parent = above.jurisdiction.parent.as_deref();
        }
        let mut place = Place {
            id: file.jurisdiction.id.clone(),
            name: file.jurisdiction.name.clone(),
            locals: Vec::new(),
            files,
            local_not_listed: None,
        };
        let Some(local) = local else { return place };
        let id = format!("{}/{local}", file.jurisdiction.id);
        let mut wanted = vec![id.clone()];
        while let Some(next) = wanted.pop() {
            for row in file.local.iter().filter(|row| row.id == next) {
                if place
                    .locals
                    .iter()
                    .any(|(_, seen)| std::ptr::eq(*seen, row))
                {
                    continue;
                }
                place.locals.push((file, row));
                if let Some(county) = &row.within {
                    wanted.push(county.clone());
                }
            }
        }
        place.name = match place.locals.first() {
            Some((_, row)) => format!("{}, {}", row.name, file.jurisdiction.name),
            None => {
                place.local_not_listed = Some(local);
                file.jurisdiction.name.clone()
            }
        };
        place.id = id;
        place
    }
}

/// A name as it stands behind the slash: `Glen Carbon` becomes `glen-carbon`.
fn slug(name: &str) -> String {
    name.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// The source of a key in a file.
#[must_use]
pub fn source<'a>(file: &'a LawFile, id: &str) -> Option<&'a LawSource> {
    file.source.iter().find(|source| source.id == id)
}
