//! A pod for clients in any language: `cargo run -p pod-api-ext --features mock --example mock_pod -- --port 8080`

use std::error::Error;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::str::FromStr;

use lexopt::{Arg, Parser, ValueExt as _};
use pod_api_ext::UserId;
use pod_api_ext::mock::{Endpoint, MockPod, MockPodBuilder, PlannedFault, Role, User};
use pod_api_ext::rules::Entitlement;

const HELP: &str = "\
A pod of Symphony's Pod API on this machine, to try clients against.

It prints its base URL and a session token, and runs until it is stopped (Ctrl-C, SIGTERM).

Usage: mock_pod [OPTIONS]

Options:
  --port PORT            The port on 127.0.0.1; any free one by default
  --token TOKEN          The caller's session token; a random one by default
  --user ID              A user with a session. The first is the caller, whose token is printed as `token: ...`; those
                         of the others follow, as `token of ID: ...`
  --role NAME            A role of the user before it: \"User Provisioning\", \"Compliance Officer\", \"Super Compliance
                         Officer\". The caller has User Provisioning unless another role is given, or \"none\"
  --entitlement NAME     An entitlement of the user before it: canCreatePublicRoom, isExternalRoomEnabled; or of the
                         pod: canCreateExternalRoomSharedHistory
  --service-account NAME=FILE
                         A user name for the user before it, which logs in by the RSA key whose public half is in this
                         file (PEM): POST /login/pubkey/authenticate and /relay/pubkey/authenticate, beside /pod
  --app ID=FILE          An app, which logs in by such a key on behalf of any user: POST
                         /login/pubkey/app/authenticate and then .../app/username/NAME/authenticate
  --compliance-word WORD A room with this word in its name or description is refused with 451
  --fault FAULT          Makes calls of an operation fail, see below
  -h, --help             This text

All but --port, --token and --help may be given more than once.

Faults: OPERATION:FAULT[:OPTION]..., for instance
  create-room:429:retry-after=2:times=3     the first three are throttled
  create-room:reset:after-acting            the room is created, but its answer is lost
  im-info:delay=250ms:times=100             a hundred answers are late
  create-im:307:to=http://127.0.0.1:9/pod   one is sent to another host

  OPERATION  {operations}
  FAULT      a status between 200 and 599   that status, with {\"code\":...,\"message\":...}
             html, html=STATUS              an error page of a gateway, 503 unless another status is given
             reset, close, hang             the connection is reset or closed, or no answer comes
             cut, empty                     a right answer, cut short in its body or without one
             nulls, only-nulls, new-fields  a right answer, with null for absent fields, with nothing but null, or with
                                            fields that aren't specified
             delay=TIME                     a right answer, but late: 250ms, 2s
  OPTION     times=N                        for N calls; for one by default
             after-acting                   the pod acts, and only its answer goes wrong
             delay=TIME                     and late
             retry-after=SECONDS            with the header Retry-After, as a number
             retry-after-date=SECONDS       with the header Retry-After, as a date so far ahead
             no-body                        a status without a body
             to=URL, body=TEXT              a status with Location or another body; has to be the last option

Faults of one operation happen in the order in which they are given.";

fn help() -> String {
    let operations: Vec<&str> = Endpoint::ALL.iter().map(|endpoint| endpoint.name()).collect();
    HELP.replace("{operations}", &operations.join(", "))
}

/// The caller, unless a user is given.
const CALLER: i64 = 7_696_581_394_433;

/// How much of a file is read for a public key, in bytes.
const LONGEST_KEY: u64 = 64 << 10;

/// A user of the command line.
struct Named {
    id: UserId,
    /// Nothing unless one is given, which may be none.
    roles: Option<Vec<Role>>,
    entitlements: Vec<Entitlement>,
    accounts: Vec<(String, String)>,
}

impl Named {
    fn new(id: UserId) -> Self {
        Self { id, roles: None, entitlements: Vec::new(), accounts: Vec::new() }
    }

    fn user(self, default: &[Role]) -> User {
        let roles = self.roles.unwrap_or_else(|| default.to_vec());
        let user = roles.into_iter().fold(User::new(self.id), User::role);
        let user = self.entitlements.into_iter().fold(user, User::entitlement);
        self.accounts.into_iter().fold(user, |user, (name, key)| user.service_account(name, key))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

type Failure = Box<dyn Error>;

async fn run() -> Result<(), Failure> {
    let Some((pod, users)) = options(Parser::from_env())? else {
        return Ok(writeln!(io::stdout(), "{}", help())?);
    };
    // Before the first line is printed, so that a reader of that line can stop the program in order.
    let stopped = stopped()?;
    let pod = pod.start().await?;
    announce(&pod, &users)?;
    stopped.await?;
    pod.stop().await;
    Ok(())
}

/// The pod that is asked for and the users besides its caller.
type Options = (MockPodBuilder, Vec<UserId>);

/// What is asked for; nothing if that is help.
fn options(mut arguments: Parser) -> Result<Option<Options>, Failure> {
    let mut pod = MockPod::builder().real_time();
    let mut caller = Named::new(CALLER.into());
    let mut has_caller = false;
    let mut others: Vec<Named> = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("port") => pod = pod.port(port(&arguments.value()?.string()?)?),
            Arg::Long("token") => pod = pod.token(arguments.value()?.string()?),
            Arg::Long("user") => {
                let id = parsed(&mut arguments, "--user")?;
                if (has_caller && caller.id == id) || others.iter().any(|other| other.id == id) {
                    return Err(format!("--user {id}: this user is there already; give each user once").into());
                }
                if has_caller {
                    others.push(Named::new(id));
                } else {
                    caller.id = id;
                }
                has_caller = true;
            }
            Arg::Long("role") => {
                let name = arguments.value()?.string()?;
                let roles = others.last_mut().unwrap_or(&mut caller).roles.get_or_insert_default();
                if name != "none" {
                    roles.push(name.parse().map_err(|error| format!("--role: {error}, none"))?);
                }
            }
            Arg::Long("entitlement") => {
                let entitlement = parsed(&mut arguments, "--entitlement")?;
                others.last_mut().unwrap_or(&mut caller).entitlements.push(entitlement);
            }
            Arg::Long("service-account") => {
                let account = named_key(&mut arguments, "--service-account")?;
                others.last_mut().unwrap_or(&mut caller).accounts.push(account);
            }
            Arg::Long("app") => {
                let (id, key) = named_key(&mut arguments, "--app")?;
                pod = pod.app(id, key);
            }
            Arg::Long("compliance-word") => pod = pod.compliance_word(arguments.value()?.string()?),
            Arg::Long("fault") => {
                let PlannedFault { operation, fault, times } = parsed(&mut arguments, "--fault")?;
                pod = pod.fault(operation, fault, times);
            }
            Arg::Short('h') | Arg::Long("help") => return Ok(None),
            other => return Err(format!("{}; --help lists the options", other.unexpected()).into()),
        }
    }
    let ids = others.iter().map(|user| user.id).collect();
    let pod = pod.caller(caller.user(&[Role::UserProvisioning]));
    let pod = others.into_iter().fold(pod, |pod, user| pod.user(user.user(&[])));
    Ok(Some((pod, ids)))
}

fn port(text: &str) -> Result<u16, Failure> {
    text.parse().map_err(|_| format!("--port {text}: a port is a whole number of at most 65535").into())
}

/// A name, and the text of the file that stands after `=`.
fn named_key(arguments: &mut Parser, option: &str) -> Result<(String, String), Failure> {
    let text = arguments.value()?.string()?;
    let Some((name, file)) = text.split_once('=').filter(|(name, file)| !name.is_empty() && !file.is_empty()) else {
        return Err(format!("{option} {text}: write NAME=FILE, with the file of the public key").into());
    };
    let mut key = String::new();
    let read = File::open(file).and_then(|file| file.take(LONGEST_KEY).read_to_string(&mut key));
    read.map_err(|error| format!("{option} {text}: `{file}` can't be read: {error}"))?;
    Ok((name.to_owned(), key))
}

/// The value of an option; errors name the option.
fn parsed<T>(arguments: &mut Parser, option: &str) -> Result<T, Failure>
where
    T: FromStr<Err: Error>,
{
    let text = arguments.value()?.string()?;
    text.parse().map_err(|error: T::Err| {
        // The operation's own parser knows which operations there are.
        let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
        format!("{option} {text}: {error}{cause}").into()
    })
}

fn announce(pod: &MockPod, others: &[UserId]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "base URL: {}", pod.base_url())?;
    writeln!(out, "token: {}", pod.token())?;
    for user in others {
        writeln!(out, "token of {user}: {}", pod.token_of(*user).unwrap_or_default())?;
    }
    out.flush()
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
fn stopped() -> io::Result<impl Future<Output = io::Result<()>>> {
    Ok(tokio::signal::ctrl_c())
}

/// Waits for Ctrl-C or SIGTERM.
#[cfg(unix)]
fn stopped() -> io::Result<impl Future<Output = io::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};

    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        Ok(())
    })
}
