//! The pod in the process, and the program that serves it.

mod behaviour;
mod faults;
mod life;
mod login;
mod program;
mod wire;
