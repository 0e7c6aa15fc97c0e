//! The kinds of changes: what part of the interface, and what became of it.

pub use super::keyword::Keyword;

/// What part of the interface a change is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// An operation as such.
    Operation,
    /// A parameter of a request.
    Parameter,
    /// The body of a request, or of a response.
    Body,
    /// A member of an object inside a body.
    Property,
    /// The response of one status.
    Response,
    /// A header of a response.
    Header,
    /// One of the forms that a body may have.
    MediaType,
    /// What a call has to prove.
    Security,
    /// Where the pod is.
    Server,
    /// A schema of the components.
    Schema,
    /// Another component.
    Component,
    /// What a pod may send by itself.
    Webhook,
    /// What the document says of itself.
    Info,
}

impl Part {
    /// Its name in the kind of a change.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::Property => "property",
            Self::Response => "response",
            Self::Header => "header",
            Self::MediaType => "media-type",
            Self::Security => "security",
            Self::Server => "server",
            Self::Schema => "schema",
            Self::Component => "component",
            Self::Webhook => "webhook",
            Self::Info => "info",
        }
    }
}

/// What became of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It is there now.
    Added,
    /// An operation that was documented elsewhere: it is new to the set of fragments, not to pods.
    TakenIn,
    /// It is gone.
    Removed,
    /// It is the same thing under another name.
    Renamed,
    /// It is the same operation at another path.
    Moved,
    /// It has a quality now.
    Became(Quality),
    /// It has lost a quality.
    Ceased(Quality),
    /// A value was added to an enumeration.
    ValueAdded,
    /// A value was removed from an enumeration.
    ValueRemoved,
    /// Another alternative was added to `anyOf` or `oneOf`.
    AlternativeAdded,
    /// An alternative was removed from `anyOf` or `oneOf`.
    AlternativeRemoved,
    /// The value of this keyword.
    Keyword(Keyword, Move),
}

/// What a part has, or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quality {
    /// It has to be there.
    Required,
    /// It may be `null`.
    Nullable,
    /// It stands in responses only.
    ReadOnly,
    /// It stands in requests only.
    WriteOnly,
    /// Its values are listed.
    Enum,
    /// An object without other members than those that are named.
    Closed,
    /// It is going to be withdrawn.
    Deprecated,
}

/// How a keyword's value changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Move {
    /// There was none.
    Set,
    /// There is none any more.
    Unset,
    /// Fewer values are allowed.
    Narrowed,
    /// More values are allowed.
    Widened,
    /// Other values are allowed, or it can't be told.
    Changed,
}

impl What {
    /// Its name in the kind of a change.
    #[must_use]
    pub fn id(self) -> String {
        match self {
            Self::Added => "added".to_owned(),
            Self::TakenIn => "taken-in".to_owned(),
            Self::Removed => "removed".to_owned(),
            Self::Renamed => "renamed".to_owned(),
            Self::Moved => "moved".to_owned(),
            Self::ValueAdded => "enum-value-added".to_owned(),
            Self::ValueRemoved => "enum-value-removed".to_owned(),
            Self::AlternativeAdded => "alternative-added".to_owned(),
            Self::AlternativeRemoved => "alternative-removed".to_owned(),
            Self::Became(quality) => quality.ids().0.to_owned(),
            Self::Ceased(quality) => quality.ids().1.to_owned(),
            Self::Keyword(keyword, movement) => format!("{}.{}", keyword.id(), movement.id()),
        }
    }

    /// What the opposite change is: from the new side to the old one.
    #[must_use]
    pub fn mirror(self) -> Self {
        match self {
            Self::Added | Self::TakenIn => Self::Removed,
            Self::Removed => Self::Added,
            Self::Renamed | Self::Moved => self,
            Self::ValueAdded => Self::ValueRemoved,
            Self::ValueRemoved => Self::ValueAdded,
            Self::AlternativeAdded => Self::AlternativeRemoved,
            Self::AlternativeRemoved => Self::AlternativeAdded,
            Self::Became(quality) => Self::Ceased(quality),
            Self::Ceased(quality) => Self::Became(quality),
            Self::Keyword(keyword, movement) => Self::Keyword(keyword, movement.mirror()),
        }
    }
}

impl Quality {
    /// The names of gaining it and losing it.
    fn ids(self) -> (&'static str, &'static str) {
        match self {
            Self::Required => ("became-required", "became-optional"),
            Self::Nullable => ("became-nullable", "became-not-nullable"),
            Self::ReadOnly => ("became-read-only", "became-not-read-only"),
            Self::WriteOnly => ("became-write-only", "became-not-write-only"),
            Self::Enum => ("became-enum", "became-not-enum"),
            Self::Closed => ("became-closed", "became-open"),
            Self::Deprecated => ("deprecated", "reactivated"),
        }
    }
}

impl Move {
    /// The name for machines.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Set => "added",
            Self::Unset => "removed",
            Self::Narrowed => "narrowed",
            Self::Widened => "widened",
            Self::Changed => "changed",
        }
    }

    fn mirror(self) -> Self {
        match self {
            Self::Set => Self::Unset,
            Self::Unset => Self::Set,
            Self::Narrowed => Self::Widened,
            Self::Widened => Self::Narrowed,
            Self::Changed => Self::Changed,
        }
    }

    /// From one value to another, either of which may be absent; `None` where there is no difference.
    pub(super) fn between<T: PartialEq>(old: Option<&T>, new: Option<&T>) -> Option<Self> {
        match (old, new) {
            (Some(old), Some(new)) if old == new => None,
            (Some(_), Some(_)) => Some(Self::Changed),
            (None, Some(_)) => Some(Self::Set),
            (Some(_), None) => Some(Self::Unset),
            (None, None) => None,
        }
    }
}
