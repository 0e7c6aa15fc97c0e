//! Features of reqwest that other crates switch on change nothing for our clients: no compression is asked for, and TLS is by
//! the library that our own features name. `cargo test --manifest-path tests/unified/Cargo.toml`

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use pod_api_ext::pod::TransportKind;
use pod_api_ext::{Error, Pod, RetryPolicy};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

type Test = Result<(), Box<dyn std::error::Error>>;

const ID: &str = "usnBKBkH_BVrGOiVpaupEH___okFfE7QdA";

#[tokio::test]
async fn no_client_asks_for_compression() -> Test {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("http://{}/pod", listener.local_addr()?);
    let server = tokio::spawn(async move {
        let mut requests = String::new();
        for _ in 0..2 {
            let (mut connection, _) = listener.accept().await?;
            let mut request = vec![0; 4096];
            let read = connection.read(&mut request).await?;
            requests += &String::from_utf8_lossy(&request[..read]).to_lowercase();
            connection.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}").await?;
        }
        std::io::Result::Ok(requests)
    });
    Pod::builder(&base_url)?.session("T").build()?.im_info(ID).await?;
    pod_api::Client::new(&base_url).v1_im_id_info_get().id(ID).session_token("T").send().await?;
    let requests = server.await??;
    assert!(!requests.contains("accept-encoding"), "{requests}");
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_is_a_failure_of_tls_and_final() -> Test {
    let key = rcgen::KeyPair::generate()?;
    let certificate = rcgen::CertificateParams::new(["localhost".to_owned()])?.self_signed(&key)?;
    let key = PrivateKeyDer::Pkcs8(key.serialize_der().into());
    let config = ServerConfig::builder().with_no_client_auth().with_single_cert(vec![certificate.into()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let base_url = format!("https://localhost:{}", listener.local_addr()?.port());
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let _ = acceptor.accept(connection).await;
        }
    });
    let pod = Pod::builder(&base_url)?.session("T").retry(RetryPolicy::default().first_step(Duration::ZERO)).build()?;
    let Err(error) = pod.im_info(ID).await else { return Err("trusted".into()) };
    assert!(matches!(&error, Error::Transport(error) if error.kind() == TransportKind::Tls), "{error:?}");
    assert_eq!(connections.load(Ordering::SeqCst), 1, "a second try wouldn't help");
    Ok(())
}
