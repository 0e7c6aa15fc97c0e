//! The rules of the page create-im-or-mim-admin.

use std::collections::HashMap;

use pod_api::types::UserIdList;

use super::validate::Validate;
use super::violation::Value;
use super::{Context, Entitlement, Findings, Grant, Rule, Violation};

/// As the body of `POST /v1/admin/im/create`.
///
/// Participants are counted as distinct ids, since repeated ones are ignored (I3).
impl Validate for UserIdList {
    fn findings(&self, context: &Context) -> Findings {
        let mut findings = Findings::default();
        let given = Given::new(self);
        too_few(&given, context, &mut findings);
        caller(&given, context, &mut findings);
        duplicates(&given, context, &mut findings);
        too_many(&given, context, &mut findings);
        role(context, &mut findings);
        findings
    }
}

/// How many participants a conversation has.
const PARTICIPANTS: usize = 2;

/// One user in the list.
struct User {
    id: i64,
    /// The positions of its first two occurrences.
    at: usize,
    again: Option<usize>,
    times: usize,
}

/// Each user once, in the order of the list.
struct Given(Vec<User>);

impl Given {
    fn new(ids: &[i64]) -> Self {
        let mut users: Vec<User> = Vec::new();
        let mut known: HashMap<i64, usize> = HashMap::new();
        for (at, &id) in ids.iter().enumerate() {
            let index = *known.entry(id).or_insert(users.len());
            match users.get_mut(index) {
                Some(user) => {
                    user.again.get_or_insert(at);
                    user.times = user.times.saturating_add(1);
                }
                None => users.push(User { id, at, again: None, times: 1 }),
            }
        }
        Self(users)
    }
}

/// I1/I6.
fn too_few(given: &Given, context: &Context, findings: &mut Findings) {
    let message = match given.0.len() {
        0 => "names no user, and two participants have to be given",
        1 => "names one user only, and two participants have to be given",
        _ => return,
    };
    findings.add(context, Rule::ImTooFewUsers, |rule| {
        Violation::new(
            rule,
            "",
            None,
            message,
            "give the ids of two different users, since the pod doesn't add the caller",
        )
    });
}

/// I2.
fn caller(given: &Given, context: &Context, findings: &mut Findings) {
    let Some(caller) = context.known_caller().map(i64::from) else { return };
    let Some(user) = given.0.iter().find(|user| user.id == caller) else { return };
    findings.add(context, Rule::ImCaller, |rule| {
        let message = "is the caller's own id, and the page says that the caller is not among the members";
        let remedy = "to be a member, use the vendor's call that includes the caller (Create IM)";
        Violation::new(rule, format!("/{}", user.at), Some(Value::Number(caller)), message, remedy)
    });
}

/// I3.
fn duplicates(given: &Given, context: &Context, findings: &mut Findings) {
    for user in &given.0 {
        let Some(again) = user.again else { continue };
        findings.add(context, Rule::ImDuplicateUser, |rule| {
            let message = format!("is given {} times, and counts once", user.times);
            Violation::new(rule, format!("/{again}"), Some(Value::Number(user.id)), message, "give each id once")
        });
    }
}

/// I5.
fn too_many(given: &Given, context: &Context, findings: &mut Findings) {
    let users = given.0.len();
    if users > PARTICIPANTS {
        findings.add(context, Rule::ImTooManyUsers, |rule| {
            let message = format!("names {users} users, and conversations of more than two are no longer supported");
            Violation::new(rule, "", None, message, "create a room for more than two")
        });
    }
}

/// I7.
fn role(context: &Context, findings: &mut Findings) {
    if context.known_entitlements().get(Entitlement::UserProvisioning) == Grant::Denied {
        findings.add(context, Rule::ImRole, |rule| {
            let message =
                "may only be sent by a service user with the role User Provisioning, which the caller doesn't have";
            let remedy = "send it as a service user that has the role, or have the role granted";
            Violation::new(rule, "", None, message, remedy)
        });
    }
}
