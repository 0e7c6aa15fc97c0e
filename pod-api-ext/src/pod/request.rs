//! What a call can send.

use pod_api::support::OperationCall;
use pod_api::types::{UserIdList, V1imDetail, V3RoomAttributes, V3RoomDetail};
use serde::Serialize;

use crate::StreamId;

/// A request that a [`Call`](super::Call) can hold: [`CreateIm`], [`CreateRoom`], [`ImInfo`], or any [`Generated`] one.
pub trait Request: sealed::Sealed<Result = <Self as Request>::Output> {
    /// What the call gives.
    type Output: Send;
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

/// The request of [`Pod::call`](crate::Pod::call): a builder of the generated client.
#[derive(Clone)]
pub struct Generated<B>(pub(crate) B);

impl Request for CreateIm {
    type Output = StreamId;
}

impl Request for CreateRoom {
    type Output = V3RoomDetail;
}

impl Request for ImInfo {
    type Output = V1imDetail;
}

impl<B: OperationCall<Failure: Serialize>> Request for Generated<B> {
    type Output = B::Success;
}

mod sealed {
    use std::future::Future;

    use pod_api::support::{self, BodyLimits, OperationCall, With};
    use pod_api::types::{self, Stream, V1imDetail, V3RoomDetail};
    use pod_api::{Client, Error, ResponseValue};
    use reqwest::Response;
    use serde::Serialize;

    use super::{CreateIm, CreateRoom, Generated, ImInfo};
    use crate::StreamId;
    use crate::prelude::Validate as _;
    use crate::rules::{Context, Violations};

    type Answer<R> = Result<ResponseValue<<R as Sealed>::Body>, Error<<R as Sealed>::Failure>>;

    pub trait Sealed: Sized + Send + Sync {
        type Body: Send;
        type Failure: Serialize + Send;
        type Result;

        fn check(&self, context: &Context) -> Result<(), Violations>;
        fn send(&self, client: &Client, with: &With<'_>) -> impl Future<Output = Answer<Self>> + Send;
        /// What a success that isn't documented gives.
        fn other_success(response: Response, limits: BodyLimits) -> impl Future<Output = Answer<Self>> + Send;
        /// What the caller gets of a body, or why there is nothing to get.
        fn result(body: Self::Body) -> Result<Self::Result, String>;
    }

    impl Sealed for CreateIm {
        type Body = Stream;
        type Failure = types::Error;
        type Result = StreamId;

        fn check(&self, context: &Context) -> Result<(), Violations> {
            self.0.validate(context)
        }

        fn send(&self, client: &Client, with: &With<'_>) -> impl Future<Output = Answer<Self>> + Send {
            client.v1_admin_im_create_post().body(self.0.clone()).with(with).send_by(client)
        }

        fn other_success(response: Response, limits: BodyLimits) -> impl Future<Output = Answer<Self>> + Send {
            support::decode(response, limits)
        }

        fn result(body: Stream) -> Result<StreamId, String> {
            let id = body.id.ok_or("`id` is missing")?;
            StreamId::try_from(id).map_err(|problem| format!("`id`: {problem}"))
        }
    }

    impl Sealed for CreateRoom {
        type Body = V3RoomDetail;
        type Failure = types::Error;
        type Result = V3RoomDetail;

        fn check(&self, context: &Context) -> Result<(), Violations> {
            self.0.validate(context)
        }

        fn send(&self, client: &Client, with: &With<'_>) -> impl Future<Output = Answer<Self>> + Send {
            client.v3_room_create_post().body(self.0.clone()).with(with).send_by(client)
        }

        fn other_success(response: Response, limits: BodyLimits) -> impl Future<Output = Answer<Self>> + Send {
            support::decode(response, limits)
        }

        fn result(body: V3RoomDetail) -> Result<V3RoomDetail, String> {
            Ok(body)
        }
    }

    impl Sealed for ImInfo {
        type Body = V1imDetail;
        type Failure = types::Error;
        type Result = V1imDetail;

        /// What the page says of it is in the type of its id.
        fn check(&self, _context: &Context) -> Result<(), Violations> {
            Ok(())
        }

        fn send(&self, client: &Client, with: &With<'_>) -> impl Future<Output = Answer<Self>> + Send {
            client.v1_im_id_info_get().id(self.0.as_str()).with(with).send_by(client)
        }

        fn other_success(response: Response, limits: BodyLimits) -> impl Future<Output = Answer<Self>> + Send {
            support::decode(response, limits)
        }

        fn result(body: V1imDetail) -> Result<V1imDetail, String> {
            Ok(body)
        }
    }

    impl<B: OperationCall<Failure: Serialize>> Sealed for Generated<B> {
        type Body = B::Success;
        type Failure = B::Failure;
        type Result = B::Success;

        /// The rules are those of the operations that this crate knows.
        fn check(&self, _context: &Context) -> Result<(), Violations> {
            Ok(())
        }

        fn send(&self, client: &Client, with: &With<'_>) -> impl Future<Output = Answer<Self>> + Send {
            self.0.clone().with(with).send_by(client)
        }

        async fn other_success(response: Response, _limits: BodyLimits) -> Answer<Self> {
            Err(Error::UnexpectedResponse(response))
        }

        fn result(body: B::Success) -> Result<B::Success, String> {
            Ok(body)
        }
    }
}
