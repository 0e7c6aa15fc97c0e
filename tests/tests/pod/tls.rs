//! Whom a client trusts, whom it shows a certificate, and which way it takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pod_api::types::V3RoomAttributes;
use pod_api_ext::pod::{PodBuilder, TransportKind};
use pod_api_ext::{Error, Pod, RetryPolicy};
use pod_api_tests::{Test, run_with};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A certificate authority.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: rcgen::Certificate,
}

impl Authority {
    pub(crate) fn new() -> Test<Self> {
        let key = KeyPair::generate()?;
        let mut parameters = CertificateParams::new(Vec::new())?;
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = parameters.self_signed(&key)?;
        Ok(Self { issuer: Issuer::new(parameters, key), certificate })
    }

    /// A certificate for a name, and its key.
    pub(crate) fn sign(&self, name: &str) -> Test<(rcgen::Certificate, KeyPair)> {
        let key = KeyPair::generate()?;
        Ok((CertificateParams::new([name.to_owned()])?.signed_by(&key, &self.issuer)?, key))
    }

    pub(crate) fn root(&self) -> Test<reqwest::Certificate> {
        Ok(reqwest::Certificate::from_pem(self.certificate.pem().as_bytes())?)
    }

    /// A pod whose certificate this authority signed; it answers every call with `{}`.
    async fn pod(&self, name: &str, clients: Option<&Self>) -> Test<Tls> {
        let (certificate, key) = self.sign(name)?;
        let chain = vec![CertificateDer::from(certificate)];
        let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
        let builder = match clients {
            None => ServerConfig::builder().with_no_client_auth(),
            Some(clients) => {
                let mut roots = RootCertStore::empty();
                roots.add(clients.certificate.der().clone())?;
                ServerConfig::builder().with_client_cert_verifier(WebPkiClientVerifier::builder(roots.into()).build()?)
            }
        };
        let acceptor = TlsAcceptor::from(Arc::new(builder.with_single_cert(chain, key)?));
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let Ok(mut connection) = acceptor.accept(connection).await else { continue };
                if matches!(connection.read(&mut [0; 4096]).await, Ok(read) if read > 0) {
                    let _ = connection.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
                    let _ = connection.shutdown().await;
                }
            }
        });
        Ok(Tls { base_url: format!("https://localhost:{port}"), connections, task })
    }
}

struct Tls {
    base_url: String,
    connections: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Tls {
    fn client(&self) -> Result<PodBuilder, Error> {
        Ok(Pod::builder(&self.base_url)?.session("T").retry(RetryPolicy::default().first_step(Duration::ZERO)))
    }
}

impl Drop for Tls {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn call(pod: &Pod) -> Result<(), Error> {
    pod.create_room(V3RoomAttributes::default()).trace_id("t").await.map(|_| ())
}

#[tokio::test]
async fn a_root_of_ones_own_is_trusted_and_nobody_elses_is() -> Test {
    let (own, other) = (Authority::new()?, Authority::new()?);
    let pod = own.pod("localhost", None).await?;
    call(&pod.client()?.root_certificate(other.root()?).root_certificate(own.root()?).build()?).await?;

    let Err(error) = call(&pod.client()?.root_certificate(other.root()?).build()?).await else {
        return Err("trusted".into());
    };
    assert!(matches!(&error, Error::Transport(error) if error.kind() == TransportKind::Tls), "{error:?}");
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create room: no secure connection to the pod: see whether its certificate is valid and trusted here, and whether it \
         wants one of yours (trace id t, 1 try)"
    );
    assert_eq!(pod.connections.load(Ordering::SeqCst), 2, "one for each call: the second isn't retried");
    Ok(())
}

#[tokio::test]
async fn a_certificate_for_another_host_is_refused() -> Test {
    let own = Authority::new()?;
    let pod = own.pod("elsewhere.example", None).await?;
    let Err(error) = call(&pod.client()?.root_certificate(own.root()?).build()?).await else {
        return Err("trusted".into());
    };
    assert!(matches!(error, Error::Transport(error) if error.kind() == TransportKind::Tls));
    Ok(())
}

#[tokio::test]
async fn a_pod_that_wants_a_certificate_is_shown_one() -> Test {
    let (own, clients) = (Authority::new()?, Authority::new()?);
    let pod = own.pod("localhost", Some(&clients)).await?;
    let (certificate, key) = clients.sign("bot.acme.com")?;
    let identity = reqwest::Identity::from_pem(format!("{}{}", key.serialize_pem(), certificate.pem()).as_bytes())?;
    let client = pod.client()?.root_certificate(own.root()?);
    call(&client.client_certificate(identity).build()?).await?;

    let Err(error) = call(&pod.client()?.root_certificate(own.root()?).build()?).await else {
        return Err("let in".into());
    };
    assert!(matches!(&error, Error::Transport(error) if error.kind() == TransportKind::Tls), "{error:?}");
    Ok(())
}

#[tokio::test]
async fn a_connection_that_breaks_in_the_handshake_is_none_that_was_refused() -> Test {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("https://localhost:{}", listener.local_addr()?.port());
    let pod = Pod::builder(base_url)?.session("T").retry(RetryPolicy::never()).build()?;
    let (_, result) = tokio::join!(async { drop(listener.accept().await) }, call(&pod));
    assert!(matches!(&result, Err(Error::Transport(error)) if error.kind() == TransportKind::Connect), "{result:?}");
    Ok(())
}

/// On Linux; elsewhere a variable doesn't say what the system trusts.
#[cfg(target_os = "linux")]
#[test]
fn the_roots_of_the_system_are_trusted_besides_ones_own() -> Test {
    let system = Authority::new()?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("roots.pem");
    std::fs::write(&file, system.certificate.pem())?;
    std::fs::write(folder.path().join("key.pem"), system.issuer.key().serialize_pem())?;
    run_with("tls::in_a_system_of_its_own", "SSL_CERT_FILE", &file)
}

#[ignore = "needs what the test above gives it"]
#[tokio::test]
async fn in_a_system_of_its_own() -> Test {
    let file = std::path::PathBuf::from(std::env::var_os("SSL_CERT_FILE").ok_or("no system")?);
    let key = KeyPair::from_pem(&std::fs::read_to_string(file.with_file_name("key.pem"))?)?;
    let mut parameters = CertificateParams::new(Vec::new())?;
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = parameters.self_signed(&key)?;
    let system = Authority { issuer: Issuer::new(parameters, key), certificate };
    let own = Authority::new()?;
    for authority in [&system, &own] {
        let pod = authority.pod("localhost", None).await?;
        call(&pod.client()?.root_certificate(own.root()?).build()?).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_call_goes_through_the_proxy_it_is_given() -> Test {
    let proxy = TcpListener::bind("127.0.0.1:0").await?;
    let address = proxy.local_addr()?;
    let pod = Pod::builder("https://pod.acme.example")?
        .session("T0KEN")
        .retry(RetryPolicy::never())
        .proxy(reqwest::Proxy::all(format!("http://{address}"))?)
        .build()?;
    let seen = async {
        let (mut connection, _) = proxy.accept().await?;
        let mut request = vec![0; 4096];
        let read = connection.read(&mut request).await?;
        request.truncate(read);
        connection.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").await?;
        std::io::Result::Ok(String::from_utf8_lossy(&request).into_owned())
    };
    let (seen, result) = tokio::join!(seen, call(&pod));
    let seen = seen?;
    assert!(seen.starts_with("CONNECT pod.acme.example:443 HTTP/1.1\r\n") && !seen.contains("T0KEN"), "{seen}");
    assert!(matches!(&result, Err(Error::Transport(error)) if error.kind() == TransportKind::Connect), "{result:?}");
    Ok(())
}

#[tokio::test]
async fn a_proxy_that_wants_credentials_is_asked_once() -> Test {
    let proxy = TcpListener::bind("127.0.0.1:0").await?;
    let pod = Pod::builder("https://pod.acme.example")?
        .session("T0KEN")
        .retry(RetryPolicy::default().first_step(Duration::ZERO))
        .proxy(reqwest::Proxy::all(format!("http://{}", proxy.local_addr()?))?)
        .build()?;
    let answers = async {
        let (mut connection, _) = proxy.accept().await?;
        connection.read_buf(&mut Vec::new()).await?;
        connection.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n").await
    };
    let (answered, result) = tokio::join!(answers, call(&pod));
    answered?;
    let Err(error) = result else { return Err("let in".into()) };
    assert!(matches!(&error, Error::Transport(error) if error.kind() == TransportKind::ProxyAuth), "{error:?}");
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "create room: the proxy wants credentials: give them with `.proxy(…)`, by `Proxy::basic_auth` or in the proxy's URL \
         (trace id t, 1 try)"
    );
    Ok(())
}

/// The system's proxy would read a token that goes unencrypted, even if only to this machine.
#[test]
fn a_token_for_this_machine_goes_through_no_proxy_of_the_system() -> Test {
    run_with("tls::with_a_proxy_of_the_system", "HTTP_PROXY", "http://127.0.0.1:1")
}

#[ignore = "needs what the test above gives it"]
#[tokio::test]
async fn with_a_proxy_of_the_system() -> Test {
    let server = pod_api_tests::OneShot::start(pod_api_tests::response("200 OK", "", "{}")).await?;
    call(&Pod::builder(server.base_url())?.session("T").retry(RetryPolicy::never()).build()?).await?;
    Ok(())
}
