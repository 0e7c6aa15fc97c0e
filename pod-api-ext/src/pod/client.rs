//! The client itself: its calls.

use std::fmt;
use std::sync::Arc;

use pod_api::support::OperationCall;
use pod_api::types::{UserIdList, V3RoomAttributes};
use serde::Serialize;

use super::builder::PodBuilder;
use super::call::Call;
use super::called::Called;
use super::error::Error;
use super::inner::Inner;
use super::refresh::Session;
use super::request::{CreateIm, CreateRoom, Generated, ImInfo};
use super::session::PodSession;
use super::source::TokenSource;
use crate::operations::Safety;
use crate::{Operation, StreamId, UserId};

/// A pod, in a session.
///
/// ```no_run
/// use pod_api_ext::pod_api::types::V3RoomAttributes;
/// use pod_api_ext::{Pod, UserId};
///
/// # async fn run(token: String) -> Result<(), pod_api_ext::Error> {
/// let pod = Pod::builder("https://acme.symphony.com/pod")?.session(token).build()?;
///
/// let im = pod.create_im([UserId::from(12_345), UserId::from(67_890)]).await?;
/// let info = pod.im_info(&im).await?;
/// let attributes = V3RoomAttributes::builder().name("Project X").description("What it is about");
/// let room = pod.create_room(attributes).await?;
/// # Ok(())
/// # }
/// ```
///
/// It adds what a bot in production needs to the generated client, which is still there as [`client`](Self::client):
///
/// - Requests are checked against the documented [rules](crate::rules) before anything is sent.
/// - A refused token is replaced by a new one from a [`TokenSource`](crate::TokenSource), once for all calls. No token is printed, or sent to
///   a host other than the pod's.
/// - A failed request is sent again if that does no harm, by the [`RetryPolicy`](crate::RetryPolicy), within one deadline for the whole call.
/// - An [`Error`] says what happened, what the pod said and what to do.
/// - Each call is a span of `tracing`, and each try an event in it, with operation, status, try, wait and trace id, and
///   never with a body or a token.
///
/// Clones are cheap, and share connections and the session.
///
/// # Logging
/// What is logged goes to `tracing`, with the target `pod_api_ext`; names and fields stay the same in later versions. A call is a
/// span `pod_call` with `operation` and `trace_id`. Each try ends in an event that has these too, and `try` (counted from 1),
/// `status` if there was one, `wait` before the next try, and in `event` what happened, as the table of
/// [`RetryPolicy`](crate::RetryPolicy) has it: at level `DEBUG` if the call is answered, `WARN` if it is sent again, `INFO` if it
/// fails. A call that is held back, and a log-in that is tried again, is an event as well. Bodies and tokens are never logged.
///
/// # Runtimes
/// Calls take a runtime of tokio with I/O and timers: one that was built without `enable_all` makes them panic. A connection
/// belongs to the runtime in which it was made, and ends with it, and so does a fetch of a session token: a call in another
/// runtime begins it anew, but where both runtimes are in use at once, one may wait for the other. So have a `Pod` for each
/// runtime. In tests that is one for each `#[tokio::test]`, and none in a `static`.
///
/// # Many calls
/// A pod takes 200 requests at once on these endpoints, and 400 a second from one address. Bound the
/// concurrency with a stream: here ten rooms are created at a time, and a failure doesn't stop the others.
///
/// ```no_run
/// use futures::StreamExt as _;
/// use pod_api_ext::pod_api::types::V3RoomAttributes;
/// use pod_api_ext::Pod;
///
/// # async fn run(pod: Pod, rooms: Vec<V3RoomAttributes>) {
/// let mut created = futures::stream::iter(rooms)
///     .map(|room| {
///         let name = room.name.clone().unwrap_or_default();
///         let call = pod.create_room(room).send();
///         async move { (name, call.await) }
///     })
///     .buffer_unordered(10);
/// while let Some((name, result)) = created.next().await {
///     match result {
///         Ok(room) => println!("{name}: {:?}", room.room_system_info.and_then(|info| info.id)),
///         Err(error) => eprintln!("{name}: {error}"),
///     }
/// }
/// # }
/// ```
#[derive(Clone)]
pub struct Pod {
    inner: Arc<Inner>,
}

impl Pod {
    /// Starts with the base URL of the pod.
    ///
    /// `https://acme.symphony.com`, `https://acme.symphony.com/` and `https://acme.symphony.com/pod` are the same; a path
    /// before `/pod`, such as a gateway's, stays. It has to be `https`, except for a pod on this machine.
    ///
    /// # Errors
    /// It isn't such a URL, or holds a password, a query or a fragment: [`Error::Setup`].
    pub fn builder(base_url: impl AsRef<str>) -> Result<PodBuilder, Error> {
        PodBuilder::new(base_url.as_ref())
    }

    /// Creates an IM of these users, or finds the existing one (I4). The caller isn't added (I2).
    ///
    /// Page: `create-im-or-mim-admin`. It takes the role User Provisioning (I7).
    ///
    /// # Errors
    /// See [`Error`], when the call is awaited.
    pub fn create_im<U: Into<UserId>>(&self, users: impl IntoIterator<Item = U>) -> Call<'static, CreateIm> {
        let users = users.into_iter().map(|user| user.into().get()).collect();
        Call::new(&self.inner, Operation::CreateIm.into(), Ok(CreateIm(UserIdList(users))))
    }

    /// Creates a room of these attributes, or of the builder that makes them.
    ///
    /// It is sent again only if the pod can't have created the room. After a time-out, check whether it did.
    ///
    /// Page: `create-room-v3`.
    ///
    /// # Errors
    /// See [`Error`], when the call is awaited.
    pub fn create_room<A>(&self, attributes: A) -> Call<'static, CreateRoom>
    where
        A: TryInto<V3RoomAttributes, Error: fmt::Display>,
    {
        Call::new(
            &self.inner,
            Operation::CreateRoom.into(),
            attributes.try_into().map(CreateRoom).map_err(|problem| format!("the attributes: {problem}")),
        )
    }

    /// Gets what is known of an IM, by its id: a [`StreamId`], or a text that can be one.
    ///
    /// Page: `im-info`. Members, (Super) Compliance Officers and service users with the role User Provisioning may ask
    /// (M3).
    ///
    /// # Errors
    /// See [`Error`], when the call is awaited.
    pub fn im_info<I>(&self, im: I) -> Call<'static, ImInfo>
    where
        I: TryInto<StreamId, Error: fmt::Display>,
    {
        let request = im.try_into().map(ImInfo).map_err(|problem| format!("the id: {problem}"));
        Call::new(&self.inner, Operation::ImInfo.into(), request)
    }

    /// Calls any operation of the generated client in the session, also one that this crate doesn't know: with its token,
    /// retries, time-outs, limits, trace id and errors. How safe it is to send it twice is for the caller to say.
    ///
    /// ```no_run
    /// use pod_api_ext::Pod;
    /// use pod_api_ext::operations::Safety;
    ///
    /// # async fn run(pod: Pod) -> Result<(), pod_api_ext::Error> {
    /// let client = pod.client();
    /// let builder = client.v1_im_id_info_get().id("usnBKBkH_BVrGOiVpaupEH___okFfE7QdA");
    /// let info = pod.call(Safety::Read, builder).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The builder's token and time-out are replaced by those of the call. No rules are checked.
    ///
    /// # Errors
    /// See [`Error`], when the call is awaited.
    pub fn call<'a, B>(&self, safety: Safety, builder: B) -> Call<'a, Generated<B>>
    where
        B: OperationCall<Failure: Serialize> + 'a,
    {
        Call::new(&self.inner, Called::Generated(B::ID, safety), Ok(Generated(builder)))
    }

    /// The session, for another client: it gets the same token, and a new one for both if the pod refuses it.
    #[doc(alias = "token")]
    #[must_use]
    pub fn session(&self) -> PodSession {
        PodSession::new(&self.inner.session)
    }

    /// The same pod in the session of another user, on the same connections and with the same options. A
    /// [`SessionToken`](crate::SessionToken) is a source, too.
    #[doc(alias = "on behalf of")]
    #[must_use]
    pub fn with_session_from(&self, source: impl TokenSource + 'static) -> Self {
        let Inner { transport, throttle, context, rules, bounds, headers, gateway, plain_http, session: _ } =
            self.inner.as_ref();
        let session = Session::bound(Arc::new(source), transport, headers, gateway, *bounds, *plain_http);
        let inner = Inner {
            transport: Arc::clone(transport),
            session: Arc::new(session),
            throttle: Arc::clone(throttle),
            context: context.clone(),
            rules: *rules,
            bounds: *bounds,
            headers: headers.clone(),
            gateway: gateway.clone(),
            plain_http: *plain_http,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The generated client. It sends through the same connections; each call needs the session token.
    #[must_use]
    pub fn client(&self) -> pod_api::Client {
        self.inner.transport.sender().client.as_ref().clone()
    }

    /// The base URL, as calls use it.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.inner.transport.base().as_str()
    }
}

/// Without the session.
impl fmt::Debug for Pod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pod").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}

impl PodBuilder {
    /// Makes the client. Nothing is sent yet, and no token fetched.
    ///
    /// # Errors
    /// An option is wrong, there is no session, or TLS can't be set up: [`Error::Setup`].
    pub fn build(self) -> Result<Pod, Error> {
        Ok(Pod { inner: Arc::new(self.finish()?) })
    }
}
