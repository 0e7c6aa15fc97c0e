//! `cargo xtask bump` as a maintainer runs it, in a workspace of its own.

use crate::Test;
use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use crate::workspace::{Run, Workspace, root};
use serde_json::{Value, json};
use xtask::terminal::Outcome;

const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- What there was.\n";
const RULE: &str = "[ground.R1]\nrule = \"room.name.length\"\nvalues = [{ fragment = \"create-room-v3\", pointer = \"/components/schemas/RoomTag/required\", digest = \"0000000000000000\" }]\n";

/// A workspace with the fragments, the client made of them, a lock and a changelog.
pub(crate) fn workspace() -> Result<Workspace, Box<dyn Error>> {
    let workspace = Workspace::published()?;
    let out = workspace.path("out");
    fs::create_dir_all(out.join("src"))?;
    fs::write(out.join("src/lib.rs"), "#[rustfmt::skip]\nmod generated;\npub use generated::*;\n")?;
    fs::write(
        out.join("Cargo.toml"),
        "[package]\nname = \"client\"\nversion = \"0.1.0+20.17.1\"\nedition = \"2024\"\n\n\
         [features]\nhttpmock = [\"dep:httpmock\", \"dep:regex\"]\n\n[dependencies]\n\
         # BEGIN crates that src/generated/ names; kept in step by `cargo xtask generate`\n\
         httpmock = { version = \"0.9\", optional = true }\nregex = { version = \"1\", optional = true }\n# END\n",
    )?;
    fs::create_dir_all(workspace.path("user/src"))?;
    fs::write(
        workspace.path("user/src/lib.rs"),
        "pub fn tag(tag: &client::types::RoomTag) -> &str {\n    &tag.key\n}\n",
    )?;
    fs::write(
        workspace.path("user/Cargo.toml"),
        "[package]\nname = \"user\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\nclient.workspace = true\n",
    )?;
    fs::write(
        workspace.path("Cargo.toml"),
        "[workspace]\nresolver = \"3\"\nmembers = [\"out\", \"user\"]\n\n\
         [workspace.dependencies]\nclient = { path = \"out\", version = \"0.1.0\" } # ours\n",
    )?;
    fs::copy(root().join("Cargo.lock"), workspace.path("Cargo.lock"))?;
    fs::copy(xtask_fixtures::folder().join("sources.toml"), workspace.path("openapi/sources.toml"))?;
    fs::write(workspace.path("CHANGELOG.md"), CHANGELOG)?;
    // The check at the end compiles what the client rests on: once, and not what this build has compiled.
    let build = std::env::current_exe()?.ancestors().nth(3).ok_or("no target folder")?.to_owned();
    let config = format!(
        "[build]\ntarget-dir = {:?}\nbuild-dir = {build:?}\n\n[profile.dev]\ndebug = false\n",
        build.join("standalone")
    );
    fs::create_dir_all(workspace.path(".cargo"))?;
    fs::write(workspace.path(".cargo/config.toml"), config)?;
    let run = workspace.generate(&[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    Ok(workspace)
}

/// The published fragments in the folder `new`, of another version and otherwise changed.
pub(crate) fn publish(workspace: &Workspace, version: &str, change: impl Fn(&mut Value)) -> Test {
    fs::create_dir_all(workspace.path("new"))?;
    for name in xtask_fixtures::names()? {
        let mut fragment: Value = serde_json::from_str(&fs::read_to_string(xtask_fixtures::folder().join(&name))?)?;
        *fragment.pointer_mut("/info/version").ok_or("no version")? = version.into();
        change(&mut fragment);
        fs::write(workspace.path("new").join(name), format!("{fragment:#}\n"))?;
    }
    Ok(())
}

pub(crate) fn bump(workspace: &Workspace, arguments: &[&str]) -> Run {
    let [new, out] = ["new", "out"].map(|folder| workspace.path(folder).display().to_string());
    workspace.run(&[&["bump", &new, "--out", &out], arguments].concat())
}

/// Every file below a folder but those that cargo makes.
pub(crate) fn files(folder: &Path) -> Result<BTreeMap<String, String>, Box<dyn Error>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.extend((!path.ends_with("target")).then_some(path));
            } else {
                found.insert(path.strip_prefix(folder)?.display().to_string(), fs::read_to_string(&path)?);
            }
        }
    }
    Ok(found)
}

/// A report without what differs from machine to machine: the place of the folder, and times.
pub(crate) fn steady(workspace: &Workspace, text: &str) -> String {
    let text = text.replace(&format!("{}/", workspace.path("").display().to_string().trim_end_matches('/')), "");
    text.lines().filter(|line| !line.contains("ms import")).map(|line| format!("{}\n", line.trim_end())).collect()
}

fn optional_field(fragment: &mut Value) {
    if let Some(properties) = fragment.pointer_mut("/components/schemas/V3RoomAttributes/properties") {
        properties["archived"] = json!({"type": "boolean"});
    }
}

#[test]
fn a_dry_run_prints_the_report_for_the_pull_request_and_writes_nothing() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", optional_field)?;
    let before = files(&workspace.path(""))?;
    let run = bump(&workspace, &["--dry-run"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    insta::assert_snapshot!("report", steady(&workspace, &run.out));
    insta::assert_snapshot!("summary", steady(&workspace, &run.err));
    assert_eq!(files(&workspace.path(""))?, before);
    Ok(())
}

#[test]
fn everything_that_a_release_needs_follows_and_the_places_that_no_longer_fit_are_listed() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", |fragment| {
        if let Some(tag) = fragment.pointer_mut("/components/schemas/RoomTag") {
            tag["required"] = json!([]);
        }
    })?;
    let run = bump(&workspace, &[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);

    let manifest = fs::read_to_string(workspace.path("out/Cargo.toml"))?;
    assert!(manifest.contains("\nversion = \"0.2.0+20.18.0\"\n"), "{manifest}");
    let root = fs::read_to_string(workspace.path("Cargo.toml"))?;
    assert!(root.contains("client = { path = \"out\", version = \"0.2.0\" } # ours\n"), "{root}");
    let lock = fs::read_to_string(workspace.path("Cargo.lock"))?;
    assert!(lock.contains("name = \"client\"\nversion = \"0.2.0+20.18.0\"\n"), "{lock}");
    insta::assert_snapshot!("changelog", fs::read_to_string(workspace.path("CHANGELOG.md"))?);
    insta::assert_snapshot!("text", steady(&workspace, &run.out));

    let broken = "user/src/lib.rs:2:5: error[E0308]: mismatched types";
    assert!(run.err.contains(broken), "{}", run.err);
    assert!(
        run.err.ends_with(
            "    check at least 1 place in hand-written code no longer fits the new client: more may show once this is fixed\n  \
             help: work through the lines above, and run `cargo check --workspace --all-targets`\n"
        ),
        "{}",
        run.err
    );
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}

#[test]
fn what_is_there_already_changes_nothing_and_the_way_back_restores_it() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.17.1", |_| {})?;
    let before = files(&workspace.path(""))?;
    let run = bump(&workspace, &[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(
        run.err.contains("0 added, 0 changed, 3 unchanged; everything is as it is published: nothing to do\n"),
        "{}",
        run.err
    );
    assert_eq!(files(&workspace.path(""))?, before);

    publish(&workspace, "20.18.0", optional_field)?;
    assert_eq!(bump(&workspace, &[]).outcome, Outcome::Done);
    publish(&workspace, "20.17.1", |_| {})?;
    assert_eq!(bump(&workspace, &[]).outcome, Outcome::Failure, "an older version has to be asked for");
    assert_eq!(bump(&workspace, &["--older"]).outcome, Outcome::Done);
    let after = files(&workspace.path(""))?;
    let restored = |path: &&String| {
        path.starts_with("openapi/") || path.starts_with("out/src/generated/") || *path == "out/openapi.json"
    };
    for path in before.keys().filter(restored) {
        // The client's own list of versions is not among them: a version that was given goes on.
        assert_eq!(after.get(path), before.get(path), "{path}");
    }
    assert!(after["out/Cargo.toml"].contains("version = \"0.2.0+20.17.1\""), "{}", after["out/Cargo.toml"]);
    Ok(())
}

#[test]
fn a_partial_bump_is_an_error_that_names_the_laggards() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", |_| {})?;
    fs::remove_file(workspace.path("new/im-info.json"))?;
    let before = files(&workspace.path(""))?;
    let run = bump(&workspace, &[]);
    assert_eq!(run.outcome, Outcome::Failure);
    insta::assert_snapshot!("partial", run.err);
    assert_eq!(run.out, "");
    assert_eq!(files(&workspace.path(""))?, before);
    Ok(())
}

#[test]
fn a_version_that_can_not_be_metadata_is_an_error_and_nothing_is_written() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18 beta", |_| {})?;
    let before = files(&workspace.path(""))?;
    let run = bump(&workspace, &[]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert_eq!(
        run.err,
        "out/Cargo.toml: error[version]: the specification's version `20.18 beta` can't stand behind the `+` of a crate's \
         version: only letters, digits and hyphens may, in parts between single dots; correct `info.version` in the \
         overlay\n  help: nothing is written; put that right, and run it again\n\n"
    );
    assert_eq!(files(&workspace.path(""))?, before);
    Ok(())
}

#[test]
fn the_same_version_with_other_content_is_said_and_gets_a_version_of_its_own() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.17.1", |fragment| {
        if let Some(tag) = fragment.pointer_mut("/components/schemas/RoomTag/properties/key") {
            tag["description"] = "What it is called.".into();
        }
    })?;
    let run = bump(&workspace, &["--dry-run"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(
        run.out.starts_with("# Bump of the specification\n\n`client` 0.1.0+20.17.1 → 0.1.1+20.17.1\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("**Same version, other content: both are 20.17.1, and yet they differ.**"), "{}", run.out);
    Ok(())
}

#[test]
fn corrections_that_the_vendor_has_made_are_taken_out_of_the_overlay() -> Test {
    let workspace = workspace()?;
    let head = "overlay: 1.0.0\ninfo: {title: Corrections, version: 1.0.0}\nactions:\n";
    let made = "  # The page says so.\n  - target: $.components.schemas.V1IMDetail\n    description: It is old.\n    update:\n      deprecated: true\n";
    let kept = "  - target: $.info\n    description: A name of our own.\n    update: {title: Ours}\n";
    workspace.write("overlay.yaml", &format!("{head}{made}{kept}"))?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    publish(&workspace, "20.18.0", |fragment| {
        if let Some(detail) = fragment.pointer_mut("/components/schemas/V1IMDetail") {
            detail["deprecated"] = true.into();
        }
    })?;
    let dry = bump(&workspace, &["--dry-run"]);
    assert!(
        dry.out.contains(
            "\n## Actions of the overlay without effect, taken out\n\n\
             - `actions[0]` on `$.components.schemas.V1IMDetail` (It is old.) changes nothing\n"
        ),
        "{}",
        dry.out
    );
    let run = bump(&workspace, &[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert_eq!(fs::read_to_string(workspace.path("openapi/overlay.yaml"))?, format!("{head}{kept}"));
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}

#[test]
fn rules_whose_ground_moved_are_listed() -> Test {
    let workspace = workspace()?;
    fs::write(workspace.path("openapi/sources.toml"), RULE)?;
    publish(&workspace, "20.18.0", |_| {})?;
    let run = bump(&workspace, &["--dry-run"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(
        run.out.contains(
            "\n## Rules to look at again\n\n- R1 (rule `room.name.length`) rests on a value of `create-room-v3` that has changed\n"
        ),
        "{}",
        run.out
    );
    Ok(())
}

#[test]
fn without_a_package_there_is_nothing_to_release() -> Test {
    let workspace = Workspace::published()?;
    assert_eq!(workspace.generate(&[]).outcome, Outcome::Done);
    publish(&workspace, "20.18.0", optional_field)?;
    let run = bump(&workspace, &[]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(!workspace.path("out/Cargo.toml").exists());
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}

#[test]
fn a_withdrawn_fragment_goes_in_one_step_with_what_is_known_of_it() -> Test {
    let workspace = workspace()?;
    let ground = "\n[ground.Z9]\nrule = \"im.one\"\nvalues = [{ fragment = \"im-info\", pointer = \"/openapi\", digest = \"0000000000000000\" }]\n";
    let sources = workspace.path("openapi/sources.toml");
    fs::write(&sources, fs::read_to_string(&sources)? + ground)?;
    let out = workspace.path("out").display().to_string();
    let run = workspace.run(&["bump", "--withdrawn", "im-info", "--out", &out, "--no-check"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(!workspace.path("openapi/im-info.json").exists());
    let sources = fs::read_to_string(&sources)?;
    assert!(!sources.contains("im-info") && !sources.contains("Z9"), "{sources}");
    assert!(
        run.err.contains(
            "openapi/im-info.json: warning[ground]: Z9 (rule `im.one`) rested on this page, which is withdrawn: its ground goes with it\n"
        ),
        "{}",
        run.err
    );
    let changelog = fs::read_to_string(workspace.path("CHANGELOG.md"))?;
    assert!(changelog.contains("### `client` 0.2.0+20.17.1\n"), "{changelog}");
    assert!(changelog.contains("Breaks clients in use:\n\n- `GET /v1/im/{id}/info`: removed\n"), "{changelog}");
    assert_eq!(workspace.generate(&["--check"]).outcome, Outcome::Done);
    Ok(())
}

#[test]
fn a_fragment_that_is_not_there_can_not_be_withdrawn() -> Test {
    let workspace = workspace()?;
    let before = files(&workspace.path(""))?;
    let out = workspace.path("out").display().to_string();
    let run = workspace.run(&["bump", "--withdrawn", "nobody.json", "--out", &out]);
    assert_eq!(run.outcome, Outcome::Failure);
    assert_eq!(
        run.err,
        "openapi: error[name]: no fragment in `openapi` is called `nobody.json`, so none can be withdrawn\n  \
         help: name one of these: create-im-or-mim-admin.json, create-room-v3.json, im-info.json\n\n"
    );
    assert_eq!(files(&workspace.path(""))?, before);
    Ok(())
}

#[test]
fn an_operation_whose_fragment_was_removed_by_hand_is_missed_all_the_same() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", |_| {})?;
    for folder in ["openapi", "new"] {
        fs::remove_file(workspace.path(folder).join("im-info.json"))?;
    }
    let run = bump(&workspace, &["--dry-run", "--format", "json"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    let report: Value = serde_json::from_str(&run.out)?;
    let changes = report["changes"].as_array().into_iter().flatten();
    let told: Vec<String> = changes
        .map(|change| format!("{} {}", change["kind"].as_str().unwrap_or_default(), change["subject"]["path"]))
        .filter(|told| !told.starts_with("schema.removed"))
        .collect();
    assert_eq!(told, ["operation.removed \"/v1/im/{id}/info\"", "info.version.changed null"]);
    assert_eq!(report["release"], "breaking");
    Ok(())
}

#[test]
fn a_page_that_is_new_to_the_set_is_taken_in() -> Test {
    let workspace = workspace()?;
    let new = workspace.path("new");
    fs::create_dir_all(&new)?;
    let mut fragment: Value =
        serde_json::from_str(&fs::read_to_string(xtask_fixtures::folder().join("im-info.json"))?)?;
    fragment["paths"] = json!({"/v1/made/up": {"get": {"responses": {"200": {"description": "Made up"}}}}});
    fragment["components"] = json!({});
    fs::write(new.join("made-up.json"), format!("{fragment:#}\n"))?;
    let run = bump(&workspace, &["--dry-run"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(run.out.contains("\n- `GET /v1/made/up`: taken in\n"), "{}", run.out);
    let annotations = bump(&workspace, &["--dry-run", "--format", "github"]).out;
    let said = "::notice::Same version, other content: both are 20.17.1, and yet they differ.\n";
    assert_eq!(annotations, said, "pods of this version have it: nothing to look at");
    Ok(())
}

#[test]
fn what_the_generator_changes_is_told_apart_from_the_specification() -> Test {
    let workspace = workspace()?;
    let out = workspace.path("out").display().to_string();
    let compared = |arguments: &[&str]| workspace.run(&[&["diff", "--generator", "--out", &out], arguments].concat());
    let run = compared(&["--fail-on", "any"]);
    assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""));
    assert!(run.out.contains("Identical: nothing differs. Both are 20.17.1.\n"), "{}", run.out);
    // As if another generator had made it.
    let client = workspace.path("out/src/generated/client.rs");
    let text = fs::read_to_string(&client)?;
    fs::write(&client, text.replace("pub struct RoomTag", "pub struct RoomLabel"))?;
    let run = compared(&["--fail-on", "breaking"]);
    assert_eq!(run.outcome, Outcome::Verdict, "{}", run.err);
    assert!(
        run.out.contains("Same specification, 20.17.1: the generator makes another client of it.\n"),
        "{}",
        run.out
    );
    assert!(run.out.contains("types::RoomLabel  struct removed\n"), "{}", run.out);
    Ok(())
}

#[test]
fn an_edit_of_the_generated_code_is_no_change_of_the_client_and_said() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", optional_field)?;
    let client = workspace.path("out/src/generated/client.rs");
    let text = fs::read_to_string(&client)?;
    fs::write(&client, text.replace("pub struct RoomTag", "pub struct RoomLabel"))?;
    let run = bump(&workspace, &["--dry-run"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(!run.out.contains("RoomLabel"), "{}", run.out);
    let warning = "out/src/generated/client.rs: warning[generated-code]: isn't what the committed fragments generate: somebody \
                   edited it, or the generator changed since\n  help: the report compares with what they generate; \
                   `cargo xtask diff --generator` shows what was there\n";
    assert!(run.err.contains(warning), "{}", run.err);
    Ok(())
}

#[test]
fn changes_that_nobody_committed_are_said_before_the_bump_mixes_with_them() -> Test {
    let workspace = workspace()?;
    publish(&workspace, "20.18.0", optional_field)?;
    let git = |arguments: &[&str]| -> Test {
        let who = ["-c", "user.name=Tester", "-c", "user.email=tester@example.com", "-c", "commit.gpgsign=false"];
        let ran =
            std::process::Command::new("git").args(who).args(arguments).current_dir(workspace.path("")).output()?;
        if ran.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&ran.stderr).into()) }
    };
    git(&["init", "--quiet"])?;
    git(&["add", "--all"])?;
    git(&["commit", "--quiet", "--message", "What there is"])?;
    assert!(!bump(&workspace, &["--dry-run"]).err.contains("uncommitted"));
    fs::write(workspace.path("CHANGELOG.md"), format!("{CHANGELOG}\nSomething new.\n"))?;
    workspace.edit("im-info.json", |fragment| fragment["info"]["description"] = "By hand.".into())?;
    let run = bump(&workspace, &["--dry-run"]);
    let warning = "CHANGELOG.md: warning[uncommitted]: its changes haven't been committed, nor have those of \
                   openapi/im-info.json, and the bump writes there too\n  help: commit or stash them first: else `git \
                   restore` takes them along, should you want to go back\n";
    assert!(run.err.contains(warning), "{}", run.err);
    Ok(())
}

#[test]
fn a_changed_sentence_is_told_whole_with_the_rule_that_rests_on_it() -> Test {
    let workspace = workspace()?;
    let long = "A room is found by its name, which has to be one that nobody else in the company has given to a room, or \
                else the call is refused";
    let fragment: Value =
        serde_json::from_str(&fs::read_to_string(xtask_fixtures::folder().join("create-room-v3.json"))?)?;
    fs::create_dir_all(workspace.path("new"))?;
    let page = |said: &str| crate::pages::page(std::slice::from_ref(&fragment)) + &format!("\n{said}.\n");
    fs::write(workspace.path("new/create-room-v3.md"), page("Any name will do"))?;
    assert_eq!(bump(&workspace, &["--no-check"]).outcome, Outcome::Done);
    let digest = xtask::import::ground::digest("Any name will do.");
    let sources = workspace.path("openapi/sources.toml");
    let ground = format!(
        "\n[ground.Z1]\nrule = \"room.name.new\"\nprose = [{{ page = \"create-room-v3\", digest = \"{digest}\" }}]\n"
    );
    fs::write(&sources, fs::read_to_string(&sources)? + &ground)?;
    fs::write(workspace.path("new/create-room-v3.md"), page(long))?;
    let run = bump(&workspace, &["--dry-run"]);
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    let page = run.out.split("### The page `create-room-v3` says something else\n\n").nth(1).ok_or("no page")?;
    let told: Vec<&str> = page.lines().take_while(|line| !line.is_empty()).collect();
    // The other rules rested on statements of the page as it is published, which this one doesn't have.
    let [.., rule, statement] = told.as_slice() else { return Err(run.out.into()) };
    assert_eq!(*rule, "- Z1 (rule `room.name.new`) rested on a statement that is gone");
    assert_eq!(*statement, format!("- new: {long}."));
    Ok(())
}
