//! Which operation a request calls.

use http::Method;
use percent_encoding::percent_decode_str;

use crate::Operation;

/// What the base URL ends in.
pub(super) const BASE_PATH: &str = "/pod";

/// Where a request leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// To an operation, with the decoded value of its path parameter, if it has one.
    Operation(Operation, Option<String>),
    /// To a path that is called by this method only.
    OtherMethod(&'static str),
    /// Nowhere.
    Unknown,
}

/// The route of a request to `path`.
///
/// Slashes count once, however many there are: clients join base URLs and paths in more than one way.
pub(super) fn route(method: &Method, path: &str) -> Route {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let Some((base, segments)) = segments.split_first() else { return Route::Unknown };
    if *base != BASE_PATH.trim_start_matches('/') {
        return Route::Unknown;
    }
    let mut other = Route::Unknown;
    for operation in Operation::ALL {
        let Some(id) = parameters(operation.path(), segments) else { continue };
        if operation.method() == method.as_str() {
            return Route::Operation(*operation, id);
        }
        other = Route::OtherMethod(operation.method());
    }
    other
}

/// The path parameter, if these are the segments of this path.
fn parameters(template: &str, segments: &[&str]) -> Option<Option<String>> {
    let template: Vec<&str> = template.split('/').skip(1).collect();
    if template.len() != segments.len() {
        return None;
    }
    let mut parameter = None;
    for (expected, segment) in template.into_iter().zip(segments) {
        if expected.starts_with('{') {
            parameter = Some(percent_decode_str(segment).decode_utf8_lossy().into_owned());
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
        let id = Some("a-_b+/=".to_owned());
        let other = Route::OtherMethod;
        let cases = [
            (Method::POST, "/pod/v1/admin/im/create", Route::Operation(Operation::CreateIm, None)),
            (Method::POST, "//pod///v3/room/create/", Route::Operation(Operation::CreateRoom, None)),
            (Method::GET, "/pod/v1/im/a-_b%2B%2f=/info", Route::Operation(Operation::ImInfo, id)),
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
