//! Path templates taken apart.

/// A path template such as `/v1/im/{id}/info`, without the names of its parameters, and those names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathTemplate {
    /// `/v1/im/{}/info`: two paths with one shape match the same requests.
    pub shape: String,
    /// The names between the braces, in their order.
    pub names: Vec<String>,
}

impl PathTemplate {
    /// Takes `path` apart; a brace that nothing closes is text.
    #[must_use]
    pub fn of(path: &str) -> Self {
        let (mut shape, mut names) = (String::with_capacity(path.len()), Vec::new());
        let mut rest = path;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            shape.push_str(before);
            shape.push_str("{}");
            names.push(name.to_owned());
            rest = after;
        }
        shape.push_str(rest);
        Self { shape, names }
    }
}

#[cfg(test)]
mod tests {
    use super::PathTemplate;

    #[test]
    fn a_template_is_a_shape_and_names() {
        for (path, shape, names) in [
            ("/v1/im/{id}/info", "/v1/im/{}/info", &["id"][..]),
            ("/a/{b}/{c}.{d}/e", "/a/{}/{}.{}/e", &["b", "c", "d"]),
            ("/a", "/a", &[]),
            ("/a/{b", "/a/{b", &[]),
        ] {
            let template = PathTemplate::of(path);
            assert_eq!(
                (template.shape.as_str(), template.names),
                (shape, names.iter().map(|name| (*name).to_owned()).collect())
            );
        }
    }
}
