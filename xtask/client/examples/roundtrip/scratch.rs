//! The scratch crates: one for each client, compiled together.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::Result;
use crate::documents::Generated;

/// Where the crates are, and what the compiler said.
pub(crate) struct Scratch {
    target: PathBuf,
    messages: Vec<Value>,
    /// Held until the end: two runs would write each other's crates.
    _lock: fs::File,
}

/// What came of a sample.
pub(crate) enum Trip {
    /// Its type doesn't read it.
    Unread(String),
    /// What was written of it, and of that again.
    Read { first: String, second: String },
}

const MAIN: &str = r#"
#[rustfmt::skip]
#[allow(dead_code, unused_imports)]
mod generated;
use std::io::BufRead as _;
#[allow(dead_code)]
fn trip<T: serde::de::DeserializeOwned + serde::Serialize>(sample: &serde_json::Value) -> Result<[String; 2], String> {
    let text = |error: serde_json::Error| error.to_string();
    let read: T = serde_json::from_str(&sample.to_string()).map_err(text)?;
    let first = serde_json::to_string(&read).map_err(text)?;
    let again: T = serde_json::from_str(&first).map_err(|error| format!("what it writes, {first}, it doesn't read: {error}"))?;
    Ok([first, serde_json::to_string(&again).map_err(text)?])
}
fn main() {
    for line in std::io::stdin().lock().lines() {
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let came: Result<[String; 2], String> = match line["type"].as_str().unwrap() {
            TYPES
            _ => Err("there is no type of it".to_owned()),
        };
        println!("{}", match came {
            Ok(written) => serde_json::json!({"written": written}),
            Err(error) => serde_json::json!({"error": error}),
        });
    }
}
"#;

impl Scratch {
    /// Writes and compiles the crates.
    pub(crate) fn of(crates: &[Generated]) -> Result<Self> {
        let executable = std::env::current_exe()?;
        let target = executable.ancestors().nth(3).ok_or("no target folder")?.join("roundtrip");
        fs::create_dir_all(&target)?;
        let lock = fs::File::create(target.join("lock"))?;
        fs4::FileExt::lock(&lock)?;
        let folder = target.join("crates");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let names: Vec<String> = (0..crates.len()).map(|index| format!("client{index}")).collect();
        for (generated, name) in crates.iter().zip(&names) {
            for file in &generated.generation.files {
                let path = folder.join(name).join(&file.path);
                fs::create_dir_all(path.parent().ok_or("no folder")?)?;
                fs::write(path, &file.text)?;
            }
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [features]\nhttpmock = [\"dep:httpmock\", \"dep:regex\"]\n\n[dependencies]\n{}",
                generated.generation.dependencies
            );
            fs::write(folder.join(name).join("Cargo.toml"), manifest)?;
            fs::write(folder.join(name).join("src/main.rs"), main_of(generated)?)?;
        }
        fs::create_dir_all(&folder)?;
        // Nobody steps through them.
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = {}\n\n[profile.dev]\ndebug = false\nincremental = false\n",
            json!(names)
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        // The versions that are on this machine already, since the workspace needs them too.
        let versions = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.lock");
        fs::copy(versions, folder.join("Cargo.lock"))?;
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["build", "--keep-going", "--message-format", "json", "--target-dir"])
            .arg(&target)
            .current_dir(&folder)
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env_remove("RUSTFLAGS")
            .stderr(Stdio::inherit())
            .output()?;
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let messages = lines.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Ok(Self { target, messages, _lock: lock })
    }

    /// Sends the samples through the types of one client.
    pub(crate) fn trips(&self, index: usize, generated: &Generated) -> Result<Vec<Trip>> {
        let name = format!("client{index}");
        let of_crate =
            self.messages.iter().filter(|message| message.pointer("/target/name").is_some_and(|of| *of == name));
        let mut texts: Vec<&str> =
            of_crate.filter_map(|message| message.pointer("/message/rendered")?.as_str()).collect();
        texts.sort_by_key(|text| !text.starts_with("error"));
        if let Some(text) = texts.first() {
            return Err(format!("its client doesn't compile without a word: {text}").into());
        }
        let mut child =
            Command::new(self.target.join("debug").join(&name)).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut input = child.stdin.take().ok_or("no input")?;
        let mut lines = String::new();
        for ((schema, _), samples) in &generated.schemas {
            for sample in samples {
                lines.push_str(&json!({"type": schema, "sample": sample}).to_string());
                lines.push('\n');
            }
        }
        // The program writes while it reads: neither side may wait for the other.
        let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
        let output = child.wait_with_output()?;
        writer.join().map_err(|_| "the writer panicked")??;
        let lines = String::from_utf8(output.stdout)?;
        let trips = lines.lines().map(|line| {
            let came: Value = serde_json::from_str(line)?;
            let text = |at: &str| came.pointer(at).and_then(Value::as_str).map(str::to_owned);
            Ok(match (text("/written/0"), text("/written/1")) {
                (Some(first), Some(second)) => Trip::Read { first, second },
                _ => Trip::Unread(text("/error").unwrap_or_default()),
            })
        });
        trips.collect()
    }
}

/// The program of one client: a match over the schemas that have a type.
fn main_of(generated: &Generated) -> Result<String> {
    let client = generated.generation.files.iter().find(|file| file.path.ends_with("client.rs")).ok_or("no client")?;
    let mut arms = String::new();
    let mut before = "";
    for (schema, _) in generated.schemas.keys() {
        let name = generated.type_of(schema);
        let is_type = ["struct", "enum"].iter().any(|keyword| {
            [" ", "(", ";"].iter().any(|after| client.text.contains(&format!("\n    pub {keyword} {name}{after}")))
        });
        if is_type && before != schema {
            arms.push_str(&format!("{} => trip::<generated::types::{name}>(&line[\"sample\"]),\n", json!(schema)));
        }
        before = schema;
    }
    Ok(MAIN.replace("TYPES", &arms))
}
