//! The pod in the process, and the program that serves it.

mod behaviour;
mod faults;
mod life;
mod program;
mod wire;
