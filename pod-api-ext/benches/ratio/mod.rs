//! Two ways to do the same thing, in one run and by turns, so that whatever else the machine does meets both.

use std::time::{Duration, Instant};

/// So many times each of them is timed.
const ROUNDS: usize = 201;

/// A way to do it, with its name.
pub(crate) type Way<'a> = (&'a str, &'a mut dyn FnMut());

/// Prints the median time of each, and the median of how much longer ours takes than the peer. A time is that of `runs` runs.
pub(crate) fn compare(what: &str, runs: u32, ours: Way<'_>, peer: Way<'_>) {
    let (mut our_times, mut peer_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (ours, peer) = (time(runs, ours.1), time(runs, peer.1));
        our_times.push(ours.as_secs_f64());
        peer_times.push(peer.as_secs_f64());
        ratios.push(ours.as_secs_f64() / peer.as_secs_f64());
    }
    let one = |times: Vec<f64>| Duration::from_secs_f64(median(times) / f64::from(runs));
    println!(
        "{what:24} {:>10.1?} {:18} {:>10.1?} {:24} ratio {:.2}",
        one(our_times),
        ours.0,
        one(peer_times),
        peer.0,
        median(ratios)
    );
}

fn time(runs: u32, run: &mut dyn FnMut()) -> Duration {
    let begun = Instant::now();
    for _ in 0..runs {
        run();
    }
    begun.elapsed()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
