//! What is called, for messages and decisions.

use crate::Operation;
use crate::operations::{Requirement, Safety};

/// An operation.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Called {
    /// One that this crate knows.
    Known(Operation),
    /// Any other of the generated client, by its id there. The caller says how safe it is.
    Generated(&'static str, Safety),
}

impl Called {
    pub(crate) const fn operation(self) -> Option<Operation> {
        match self {
            Self::Known(operation) => Some(operation),
            Self::Generated(..) => None,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Known(operation) => operation.name(),
            Self::Generated(id, _) => id,
        }
    }

    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Known(operation) => operation.title(),
            Self::Generated(id, _) => id,
        }
    }

    pub(crate) const fn safety(self) -> Safety {
        match self {
            Self::Known(operation) => operation.safety(),
            Self::Generated(_, safety) => safety,
        }
    }

    pub(crate) const fn requirements(self) -> &'static [Requirement] {
        match self {
            Self::Known(operation) => operation.requirements(),
            Self::Generated(..) => &[],
        }
    }
}

impl From<Operation> for Called {
    fn from(operation: Operation) -> Self {
        Self::Known(operation)
    }
}
