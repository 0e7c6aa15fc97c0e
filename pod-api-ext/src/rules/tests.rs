//! What the rules say of whole requests: a table a rule, with the edges on both sides, and laws for all requests.

mod im;
mod laws;
mod room;
mod texts;

use super::validate::Validate;
use super::{Context, Findings, Rule};

/// What is said, as `code field`, in its order.
fn said(findings: &Findings) -> Vec<String> {
    findings.iter().map(|violation| format!("{} {}", violation.rule(), violation.field())).collect()
}

/// The fields that one rule has something to say of.
fn fields_of(rule: Rule, request: &impl Validate, context: &Context) -> Vec<String> {
    let findings = request.findings(context);
    let fields = findings.iter().filter(|violation| violation.rule() == rule);
    fields.map(|violation| violation.field().to_owned()).collect()
}

/// The three states of an entitlement, and whether each refuses a request.
const GRANTS: [(super::Grant, bool); 3] =
    [(super::Grant::Granted, false), (super::Grant::Denied, true), (super::Grant::Unknown, false)];
