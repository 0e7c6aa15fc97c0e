//! Which faults are still to come.

use std::collections::{HashMap, VecDeque};

use super::fault::Fault;
use crate::Operation;

/// Faults by operation; the first that was asked for comes first.
#[derive(Debug, Default)]
pub(super) struct Faults(HashMap<Operation, VecDeque<(Fault, usize)>>);

impl Faults {
    pub(super) fn add(&mut self, operation: Operation, fault: Fault, times: usize) {
        if times > 0 {
            self.0.entry(operation).or_default().push_back((fault, times));
        }
    }

    /// The fault of the next call.
    pub(super) fn take(&mut self, operation: Operation) -> Option<Fault> {
        let queue = self.0.get_mut(&operation)?;
        let (fault, times) = queue.front_mut()?;
        *times = times.saturating_sub(1);
        let (fault, left) = (fault.clone(), *times);
        if left == 0 {
            queue.pop_front();
        }
        Some(fault)
    }

    /// How many calls have a fault before them.
    pub(super) fn pending(&self, operation: Operation) -> usize {
        let queue = self.0.get(&operation).into_iter().flatten();
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
        faults.add(Operation::CreateRoom, Fault::reset(), 2);
        faults.add(Operation::CreateRoom, Fault::hang(), 0);
        faults.add(Operation::CreateRoom, Fault::cut(), 1);
        faults.add(Operation::ImInfo, Fault::close(), 1);
        assert_eq!(faults.pending(Operation::CreateRoom), 3);
        let came: Vec<_> = std::iter::from_fn(|| faults.take(Operation::CreateRoom)).collect();
        assert_eq!(came, [Fault::reset(), Fault::reset(), Fault::cut()]);
        assert_eq!(faults.pending(Operation::CreateRoom), 0);
        assert_eq!(faults.take(Operation::CreateIm), None);
        assert_eq!(faults.take(Operation::ImInfo), Some(Fault::close()));
    }

    #[test]
    fn a_fault_for_ever_never_overflows_the_sum() {
        let mut faults = Faults::default();
        faults.add(Operation::ImInfo, Fault::close(), usize::MAX);
        faults.add(Operation::ImInfo, Fault::close(), 1);
        assert_eq!(faults.pending(Operation::ImInfo), usize::MAX);
    }
}
