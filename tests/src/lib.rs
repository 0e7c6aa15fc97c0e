//! What the tests share: a server that shows what a client really sent, and answers with exactly the bytes it is told.

mod programs;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use programs::program;

/// What a test ends in.
pub type Test<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// The folder of this repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Runs a test of this binary, one that is ignored otherwise, in a process and an environment of its own.
///
/// # Errors
/// The process can't be started, or the test fails.
pub fn run_with(test: &str, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Test {
    let output =
        Command::new(std::env::current_exe()?).args(["--exact", "--ignored", test]).env(name, value).output()?;
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() && out.contains("1 passed") { Ok(()) } else { Err(format!("{out}\n{err}").into()) }
}

/// A server on loopback that takes one request, answers it with fixed bytes and closes the connection.
#[derive(Debug)]
pub struct OneShot {
    address: SocketAddr,
    request: JoinHandle<std::io::Result<String>>,
}

impl OneShot {
    /// Starts it; `response` is what it answers, from the status line on.
    ///
    /// # Errors
    /// Loopback can't be listened on.
    pub async fn start(response: impl Into<Vec<u8>>) -> std::io::Result<Self> {
        let response = response.into();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let request = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await?;
            let mut request = Vec::new();
            while !is_complete(&request) {
                let mut buffer = [0; 4096];
                let read = connection.read(&mut buffer).await?;
                if read == 0 {
                    break;
                }
                request.extend(buffer.iter().take(read));
            }
            connection.write_all(&response).await?;
            connection.shutdown().await?;
            Ok(String::from_utf8_lossy(&request).into_owned())
        });
        Ok(Self { address, request })
    }

    /// A base URL on this server, with the path of the pod's.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}/pod", self.address)
    }

    /// The request as it came, with the port, which differs from run to run, as `PORT`.
    ///
    /// # Errors
    /// The connection broke before the request was there.
    pub async fn request(self) -> std::io::Result<String> {
        let request = self.request.await.map_err(std::io::Error::other)??;
        Ok(request.replace(&format!(":{}", self.address.port()), ":PORT"))
    }

    /// The base URL of a server that nothing listens on.
    ///
    /// # Errors
    /// Loopback can't be listened on.
    pub async fn closed() -> std::io::Result<String> {
        let address = TcpListener::bind("127.0.0.1:0").await?.local_addr()?;
        Ok(format!("http://{address}/pod"))
    }
}

/// A response with these headers and this body, whose length is declared right.
#[must_use]
pub fn response(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n{body}", body.len())
}

fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}
