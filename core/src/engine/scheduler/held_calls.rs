//! Blocking calls whose polls are due while as many are in flight as the client's pause allows.
//!
//! Each is told once one more may be. Whoever was told and makes no poll after all, since it ends, or runs the host's
//! function, or has nothing to poll any more, leaves its turn to the next: else those behind it would sleep to their
//! deadlines. Knows neither jobs nor the pause.

use std::collections::VecDeque;

/// See the module's text.
#[derive(Debug, Default)]
pub(super) struct HeldCalls {
    /// In the order in which they came.
    waiting: VecDeque<u64>,
    /// Those that may go on and have not begun their poll yet.
    told: Vec<u64>,
}

impl HeldCalls {
    /// A call has a poll due, and may not make it yet. One that was told, and came too late, is the next.
    pub(super) fn hold(&mut self, number: u64) {
        if self.take_told(number) {
            self.waiting.push_front(number);
        } else if !self.waiting.contains(&number) {
            self.waiting.push_back(number);
        }
    }

    /// A call polls, or does not want to any more.
    pub(super) fn let_go(&mut self, number: u64) {
        if !self.take_told(number)
            && let Some(at) = self.waiting.iter().position(|other| *other == number)
        {
            self.waiting.remove(at);
        }
    }

    /// Whether a call was told. It is not any more.
    fn take_told(&mut self, number: u64) -> bool {
        let at = self.told.iter().position(|other| *other == number);
        at.is_some_and(|at| self.told.swap_remove(at) == number)
    }

    /// How many were told, and have not begun their poll yet, beside this one.
    pub(super) fn told_beside(&self, number: Option<u64>) -> usize {
        self.told.len() - usize::from(number.is_some_and(|number| self.told.contains(&number)))
    }

    /// Those that may go on now that so many more polls may be in flight.
    pub(super) fn release(&mut self, room: usize) -> Vec<u64> {
        let count = room.saturating_sub(self.told.len()).min(self.waiting.len());
        let released: Vec<u64> = self.waiting.drain(..count).collect();
        self.told.extend(&released);
        released
    }

    /// Gives memory back.
    pub(super) fn shrink(&mut self) {
        self.waiting.shrink_to_fit();
    }

    /// Whether nobody waits who may go on.
    #[cfg(test)]
    pub(super) fn is_seen_to(&self, room: usize) -> bool {
        self.waiting.is_empty() || room <= self.told.len()
    }

    /// Whether a call waits until it is told.
    #[cfg(test)]
    pub(super) fn waits(&self, number: u64) -> bool {
        self.waiting.contains(&number)
    }

    /// Whether there is nobody.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.told.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(numbers: &[u64]) -> HeldCalls {
        let mut held = HeldCalls::default();
        numbers.iter().for_each(|number| held.hold(*number));
        held
    }

    #[test]
    fn as_many_as_may_go_on_are_told_in_the_order_in_which_they_came() {
        let mut held = held(&[3, 1, 2, 1]);
        assert_eq!(held.release(2), [3, 1]);
        assert!(held.release(2).is_empty(), "they have not begun yet");
        held.let_go(3);
        assert_eq!(held.release(2), [2]);
        assert!(held.release(usize::MAX).is_empty());
    }

    #[test]
    fn who_came_too_late_is_the_next_and_who_leaves_takes_no_turn_along() {
        let mut held = held(&[1, 2, 3]);
        assert_eq!(held.release(1), [1]);
        held.hold(1);
        held.let_go(2);
        assert_eq!(held.release(1), [1]);
        held.let_go(1);
        assert_eq!(held.release(1), [3]);
        held.let_go(3);
        assert!(held.is_empty());
    }
}
