//! The program behind `cargo xtask`: all that touches the disk, the network and cargo. One file a command; [`cli`] says
//! which there are. What they are made of are the libraries beside this one: `xtask-spec`, `xtask-client`, `xtask-surface`
//! and `xtask-diff`.

mod arguments;
mod begin;
mod bump;
pub mod cli;
mod code;
mod completions;
mod diff;
pub mod explain;
mod generate;
mod generator;
pub mod import;
mod lock;
mod merge;
mod output;
mod screen;
mod summary;
pub mod terminal;

pub use output::{Disk, RealDisk};
