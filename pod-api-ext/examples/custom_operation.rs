//! Any operation of the generated client, called in the session of a `Pod`:
//!
//! ```sh
//! cargo run -p pod-api-ext --features mock --example custom_operation
//! ```
//!
//! A client that is generated from more fragments has operations for which this crate has no method of its own. What is done
//! here with `v1_im_id_info_get` works with each of them.

use std::error::Error;

use http::StatusCode;
use pod_api_ext::mock::{Fault, MockPod};
use pod_api_ext::operations::Safety;
use pod_api_ext::{Operation, Pod};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mock = MockPod::start().await?;
    let pod = Pod::builder(mock.base_url())?.session(mock.token()).build()?;
    let im = mock.im_between(12_345, 67_890)?;

    // The builder comes from the generated client, and needs no token: `call` gives it the session's.
    let client = pod.client();
    let builder = client.v1_im_id_info_get().id(im.as_str());

    // What `call` can't know is what happens if the request is sent twice. `Safety::Read` says nothing, so it may be sent
    // again after any failure; `Safety::Repeatable` says nothing more than at first. With `Safety::Once` it is sent again only
    // if the pod can't have acted on it: take that where you aren't sure.
    mock.fail(Operation::ImInfo, Fault::status(StatusCode::BAD_GATEWAY), 1);
    let info = pod.call(Safety::Read, builder.clone()).detailed().await?;
    println!("after {} tries: {:?}", info.tries(), info.im_system_info.as_ref().and_then(|info| info.active));

    // The same failure, of a call that may not be sent twice.
    mock.fail(Operation::ImInfo, Fault::status(StatusCode::BAD_GATEWAY), 1);
    match pod.call(Safety::Once, builder).trace_id("a1b2c3").await {
        Ok(info) => println!("{info:?}"),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
