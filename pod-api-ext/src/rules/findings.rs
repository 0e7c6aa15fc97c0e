//! What the rules find in a request.

use std::error::Error;
use std::fmt;
use std::slice;
use std::vec;

use serde::Serialize;

use super::{Context, Rule, Severity, Violation};

/// What the rules find in a request: refusals and remarks, in the order of the rules. It may be empty.
///
/// ```
/// use pod_api_ext::pod_api::types::UserIdList;
/// use pod_api_ext::prelude::Validate as _;
/// use pod_api_ext::rules::Context;
///
/// let findings = UserIdList::from(vec![1, 2, 2]).findings(&Context::new());
/// assert_eq!((findings.refusals().count(), findings.remarks().count()), (0, 1));
/// assert_eq!(findings.iter().next().map(|remark| remark.rule().code()), Some("im.users.duplicate"));
/// assert!(findings.into_result().is_ok());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Findings(Vec<Violation>);

impl Findings {
    /// Adds `violation` where `context` has its rule switched on.
    pub(super) fn add(&mut self, context: &Context, rule: Rule, violation: impl FnOnce(Rule) -> Violation) {
        if context.applies(rule) {
            self.0.push(violation(rule));
        }
    }

    /// Each of them.
    pub fn iter(&self) -> slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// What the pod would refuse the request for.
    pub fn refusals(&self) -> impl Iterator<Item = &Violation> {
        self.iter().filter(|violation| violation.severity() == Severity::Refusal)
    }

    /// What the pod accepts but may not do as you expect.
    pub fn remarks(&self) -> impl Iterator<Item = &Violation> {
        self.iter().filter(|violation| violation.severity() == Severity::Remark)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing to say.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok` if nothing is refused; remarks alone don't count.
    ///
    /// # Errors
    /// All of it, the remarks too, where there is a refusal.
    pub fn into_result(self) -> Result<(), Violations> {
        if self.refusals().next().is_some() { Err(Violations(self.0)) } else { Ok(()) }
    }
}

impl<'a> IntoIterator for &'a Findings {
    type Item = &'a Violation;
    type IntoIter = slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Findings {
    type Item = Violation;
    type IntoIter = vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Why a pod would refuse a request: every rule that it breaks, and the remarks. It holds at least one
/// refusal, so it is never empty.
///
/// [`Display`](fmt::Display) is a line a violation; serde gives a list of what [`Violation`] describes.
///
/// ```
/// use pod_api_ext::PrivateRoom;
///
/// let violations = PrivateRoom::new("X".repeat(60)).unwrap_err();
/// let broken: Vec<_> = violations.iter().map(|violation| violation.rule().code()).collect();
/// assert_eq!(broken, ["room.name.length"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Violations(Vec<Violation>);

// `is_empty` would have one answer only.
#[allow(clippy::len_without_is_empty)]
impl Violations {
    /// Each of them, in the order of the rules.
    pub fn iter(&self) -> slice::Iter<'_, Violation> {
        self.0.iter()
    }

    /// What the pod would refuse the request for; at least one.
    pub fn refusals(&self) -> impl Iterator<Item = &Violation> {
        self.iter().filter(|violation| violation.severity() == Severity::Refusal)
    }

    /// What the pod accepts but may not do as you expect.
    pub fn remarks(&self) -> impl Iterator<Item = &Violation> {
        self.iter().filter(|violation| violation.severity() == Severity::Remark)
    }

    /// How many there are, remarks too.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// A line with how many there are and the page they are documented on, and a line for each, refusals first.
impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refusals = self.refusals().count();
        let remarks = self.len().saturating_sub(refusals);
        let s = |count: usize| if count == 1 { "" } else { "s" };
        write!(f, "the pod would refuse this request: {refusals} violation{} of documented rules", s(refusals))?;
        if remarks > 0 {
            write!(f, ", {remarks} remark{}", s(remarks))?;
        }
        // All rules of a request are from one page.
        if let Some(first) = self.iter().next() {
            write!(f, " (see {})", first.page())?;
        }
        for violation in self.refusals().chain(self.remarks()) {
            let rule = violation.rule();
            write!(f, "\n- {} [{rule}, {}]", violation.sentence(), rule.statement())?;
        }
        Ok(())
    }
}

impl Error for Violations {}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
