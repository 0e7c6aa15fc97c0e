//! Which faults are still to come.

use std::collections::{HashMap, VecDeque};

use super::endpoint::Endpoint;
use super::fault::Fault;

/// Faults by what they happen to; the first that was asked for comes first.
#[derive(Debug, Default)]
pub(super) struct Faults(HashMap<Endpoint, VecDeque<(Fault, usize)>>);

impl Faults {
    pub(super) fn add(&mut self, endpoint: Endpoint, fault: Fault, times: usize) {
        if times > 0 {
            self.0.entry(endpoint).or_default().push_back((fault, times));
        }
    }

    /// The fault of the next call.
    pub(super) fn take(&mut self, endpoint: Endpoint) -> Option<Fault> {
        let queue = self.0.get_mut(&endpoint)?;
        let (fault, times) = queue.front_mut()?;
        *times = times.saturating_sub(1);
        let (fault, left) = (fault.clone(), *times);
        if left == 0 {
            queue.pop_front();
        }
        Some(fault)
    }

    /// How many calls have a fault before them.
    pub(super) fn pending(&self, endpoint: Endpoint) -> usize {
        let queue = self.0.get(&endpoint).into_iter().flatten();
        queue.fold(0, |sum, (_, times)| sum.saturating_add(*times))
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_the_order_they_were_asked_for_and_per_operation() {
        let mut faults = Faults::default();
        faults.add(Endpoint::CreateRoom, Fault::reset(), 2);
        faults.add(Endpoint::CreateRoom, Fault::hang(), 0);
        faults.add(Endpoint::CreateRoom, Fault::cut(), 1);
        faults.add(Endpoint::ImInfo, Fault::close(), 1);
        assert_eq!(faults.pending(Endpoint::CreateRoom), 3);
        let came: Vec<_> = std::iter::from_fn(|| faults.take(Endpoint::CreateRoom)).collect();
        assert_eq!(came, [Fault::reset(), Fault::reset(), Fault::cut()]);
        assert_eq!(faults.pending(Endpoint::CreateRoom), 0);
        assert_eq!(faults.take(Endpoint::CreateIm), None);
        assert_eq!(faults.take(Endpoint::ImInfo), Some(Fault::close()));
    }

    #[test]
    fn a_fault_for_ever_never_overflows_the_sum() {
        let mut faults = Faults::default();
        faults.add(Endpoint::ImInfo, Fault::close(), usize::MAX);
        faults.add(Endpoint::ImInfo, Fault::close(), 1);
        assert_eq!(faults.pending(Endpoint::ImInfo), usize::MAX);
    }
}
