//! What a call has to prove, and where the pod is.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::detector::Detector;
use super::kind::{Keyword, Move, Part, What};
use super::model::{Direction, Judgement, Outcome, Verdict};
use super::operations::Operation;
use super::recorder::{Difference, Spot};
use super::view::Document;
use xtask_spec::grammar::Object;
use xtask_spec::pointer;

/// One way to prove who calls: the scopes that are wanted of each scheme, all of which are needed.
type Requirement = BTreeMap<String, BTreeSet<String>>;

/// The ways among which a client chooses, and where they stand; none at all is one that wants nothing.
fn requirements<'a>(
    document: &Document<'a>,
    operation: &Operation<'a>,
) -> (Vec<Requirement>, Option<&'a Value>, String) {
    let own = operation.value.get("security");
    let at = if own.is_some() { operation.at() } else { String::new() };
    let value = own.or_else(|| document.root.get("security"));
    let mut ways = Vec::new();
    for way in value.and_then(Value::as_array).into_iter().flatten() {
        let schemes = way.as_object().into_iter().flatten();
        ways.push(
            schemes
                .map(|(name, scopes)| {
                    let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
                    (name.clone(), scopes.map(str::to_owned).collect())
                })
                .collect(),
        );
    }
    if ways.is_empty() {
        ways.push(Requirement::new());
    }
    let at = if value.is_some() { pointer::join(&at, "security") } else { operation.at() };
    (ways, value, at)
}

/// Whether who has what `client` wants has all that `pod` wants.
fn satisfies(client: &Requirement, pod: &Requirement) -> bool {
    pod.iter().all(|(name, scopes)| client.get(name).is_some_and(|held| scopes.is_subset(held)))
}

/// What becomes of clients that go one of `client`'s ways, where `pod` wants one of its own.
fn judge(client: &[Requirement], pod: &[Requirement]) -> Verdict {
    let passing = client.iter().filter(|way| pod.iter().any(|wanted| satisfies(way, wanted))).count();
    if passing == client.len() {
        Verdict::WORKS
    } else if passing == 0 {
        Verdict { outcome: Outcome::Breaks, why: "what the client proves is not enough", witness: None }
    } else {
        Verdict { outcome: Outcome::MayBreak, why: "one of the ways to prove who calls is not enough", witness: None }
    }
}

impl<'a> Detector<'a> {
    pub(super) fn security(&mut self, spot: &Spot, old: &Operation<'a>, new: &Operation<'a>) {
        let (old_ways, old_value, old_at) = requirements(&self.old, old);
        let (new_ways, new_value, new_at) = requirements(&self.new, new);
        let sorted = |ways: &[Requirement]| ways.iter().cloned().collect::<BTreeSet<_>>();
        if sorted(&old_ways) == sorted(&new_ways) {
            return;
        }
        let (forward, reverse) = (judge(&old_ways, &new_ways), judge(&new_ways, &old_ways));
        let spot = spot.at(Part::Security, "security");
        let what = What::Keyword(Keyword::Requirements, Move::Changed);
        let (old, new) = (old_value.cloned(), new_value.cloned());
        let difference = Difference { what, old, new, old_at: &old_at, new_at: &new_at };
        self.recorder.report_judged(&spot, difference, Judgement { direction: Direction::Neither, forward, reverse });
    }

    /// Servers that an operation or its path has for itself.
    pub(super) fn servers_of(&mut self, spot: &Spot, old: &Operation<'a>, new: &Operation<'a>) {
        let find = |operation: &Operation<'a>| {
            let own = operation.value.get("servers").map(|list| (operation.at(), list));
            own.or_else(|| operation.item.get("servers").map(|list| (operation.item_at.clone(), list)))
        };
        let (old, new) = (find(old), find(new));
        let place = |found: &Option<(String, &Value)>| found.as_ref().map_or_else(String::new, |(at, _)| at.clone());
        let (old_at, new_at) = (place(&old), place(&new));
        let spot = spot.at(Part::Server, "servers");
        self.server_lists(&spot, (old.map(|(_, list)| list), new.map(|(_, list)| list)), (&old_at, &new_at));
    }

    /// Compares lists of servers, which are known by their URLs.
    pub(super) fn server_lists(
        &mut self,
        spot: &Spot,
        lists: (Option<&'a Value>, Option<&'a Value>),
        at: (&str, &str),
    ) {
        if lists.0 == lists.1 {
            return;
        }
        let (old_at, new_at) = (pointer::join(at.0, "servers"), pointer::join(at.1, "servers"));
        let first = |list: Option<&Value>| base_path(list.and_then(|list| list.get(0)));
        let (old_base, new_base) = (first(lists.0), first(lists.1));
        if old_base != new_base {
            let what = What::Keyword(Keyword::BasePath, Move::Changed);
            let (old, new) = (Some(old_base.into()), Some(new_base.into()));
            self.report(spot, Difference { what, old, new, old_at: &old_at, new_at: &new_at });
        }
        let (old, new) = (by_url(lists.0), by_url(lists.1));
        for (url, (index, server)) in &old {
            let at = pointer::join(&old_at, &index.to_string());
            let spot = spot.at(Part::Server, format!("server {url}"));
            match new.get(url) {
                Some((other_index, other)) => {
                    let other_at = pointer::join(&new_at, &other_index.to_string());
                    for keyword in [Keyword::Description, Keyword::Variables] {
                        self.member(&spot, keyword, (server, other), (&at, &other_at));
                    }
                    self.extensions_of(&spot, Object::Server, server, other, (&at, &other_at));
                }
                None => self.appears(&spot, false, &at, &new_at, None),
            }
        }
        for (url, (index, _)) in new.iter().filter(|(url, _)| !old.contains_key(*url)) {
            let spot = spot.at(Part::Server, format!("server {url}"));
            self.appears(&spot, true, &pointer::join(&new_at, &index.to_string()), &old_at, None);
        }
        if old.keys().eq(new.keys()) && old.iter().zip(&new).any(|((_, (a, _)), (_, (b, _)))| a != b) {
            let what = What::Keyword(Keyword::Order, Move::Changed);
            self.report(spot, Difference { what, old: None, new: None, old_at: &old_at, new_at: &new_at });
        }
    }
}

fn by_url(list: Option<&Value>) -> BTreeMap<&str, (usize, &Value)> {
    let servers = list.and_then(Value::as_array).into_iter().flatten().enumerate();
    servers.filter_map(|(index, server)| Some((server.get("url")?.as_str()?, (index, server)))).collect()
}

/// The path of a server's URL, where what is called begins; none is the root of wherever the document is.
fn base_path(server: Option<&Value>) -> String {
    let url = server.and_then(|server| server.get("url")).and_then(Value::as_str).unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default(),
        None => url,
    };
    let path = path.trim_end_matches('/');
    if path.is_empty() { "/".to_owned() } else { path.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn way(schemes: &[(&str, &[&str])]) -> Requirement {
        let scopes = |scopes: &[&str]| scopes.iter().map(|scope| (*scope).to_owned()).collect();
        schemes.iter().map(|(name, list)| ((*name).to_owned(), scopes(list))).collect()
    }

    #[test]
    fn a_client_passes_where_every_way_that_it_may_go_is_enough() {
        let (open, token, both) = (way(&[]), way(&[("token", &[])]), way(&[("token", &[]), ("key", &[])]));
        for (client, pod, outcome) in [
            (vec![open.clone()], vec![token.clone()], Outcome::Breaks),
            (vec![token.clone()], vec![open.clone()], Outcome::Works),
            (vec![token.clone()], vec![both.clone()], Outcome::Breaks),
            (vec![both.clone()], vec![token.clone()], Outcome::Works),
            (vec![open.clone(), token.clone()], vec![token.clone()], Outcome::MayBreak),
            (vec![token.clone()], vec![token, open], Outcome::Works),
            (vec![way(&[("oauth", &["a", "b"])])], vec![way(&[("oauth", &["a"])])], Outcome::Works),
            (vec![way(&[("oauth", &["a"])])], vec![way(&[("oauth", &["a", "b"])])], Outcome::Breaks),
        ] {
            assert_eq!(judge(&client, &pod).outcome, outcome, "{client:?} {pod:?}");
        }
    }

    #[test]
    fn the_base_path_is_what_stands_behind_the_host() {
        for (url, path) in [("https://h/pod/", "/pod"), ("https://h", "/"), ("/pod", "/pod"), ("", "/")] {
            assert_eq!(base_path(Some(&json!({"url": url}))), path, "{url}");
        }
    }
}
