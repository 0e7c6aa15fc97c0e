//! What can be checked against the rules.

use super::{Context, Findings, Violations};

/// A request that can be checked against the documented rules.
///
/// ```
/// use pod_api_ext::pod_api::types::UserIdList;
/// use pod_api_ext::prelude::Validate as _;
/// use pod_api_ext::rules::Context;
///
/// let users = UserIdList(vec![12345]);
/// assert_eq!(
///     users.validate(&Context::new()).unwrap_err().to_string(),
///     "the pod would refuse this request: 1 violation of documented rules (see \
///      https://rest-api.symphony.com/main/streams-conversations/im-mim-endpoints/create-im-or-mim-admin.md)\n\
///      - the request names one user only, and two participants have to be given; give the ids of two different users, \
///      since the pod doesn't add the caller [im.users.too-few, I1/I6]"
/// );
/// ```
pub trait Validate {
    /// Everything that the rules find in it, remarks too.
    #[must_use]
    fn findings(&self, context: &Context) -> Findings;

    /// Whether the pod would accept it, as far as is documented and known.
    ///
    /// # Errors
    /// All broken rules and all remarks, if at least one is a refusal.
    fn validate(&self, context: &Context) -> Result<(), Violations> {
        self.findings(context).into_result()
    }
}
