//! The session of a client whose source sends through the client's connections.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use tokio::time::Instant;

use super::connections::{ChangingHeaders, Connections, ValuesFuture};
use super::drive::Bounds;
use super::gateway::{Gateway, Values};
use super::refresh::Session;
use super::source::{TokenFuture, TokenSource};
use super::transport::Transport;

impl Session {
    /// A session that asks `source`, which may send through these connections.
    pub(crate) fn bound(
        source: Arc<dyn TokenSource>,
        transport: &Arc<Transport>,
        headers: &[(HeaderName, HeaderValue)],
        gateway: &Gateway,
        bounds: Bounds,
        plain_http: bool,
    ) -> Self {
        let connections = Connections {
            transport: Arc::clone(transport),
            headers: headers.to_vec(),
            changing: Box::new(OfGateway { gateway: gateway.clone(), limit: bounds.whole_call }),
            one_try: bounds.one_try,
            plain_http,
        };
        Self::new(Arc::new(Bound { source, connections }), bounds.whole_call)
    }
}

/// A source, and what it sends through.
struct Bound {
    source: Arc<dyn TokenSource>,
    connections: Connections,
}

impl TokenSource for Bound {
    fn fetch(&self) -> TokenFuture<'_> {
        self.source.fetch_through(&self.connections)
    }
}

/// The headers for a gateway. A call that needs a token has had them renewed where the gateway refused them.
struct OfGateway {
    gateway: Gateway,
    limit: Duration,
}

impl ChangingHeaders for OfGateway {
    fn current(&self) -> ValuesFuture<'_> {
        Box::pin(async {
            let (now, values) = (Instant::now(), Values::default());
            values.get(&self.gateway, now.checked_add(self.limit).unwrap_or(now)).await?;
            let names = self.gateway.headers.iter().map(|(name, _)| name.clone());
            Ok(names.zip(values.secrets()).collect())
        })
    }
}
