//! Owns the URLs of boards in a labgrid farm, and the options that only they have. Asks no
//! coordinator.
//!
//! | URL | target |
//! |---|---|
//! | `labgrid:PLACE` | the board of the place with that name |
//! | `labgrid:?tag=KEY=VALUE` | the board of any place that has the tag, or all of several |
//!
//! `coordinator=HOST:PORT` names the farm; without it labgrid's own settings count, such as the
//! environment's `LG_COORDINATOR`.

/// Every option, as it is written.
pub(super) const OPTIONS: [&str; 2] = ["tag=KEY=VALUE", "coordinator=HOST:PORT"];

/// Whether a board in a farm has this option.
pub(super) fn is_option(name: &str) -> bool {
    let mut options = OPTIONS.iter().map(|option| super::option_name(option));
    options.any(|option| option == name)
}

/// Why the option cannot stand where it does.
pub(super) fn misplaced(name: &str) -> String {
    format!("`{name}` is for a board in a farm, as in `labgrid:?{name}=…`")
}

/// A place that is wanted, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Farm {
    /// Its name; `None` when any place with the tags will do.
    pub place: Option<String>,
    /// Keys and values; none when there is a name.
    pub tags: Vec<(String, String)>,
    /// The address of the coordinator, where it is not labgrid's settings that say it.
    pub coordinator: Option<String>,
}

impl Farm {
    /// The farm that the URL names.
    pub(super) fn new(place: &str) -> Farm {
        Farm {
            place: (!place.is_empty()).then(|| place.to_owned()),
            tags: Vec::new(),
            coordinator: None,
        }
    }

    /// What a place has to be, as labgrid's reservations say it.
    pub(crate) fn filters(&self) -> Vec<(&str, &str)> {
        let name = self.place.iter().map(|place| ("name", place.as_str()));
        let tags = self.tags.iter();
        let tags = tags.map(|(key, value)| (key.as_str(), value.as_str()));
        name.chain(tags).collect()
    }

    /// Takes an option that [`is_option`] knows.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "tag" => self.tags.push(tag(value)?),
            "coordinator" if !value.is_empty() => self.coordinator = Some(value.to_owned()),
            _ => {
                return Err(
                    "`coordinator` needs an address, as in `coordinator=farm.lan:20408`".to_owned(),
                );
            }
        }
        Ok(())
    }

    /// Whether it says which place is wanted, and once.
    pub(super) fn complete(&self) -> Result<(), String> {
        match (&self.place, self.tags.as_slice()) {
            (None, []) => Err(
                "it says of no place; give its name, as in `labgrid:board1`, or a tag, as in \
                 `labgrid:?tag=board=waffle`"
                    .to_owned(),
            ),
            (Some(_), [_, ..]) => Err(
                "a place is wanted by its name or by tags, not by both; leave one of them away"
                    .to_owned(),
            ),
            (Some(place), []) if place.contains('=') || place.contains(char::is_whitespace) => Err(
                format!("`{place}` is no name of a place; names have no `=` and no blanks"),
            ),
            _ => Ok(()),
        }
    }
}

fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value))
            if key.starts_with(|first: char| first.is_ascii_lowercase())
                && !value.is_empty()
                && !value.contains('=') =>
        {
            Ok((key.to_owned(), value.to_owned()))
        }
        _ => Err(format!(
            "`tag` is a key, `=` and a value, as in `tag=board=waffle`, not `{text}`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Place, TargetUrl};
    use super::*;

    fn farm(text: &str) -> Farm {
        let url: TargetUrl = text.parse().unwrap_or_else(|error| panic!("{error}"));
        match url.place() {
            Place::Farm(farm) => farm.clone(),
            place => panic!("{place:?} is in no farm"),
        }
    }

    #[test]
    fn a_place_is_wanted_by_its_name_or_by_tags() {
        let named = farm("labgrid:board1?coordinator=farm.lan:20408&boot=b.py");
        assert_eq!(named.filters(), [("name", "board1")]);
        assert_eq!(named.coordinator.as_deref(), Some("farm.lan:20408"));
        let tagged = farm("labgrid:?tag=board=waffle&tag=site=lab");
        assert_eq!(tagged.filters(), [("board", "waffle"), ("site", "lab")]);
        assert_eq!(tagged.coordinator, None);
    }

    #[test]
    fn what_is_wrong_with_a_place_is_told_with_what_would_be_right() {
        for (text, says) in [
            ("labgrid:", "give its name, as in `labgrid:board1`"),
            ("labgrid:b?tag=a=b", "not by both"),
            ("labgrid:a=b", "is no name of a place"),
            ("labgrid:?tag=board", "as in `tag=board=waffle`"),
            ("labgrid:?tag=--wait=b", "as in `tag=board=waffle`"),
            ("labgrid:?tag=a=b=c", "as in `tag=board=waffle`"),
            ("labgrid:b?coordinator=", "needs an address"),
            ("labgrid:b?baud=9600", "has no meaning here"),
            ("labgrid:b?tags=a", "is `tag=KEY=VALUE` meant?"),
            ("agent:?tag=a=b", "as in `labgrid:?tag=…`"),
        ] {
            let refusal = text.parse::<TargetUrl>().expect_err("it is no target");
            let refusal = refusal.to_string();
            assert!(refusal.contains(says), "{text}: {refusal}");
        }
    }
}
