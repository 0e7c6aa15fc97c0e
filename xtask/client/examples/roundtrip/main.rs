//! The oracle: what a type reads and writes is what its schema says.
//!
//! `cargo run -p xtask-client --example roundtrip -- DOCUMENT_OR_FOLDER` makes samples of every component that an
//! operation of the document refers to, valid by the published schema, and sends them through the generated types and
//! back, in a scratch crate. It prints the schema, the sample and what was lost, and closes with the counts. Exit code 0:
//! every loss is named by a warning of `generate` (`lossy`, at the schema or at one that it holds); 1: some isn't; 2: no
//! document. The files of a folder are the fragments of one API if they agree, else each is a document; folders in it
//! are read likewise. The scratch crates are in the folder `roundtrip` of the target folder.

mod documents;
mod losses;
mod scratch;

use std::path::PathBuf;
use std::process::ExitCode;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// What the run counted.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    documents: usize,
    failing: usize,
    schemas: usize,
    without_samples: usize,
    samples: usize,
    named: usize,
    unnamed: usize,
}

fn main() -> ExitCode {
    let [_, given] = std::env::args_os().collect::<Vec<_>>().try_into().unwrap_or_default();
    let given = PathBuf::from(given);
    match run(&given) {
        Ok(counts) if counts.documents > 0 => {
            println!(
                "{} documents, {} of them without a client; {} schemas, {} of them without a sample; {} samples; \
                 {} losses named by a warning, {} unnamed",
                counts.documents,
                counts.failing,
                counts.schemas,
                counts.without_samples,
                counts.samples,
                counts.named,
                counts.unnamed
            );
            if counts.unnamed == 0 && counts.failing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Ok(_) => {
            eprintln!("error: no document in `{}`: give a file of OpenAPI 3.1, or a folder of them", given.display());
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("error: `{}`: {error}", given.display());
            ExitCode::from(2)
        }
    }
}

fn run(given: &std::path::Path) -> Result<Counts> {
    let documents = documents::of(given)?;
    let mut counts = Counts { documents: documents.len(), ..Counts::default() };
    let mut crates = Vec::new();
    for document in documents {
        match document.generated() {
            Ok(generated) => crates.push(generated),
            // What `generate` refuses loses nothing in silence.
            Err(problems) => {
                println!("{}: refused by generate: {}", document.name, problems.lines().next().unwrap_or_default());
            }
        }
    }
    if crates.is_empty() {
        return Ok(counts);
    }
    let scratch = scratch::Scratch::of(&crates)?;
    for (index, generated) in crates.iter().enumerate() {
        let trips = match scratch.trips(index, generated) {
            Ok(trips) => trips,
            Err(error) => {
                counts.failing = counts.failing.saturating_add(1);
                println!("{}: {error}", generated.name);
                continue;
            }
        };
        counts.schemas = counts.schemas.saturating_add(generated.schemas.len());
        counts.without_samples = counts.without_samples.saturating_add(generated.without_samples());
        counts.samples = counts.samples.saturating_add(trips.len());
        for loss in losses::of(generated, &trips) {
            let named = generated.names(loss.schema, loss.member.as_deref());
            let count = if named { &mut counts.named } else { &mut counts.unnamed };
            *count = count.saturating_add(1);
            println!(
                "{}: {} loss\n  schema {}\n  sample {}\n  {}",
                generated.name,
                if named { "named" } else { "unnamed" },
                loss.schema,
                loss.sample,
                loss.what
            );
        }
    }
    Ok(counts)
}
