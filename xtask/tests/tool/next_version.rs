//! What a maintainer does when the vendor publishes another version: the tool's own tests must not notice.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

use crate::Test;
use crate::pages::{furniture, page};
use crate::standalone::build_in;
use crate::workspace::root;

/// Copies what is committed: all but what builds and version control leave in a checkout.
fn copy(from: &Path, to: &Path) -> Test {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let (name, path) = entry.map(|entry| (entry.file_name(), entry.path()))?;
        if [OsStr::new("target"), OsStr::new(".git")].contains(&name.as_os_str()) {
            continue;
        }
        if path.is_dir() {
            copy(&path, &to.join(name))?;
        } else {
            fs::copy(&path, to.join(name))?;
        }
    }
    Ok(())
}

/// The committed fragments by their names.
fn fragments(openapi: &Path) -> Test<Vec<(String, Value)>> {
    let mut fragments = Vec::new();
    for entry in fs::read_dir(openapi)? {
        let path = entry?.path();
        if path.extension() == Some(OsStr::new("json")) {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            fragments.push((name, serde_json::from_str(&fs::read_to_string(&path)?)?));
        }
    }
    fragments.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(fragments)
}

/// `20.17.1` becomes `20.18.0`.
fn next(version: &str) -> Test<String> {
    let mut parts = version.split('.');
    let (major, minor) = (parts.next().ok_or("no version")?, parts.next().ok_or("no minor version")?);
    Ok(format!("{major}.{}.0", minor.parse::<u32>()?.saturating_add(1)))
}

/// The published pages of a plausible next version: two fields and a 404 more, a schema that is called otherwise, other
/// prose, and one page that is new.
fn pages(openapi: &Path, folder: &Path) -> Test<String> {
    let sources: toml_edit::DocumentMut = fs::read_to_string(openapi.join("sources.toml"))?.parse()?;
    let mut fragments = fragments(openapi)?;
    let version = next(fragments[0].1["info"]["version"].as_str().ok_or("no version")?)?;
    let renamed = fragments
        .iter()
        .filter_map(|(_, fragment)| fragment["components"]["schemas"].as_object())
        .flat_map(serde_json::Map::keys)
        .max()
        .ok_or("no schemas")?
        .clone();
    fs::create_dir_all(folder)?;
    let (mut common, mut address) = (fragments[0].1.clone(), String::new());
    for (name, fragment) in &mut fragments {
        fragment["info"]["version"] = version.as_str().into();
        for item in fragment["paths"].as_object_mut().ok_or("no paths")?.values_mut() {
            for operation in item.as_object_mut().ok_or("no operations")?.values_mut() {
                operation["responses"]["404"] = operation["responses"]["400"].clone();
            }
        }
        for (_, schema) in fragment["components"]["schemas"].as_object_mut().ok_or("no schemas")? {
            if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
                properties.insert("addedText".to_owned(), json!({"type": "string"}));
                properties.insert("addedFlag".to_owned(), json!({"type": "boolean"}));
            }
        }
        let text = fragment.to_string();
        let text = text.replace(&format!("\"{renamed}\":"), &format!("\"{renamed}Renamed\":"));
        let text = text.replace(&format!("/schemas/{renamed}\""), &format!("/schemas/{renamed}Renamed\""));
        *fragment = serde_json::from_str(&text)?;
        common["info"] = fragment["info"].clone();
        let published = sources["fragment"][&format!("{name}.json")]["published"].as_str().ok_or("no address")?;
        published.clone_into(&mut address);
        let said = page(std::slice::from_ref(fragment)) + "\nA name has fewer than 51 characters.\n";
        fs::write(folder.join(format!("{name}.md")), said + &furniture(published))?;
    }
    common["paths"] = json!({"/v1/made/up": {"get": {"responses": {"200": {"description": "Made up"}}}}});
    common["components"] = json!({});
    let address = format!("{}/made-up.md", address.rsplit_once('/').ok_or("no folder")?.0);
    fs::write(folder.join("made-up.md"), page(&[common]) + &furniture(&address))?;
    Ok(version)
}

fn cargo(workspace: &Path, arguments: &[&str]) -> Test<Output> {
    let output = build_in(&mut Command::new(env!("CARGO")), "next-version")?
        .args(arguments)
        .current_dir(workspace)
        .env_remove("CARGO_PROFILE_DEV_DEBUG")
        .output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(output) } else { Err(format!("cargo {}:\n{said}", arguments.join(" ")).into()) }
}

/// What takes minutes of compiling or of sending values, all of it from inputs that no bump changes.
const LONG: [&str; 6] = ["pairs::", "roundtrip::", "semver_checks::", "standalone::", "stopped::", "values::"];

/// `cargo xtask` in the copy.
fn xtask(workspace: &Path, arguments: &[&str]) -> Test<String> {
    let arguments = [&["run", "--quiet", "--package", "xtask", "--"], arguments].concat();
    Ok(String::from_utf8(cargo(workspace, &arguments)?.stdout)?)
}

/// The page of a fourth operation, made up in the form of the others.
fn users_lookup(openapi: &Path) -> Test<String> {
    let known = fragments(openapi)?;
    let text = |name: &str, place: &str| json!({"name": name, "in": place, "required": place == "header", "schema": {"type": "string"}});
    let user = json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "integer", "format": "int64"}, "displayName": {"type": "string"}
    }});
    let fragment = json!({
        "openapi": "3.1.1",
        "info": known[0].1["info"],
        "servers": known[0].1["servers"],
        "paths": {"/v3/users": {"get": {
            "summary": "Looks users up.",
            "parameters": [text("sessionToken", "header"), text("email", "query")],
            "responses": {"200": {"description": "Those that are known.", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/UserList"}
            }}}}
        }}},
        "components": {"schemas": {
            "User": user,
            "UserList": {"type": "object", "properties": {
                "users": {"type": "array", "items": {"$ref": "#/components/schemas/User"}}
            }}
        }}
    });
    Ok(page(&[fragment]) + &furniture("https://docs.example.com/users-lookup.md"))
}

/// What a bot author writes on the day on which the page was taken in: no code by hand knows the operation.
const BOT: &str = r#"
use httpmock::MockServer;
use pod_api_ext::pod_api::httpmock::{BASE_PATH, MockServerExt as _};
use pod_api_ext::pod_api::types::{User, UserList};
use pod_api_ext::operations::Safety;
use pod_api_ext::{Pod, SessionToken};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start_async().await;
    let known = UserList::builder().users(vec![User::builder().id(7).display_name("Alice").build()?]).build()?;
    let mock = server.v3_users_get(|when, then| {
        when.session_token("a token").email("alice@example.com");
        then.ok(&known);
    });
    let pod = Pod::builder(&server.url(BASE_PATH))?.session(SessionToken::new("a token")?).build()?;
    let found = pod.call(Safety::Read, pod.client().v3_users_get().email("alice@example.com")).await?;
    assert_eq!(found, known);
    mock.assert_calls(1);
    Ok(())
}
"#;

/// CONTRIBUTING, "An operation more, an operation less".
fn an_operation_more_and_less(workspace: &Path, folder: &Path) -> Test {
    let openapi = workspace.join("openapi");
    let page = folder.join("users-lookup.md");
    fs::write(&page, users_lookup(&openapi)?)?;
    let report = xtask(workspace, &["bump", "--no-check", &page.display().to_string()])?;
    assert!(report.contains("GET /v3/users"), "{report}");
    assert!(report.contains("taken in"), "{report}");
    xtask(workspace, &["generate", "--check"])?;
    fs::write(workspace.join("tests/examples/users_lookup.rs"), BOT)?;
    cargo(workspace, &["run", "--quiet", "--package", "pod-api-tests", "--example", "users_lookup"])?;

    fs::remove_file(workspace.join("tests/examples/users_lookup.rs"))?;
    let report = xtask(workspace, &["bump", "--no-check", "--withdrawn", "users-lookup"])?;
    assert!(report.contains("GET /v3/users"), "{report}");
    assert!(report.contains(", breaking\n"), "{report}");
    xtask(workspace, &["generate", "--check"])?;
    assert!(!fs::read_to_string(openapi.join("sources.toml"))?.contains("users-lookup"));
    Ok(())
}

#[test]
#[ignore = "builds and tests the whole tool a second time"]
fn an_operation_more_and_less_and_the_next_version_leave_the_tests_of_the_tool_green() -> Test {
    let folder = tempfile::tempdir()?;
    let workspace: PathBuf = folder.path().join("a copy");
    copy(&root(), &workspace)?;
    an_operation_more_and_less(&workspace, folder.path())?;

    let pages_folder = folder.path().join("pages");
    let version = pages(&workspace.join("openapi"), &pages_folder)?;
    let report = xtask(&workspace, &["bump", "--no-check", &pages_folder.display().to_string()])?;
    assert!(report.contains(&format!("→ {version}")), "{report}");
    xtask(&workspace, &["generate", "--check"])?;
    let left_out = ["pod-api", "pod-api-ext", "pod-api-tests"];
    let left_out = left_out.iter().flat_map(|package| ["--exclude", package]);
    let skipped = LONG.iter().flat_map(|tests| ["--skip", tests]);
    let arguments: Vec<&str> =
        ["test", "--workspace"].into_iter().chain(left_out).chain(["--"]).chain(skipped).collect();
    cargo(&workspace, &arguments)?;
    Ok(())
}
