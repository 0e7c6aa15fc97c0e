//! The stages **generate**, **polish** and **print**, on two cores.
//!
//! Tokens and syntax trees can't go from one thread to another, and to send text costs more than it saves. But the
//! generator makes the same tokens every time: so both threads run it, cut the tokens in the same places, and take
//! the pieces from a common counter. Generating is a quarter of the work; parsing and printing, which are the rest,
//! are shared.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use proc_macro2::TokenStream;

use crate::codegen::{self, Failure};
use crate::pieces::{self, Piece};
use crate::polish::{self, Polish};
use crate::shape::Shaped;

/// The Rust code as text, without headers.
#[derive(Debug)]
pub struct Code {
    /// The client.
    pub client: String,
    /// The typed mocks.
    pub mocks: String,
    /// What the stages took, all threads together.
    pub times: Times,
}

/// What the stages took, all threads together.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    /// progenitor.
    pub generate: Duration,
    /// syn, and our edits.
    pub polish: Duration,
    /// prettyplease.
    pub print: Duration,
}

/// Makes the client and its mocks.
///
/// # Errors
/// What the generator doesn't take.
pub fn make(shaped: &Shaped, client: &polish::Client, mocks: &polish::Mocks) -> Result<Code, Failure> {
    let share = Share::default();
    let (here, there) = thread::scope(|scope| {
        let there = scope.spawn(|| -> Result<(String, Worker), Failure> {
            let mut worker = Worker::default();
            let tokens = worker.generate(|| codegen::mocks(&shaped.mocks, "super::super::client"))?;
            let mocks = worker.whole(tokens, mocks)?;
            if !share.is_done() {
                let tokens = worker.generate(|| codegen::client(&shaped.client))?;
                worker.take_part(tokens, client, &share)?;
            }
            Ok((mocks, worker))
        });
        let here = || -> Result<Worker, Failure> {
            let mut worker = Worker::default();
            let tokens = worker.generate(|| codegen::client(&shaped.client))?;
            let twice = pieces::declared_twice(&tokens);
            if !twice.is_empty() {
                share.stop();
                return Err(Failure::Clash(twice));
            }
            worker.take_part(tokens, client, &share)?;
            Ok(worker)
        };
        (here(), there.join())
    });
    let here = here?;
    let (mocks, there) = there.unwrap_or_else(|_| Err(Failure::Other("the second thread panicked".to_owned())))?;
    let times = here.times.and(there.times);
    let printed: BTreeMap<usize, String> = here.printed.into_iter().chain(there.printed).collect();
    Ok(Code { client: printed.into_values().collect(), mocks, times })
}

/// What the threads know of each other's work.
#[derive(Default)]
struct Share {
    next: AtomicUsize,
    /// 0 until the first thread has counted.
    total: AtomicUsize,
}

impl Share {
    /// Nothing is left to do.
    fn stop(&self) {
        self.next.store(1, Ordering::Relaxed);
        self.total.store(1, Ordering::Relaxed);
    }

    fn is_done(&self) -> bool {
        let total = self.total.load(Ordering::Relaxed);
        total > 0 && self.next.load(Ordering::Relaxed) >= total
    }
}

#[derive(Default)]
struct Worker {
    printed: BTreeMap<usize, String>,
    times: Times,
}

impl Worker {
    fn generate(&mut self, make: impl FnOnce() -> Result<TokenStream, Failure>) -> Result<TokenStream, Failure> {
        let start = Instant::now();
        let tokens = make();
        self.times.generate = self.times.generate.saturating_add(start.elapsed());
        tokens
    }

    /// Prints every piece.
    fn whole(&mut self, tokens: TokenStream, polish: &dyn Polish) -> Result<String, Failure> {
        pieces::cut(tokens).into_iter().map(|piece| self.print(piece, polish)).collect()
    }

    /// Prints the pieces that no other thread has taken.
    fn take_part(&mut self, tokens: TokenStream, polish: &dyn Polish, share: &Share) -> Result<(), Failure> {
        let pieces = pieces::cut(tokens);
        share.total.store(pieces.len(), Ordering::Relaxed);
        let mut mine = share.next.fetch_add(1, Ordering::Relaxed);
        for (index, piece) in pieces.into_iter().enumerate() {
            if index == mine {
                let text = self.print(piece, polish)?;
                self.printed.insert(index, text);
                mine = share.next.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    fn print(&mut self, piece: Piece, polish: &dyn Polish) -> Result<String, Failure> {
        let start = Instant::now();
        let parsed = pieces::parse(piece, polish)
            .map_err(|error| Failure::Other(format!("what it generated is not Rust: {error}")))?;
        let polished = Instant::now();
        let text = pieces::print(parsed);
        self.times.polish = self.times.polish.saturating_add(polished.duration_since(start));
        self.times.print = self.times.print.saturating_add(polished.elapsed());
        Ok(text)
    }
}

impl Times {
    fn and(self, other: Self) -> Self {
        Self {
            generate: self.generate.saturating_add(other.generate),
            polish: self.polish.saturating_add(other.polish),
            print: self.print.saturating_add(other.print),
        }
    }
}
