//! Which operation a request calls.

use http::Method;
use percent_encoding::percent_decode_str;

use super::endpoint::Endpoint;
use crate::Operation;

/// What the base URL ends in.
pub(super) const BASE_PATH: &str = "/pod";

/// Where a request leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// To what is called, with the name and the decoded value of its path parameter, if it has one.
    Endpoint(Endpoint, Option<Parameter>),
    /// To a path that is called by this method only.
    OtherMethod(&'static str),
    /// Nowhere.
    Unknown,
}

/// The name of a path parameter, and its decoded value.
pub(super) type Parameter = (&'static str, String);

/// The route of a request to `path`.
///
/// Slashes count once, however many there are: clients join base URLs and paths in more than one way.
pub(super) fn route(method: &Method, path: &str) -> Route {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let in_pod = segments.split_first().filter(|(base, _)| **base == BASE_PATH.trim_start_matches('/'));
    let in_pod = in_pod.map(|(_, segments)| segments).unwrap_or_default();
    let operations = Operation::ALL.iter().map(|it| (Endpoint::from(*it), it.method(), it.path(), in_pod));
    let others = Endpoint::ALL.iter().flat_map(|endpoint| {
        let templates = endpoint.templates().iter();
        templates.map(|(method, path)| (*endpoint, *method, *path, segments.as_slice()))
    });
    let mut other = Route::Unknown;
    for (endpoint, expected, path, segments) in operations.chain(others) {
        let Some(parameter) = parameters(path, segments) else { continue };
        if expected == method.as_str() {
            return Route::Endpoint(endpoint, parameter);
        }
        other = Route::OtherMethod(expected);
    }
    other
}

/// The path parameter, if these are the segments of this path.
fn parameters(template: &'static str, segments: &[&str]) -> Option<Option<Parameter>> {
    let template: Vec<&'static str> = template.split('/').skip(1).collect();
    if template.len() != segments.len() {
        return None;
    }
    let mut parameter = None;
    for (expected, segment) in template.into_iter().zip(segments) {
        if let Some(name) = expected.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            parameter = Some((name, percent_decode_str(segment).decode_utf8_lossy().into_owned()));
        } else if expected != *segment {
            return None;
        }
    }
    Some(parameter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_and_a_method_lead_to_an_operation() {
        let id = Some(("id", "a-_b+/=".to_owned()));
        let other = Route::OtherMethod;
        let cases = [
            (Method::POST, "/pod/v1/admin/im/create", Route::Endpoint(Endpoint::CreateIm, None)),
            (Method::POST, "//pod///v3/room/create/", Route::Endpoint(Endpoint::CreateRoom, None)),
            (Method::GET, "/pod/v1/im/a-_b%2B%2f=/info", Route::Endpoint(Endpoint::ImInfo, id)),
            (Method::POST, "/login/pubkey/authenticate", Route::Endpoint(Endpoint::LogIn, None)),
            (Method::POST, "/relay/pubkey/authenticate/", Route::Endpoint(Endpoint::RelayLogIn, None)),
            (Method::POST, "/login/pubkey/app/authenticate", Route::Endpoint(Endpoint::AppLogIn, None)),
            (
                Method::POST,
                "/login/pubkey/app/username/a%20b/authenticate",
                Route::Endpoint(Endpoint::UserLogIn, Some(("username", "a b".to_owned()))),
            ),
            (
                Method::POST,
                "/login/pubkey/app/user/7/authenticate",
                Route::Endpoint(Endpoint::UserLogIn, Some(("userId", "7".to_owned()))),
            ),
            (Method::GET, "/pod/v2/sessioninfo", Route::Endpoint(Endpoint::SessionInfo, None)),
            (Method::GET, "/login/pubkey/authenticate", other("POST")),
            (Method::POST, "/pod/login/pubkey/authenticate", Route::Unknown),
            (Method::POST, "/login/v3/room/create", Route::Unknown),
            (Method::GET, "/pod/v1/admin/im/create", other("POST")),
            (Method::HEAD, "/pod/v1/im/a/info", other("GET")),
            (Method::GET, "/pod/v1/im/a/b/info", Route::Unknown),
            (Method::GET, "/pod/v1/im//info", Route::Unknown),
            (Method::POST, "/v3/room/create", Route::Unknown),
            (Method::POST, "/pod/V3/room/create", Route::Unknown),
            (Method::GET, "/", Route::Unknown),
        ];
        for (method, path, expected) in cases {
            assert_eq!(route(&method, path), expected, "{method} {path}");
        }
    }
}
