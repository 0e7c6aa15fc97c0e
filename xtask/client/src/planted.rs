//! Faults for the tests of [`apart`](crate::apart): a debug build whose environment has `XTASK_PLANTED="overflow A"` overflows its
//! stack on documents with the schema or operation `A`. There are `endless`, `memory` and `panic` besides.

use openapiv3::OpenAPI;

use crate::blame;

/// Does what the environment says, if it says anything of `document`.
#[allow(clippy::panic, reason = "that is one of the faults")]
pub(crate) fn grow(document: &OpenAPI) {
    let Some((fault, name)) = fault() else { return };
    if !blame::holds(document, &name) {
        return;
    }
    match fault.as_str() {
        "panic" => panic!("planted"),
        "overflow" => drop(overflow(1)),
        "endless" => loop {
            std::thread::park();
        },
        "memory" => {
            // What is asked for and not used takes nothing from the machine.
            let mut taken = Vec::new();
            loop {
                taken.push(Vec::<u8>::with_capacity(64 << 20));
            }
        }
        _ => {}
    }
}

/// Seconds after which a fault is one, so that no test waits for long.
pub(crate) fn seconds() -> Option<u64> {
    fault().map(|_| 2)
}

fn fault() -> Option<(String, String)> {
    let fault = std::env::var("XTASK_PLANTED").ok().filter(|_| cfg!(debug_assertions))?;
    fault.split_once(' ').map(|(fault, name)| (fault.to_owned(), name.to_owned()))
}

#[allow(unconditional_recursion, reason = "that is the fault")]
fn overflow(depth: u64) -> u64 {
    std::hint::black_box(overflow(std::hint::black_box(depth)).wrapping_add(depth))
}
