//! Which file one fragment goes into.

/// Where a fragment goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The name of the file it will be in.
    pub(super) name: String,
    /// The name that it is known by, in the folder or in `sources.toml`; it differs only where that isn't a JSON file's.
    pub(super) replaces: Option<String>,
}

impl Target {
    /// Whether the file of this name is there no more, or another, once the fragment is in its place.
    pub(super) fn replaces_file(&self, name: &str) -> bool {
        self.name == name || self.replaces.as_deref() == Some(name)
    }
}
