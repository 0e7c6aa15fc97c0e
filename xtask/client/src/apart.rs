//! progenitor in a process of its own. What overflows its stack, runs without end or fills the memory ends that process
//! alone, so that ours is left to say what it was.
//!
//! The program that calls [`run_by`] has to call [`serve`] where it is started with the arguments that `run_by` documents.
//! Without it progenitor runs in this process, where such an input is the end of it.

use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::{self, Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use openapiv3::OpenAPI;
use proc_macro2::TokenStream;

use crate::failure::Reason;
use crate::generator::{self, Product, STACK};
use crate::planted;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Bytes of address space that the process may take, where the system knows such a limit: 4 GiB. A thousand operations
/// take 150 MB.
const MEMORY: u64 = 4 << 30;

/// The exit code of a process whose time is over.
const LATE: i32 = 124;

/// From now on progenitor runs in processes of `program`, which is started with the arguments `generator`, `client` or
/// `mocks`, and a number of seconds. A second call changes nothing.
pub fn run_by(program: PathBuf) {
    PROGRAM.get_or_init(|| program);
}

/// Does the work of such a process: reads a document, writes what progenitor makes of it. Ends the process when
/// `seconds` are over.
///
/// # Errors
/// What was read is no document, or the streams fail.
pub fn serve(product: Product, seconds: u64, mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    thread::spawn(move || {
        thread::sleep(Duration::from_secs(seconds));
        process::exit(LATE);
    });
    limit_memory();
    let mut text = Vec::new();
    input.read_to_end(&mut text)?;
    let document: OpenAPI = serde_json::from_slice(&text)?;
    let work = || generator::tokens(product, &document).map(|tokens| tokens.to_string());
    let made: Result<String, String> = thread::scope(|scope| {
        let worker = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)?;
        worker.join().map_err(|_| io::Error::other("it panicked"))
    })?;
    serde_json::to_writer(&mut output, &made)?;
    output.flush()
}

/// What progenitor makes of `document` within so many seconds.
///
/// # Errors
/// Why it makes nothing.
pub(crate) fn tokens(product: Product, document: &OpenAPI, seconds: u64) -> Result<TokenStream, Reason> {
    let Some(program) = PROGRAM.get() else {
        return generator::tokens(product, document).map_err(Reason::Refused);
    };
    let seconds = planted::seconds().unwrap_or(seconds);
    let name = match product {
        Product::Client => "client",
        Product::Mocks => "mocks",
    };
    let mut command = Command::new(program);
    command.args(["generator", name, &seconds.to_string()]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |error: io::Error| Reason::Lost(format!("it can't be run: {error}"));
    let output = command.spawn().and_then(|child| answer(child, document)).map_err(failed)?;
    let made = output.status.success().then(|| serde_json::from_slice::<Result<String, String>>(&output.stdout));
    let Some(Ok(made)) = made else { return Err(Reason::Lost(end(&output, seconds))) };
    let text = made.map_err(Reason::Refused)?;
    text.parse().map_err(|error| Reason::Refused(format!("what it generated is not Rust: {error}")))
}

/// Gives `child` the document, and waits for what it says.
fn answer(mut child: Child, document: &OpenAPI) -> io::Result<Output> {
    if let Some(stdin) = child.stdin.take() {
        // Where it ends before it has read all, its end says why.
        let _ = serde_json::to_writer(BufWriter::new(stdin), document);
    }
    child.wait_with_output()
}

/// What became of a process that didn't answer.
fn end(Output { status, stderr, .. }: &Output, seconds: u64) -> String {
    let said = String::from_utf8_lossy(stderr);
    if status.code() == Some(LATE) {
        format!("it took longer than {seconds} s")
    } else if said.contains("has overflowed its stack") {
        "it overflowed its stack".to_owned()
    } else if said.contains("memory allocation of ") {
        format!("it took more than {} GiB of memory", MEMORY >> 30)
    } else {
        format!("it was ended ({status}): {}", said.lines().next().unwrap_or("it said nothing"))
    }
}

/// Limits the memory of this process, and leaves no image of it on the disk where it crashes.
#[cfg(target_os = "linux")]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    for (resource, most) in [(Resource::As, MEMORY), (Resource::Core, 0)] {
        let Rlimit { current, maximum } = getrlimit(resource);
        let current = Some(current.map_or(most, |current| current.min(most)));
        // It fails only where the limit would be raised.
        let _ = setrlimit(resource, Rlimit { current, maximum });
    }
}

/// Other systems have no such limit that holds; the time is limited there too.
#[cfg(not(target_os = "linux"))]
fn limit_memory() {}
