//! The three requests, as the generated client sends them.

use pod_api::types::{UserIdList, V1imDetail, V3RoomAttributes, V3RoomDetail};

use crate::StreamId;

/// A request that a [`Call`](super::Call) can hold: [`CreateIm`], [`CreateRoom`] or [`ImInfo`]. There are no others.
pub trait Request: sealed::Sealed<Result = <Self as Request>::Output> {
    /// What the call gives.
    type Output: Send + 'static;
}

/// The request of [`Pod::create_im`](crate::Pod::create_im).
#[derive(Clone, Debug)]
pub struct CreateIm(pub(crate) UserIdList);

/// The request of [`Pod::create_room`](crate::Pod::create_room).
#[derive(Clone, Debug)]
pub struct CreateRoom(pub(crate) V3RoomAttributes);

/// The request of [`Pod::im_info`](crate::Pod::im_info).
#[derive(Clone, Debug)]
pub struct ImInfo(pub(crate) StreamId);

impl Request for CreateIm {
    type Output = StreamId;
}

impl Request for CreateRoom {
    type Output = V3RoomDetail;
}

impl Request for ImInfo {
    type Output = V1imDetail;
}

pub(crate) use sealed::With;

mod sealed {
    use std::future::Future;
    use std::time::Duration;

    use pod_api::support::BodyLimits;
    use pod_api::types::{self, Stream, V1imDetail, V3RoomDetail};
    use pod_api::{Client, Error, ResponseValue};
    use reqwest::header::{HeaderName, HeaderValue};
    use serde::de::DeserializeOwned;

    use super::super::trace_id;
    use super::{CreateIm, CreateRoom, ImInfo};
    use crate::prelude::Validate as _;
    use crate::rules::{Context, Violations};
    use crate::{Operation, StreamId};

    type Response<T> = Result<ResponseValue<T>, Error<types::Error>>;

    /// What goes along with every request.
    #[derive(Clone, Copy)]
    pub struct With<'a> {
        pub token: &'a str,
        pub trace_id: &'a HeaderValue,
        pub headers: &'a [(HeaderName, HeaderValue)],
        pub limit: Duration,
        pub limits: BodyLimits,
    }

    pub trait Sealed: Sized + Send + Sync + 'static {
        const OPERATION: Operation;
        type Body: DeserializeOwned + Send;
        type Result;

        fn check(&self, context: &Context) -> Result<(), Violations>;
        fn send(&self, client: &Client, with: With<'_>) -> impl Future<Output = Response<Self::Body>> + Send;
        /// What the caller gets of a body, or why there is nothing to get.
        fn result(body: Self::Body) -> Result<Self::Result, String>;
    }

    /// The builders of the generated client have these methods in common, but no trait.
    macro_rules! send {
        ($builder:expr, $with:expr) => {{
            let With { token, trace_id, headers, limit, limits } = $with;
            let mut builder = $builder
                .session_token(token)
                .header(trace_id::HEADER, trace_id.clone())
                .timeout(limit)
                .body_limits(limits);
            for (name, value) in headers {
                builder = builder.header(name.clone(), value.clone());
            }
            builder.send().await
        }};
    }

    impl Sealed for CreateIm {
        const OPERATION: Operation = Operation::CreateIm;
        type Body = Stream;
        type Result = StreamId;

        fn check(&self, context: &Context) -> Result<(), Violations> {
            self.0.validate(context)
        }

        async fn send(&self, client: &Client, with: With<'_>) -> Response<Stream> {
            send!(client.v1_admin_im_create_post().body(self.0.clone()), with)
        }

        fn result(body: Stream) -> Result<StreamId, String> {
            let id = body.id.ok_or("`id` is missing")?;
            StreamId::try_from(id).map_err(|problem| format!("`id`: {problem}"))
        }
    }

    impl Sealed for CreateRoom {
        const OPERATION: Operation = Operation::CreateRoom;
        type Body = V3RoomDetail;
        type Result = V3RoomDetail;

        fn check(&self, context: &Context) -> Result<(), Violations> {
            self.0.validate(context)
        }

        async fn send(&self, client: &Client, with: With<'_>) -> Response<V3RoomDetail> {
            send!(client.v3_room_create_post().body(self.0.clone()), with)
        }

        fn result(body: V3RoomDetail) -> Result<V3RoomDetail, String> {
            Ok(body)
        }
    }

    impl Sealed for ImInfo {
        const OPERATION: Operation = Operation::ImInfo;
        type Body = V1imDetail;
        type Result = V1imDetail;

        /// What the page says of it is in the type of its id.
        fn check(&self, _context: &Context) -> Result<(), Violations> {
            Ok(())
        }

        async fn send(&self, client: &Client, with: With<'_>) -> Response<V1imDetail> {
            send!(client.v1_im_id_info_get().id(self.0.as_str()), with)
        }

        fn result(body: V1imDetail) -> Result<V1imDetail, String> {
            Ok(body)
        }
    }
}
