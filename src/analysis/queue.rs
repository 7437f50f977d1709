//! A radix heap: a priority queue for keys that never fall below the last one taken.
//!
//! Ahuja, Mehlhorn, Orlin and Tarjan, "Faster algorithms for the shortest path problem" (1990).
//! Push is O(1); pop is O(64) amortised. Equal keys come out in a fixed order.

/// A monotone priority queue of items with 64-bit keys.
#[derive(Debug, Clone)]
pub(super) struct RadixHeap {
    buckets: Vec<Vec<(u64, u32)>>,
    last: u64,
    len: usize,
    /// Bit per bucket that is not empty.
    filled: u128,
}

impl Default for RadixHeap {
    fn default() -> Self {
        Self::new()
    }
}

impl RadixHeap {
    pub(super) fn new() -> Self {
        Self { buckets: vec![Vec::new(); 65], last: 0, len: 0, filled: 0 }
    }

    /// Takes everything out, for keys from 0 on again.
    pub(super) fn clear(&mut self) {
        self.buckets.iter_mut().for_each(Vec::clear);
        (self.last, self.len, self.filled) = (0, 0, 0);
    }

    fn bucket(&self, key: u64) -> usize {
        (64 - (key ^ self.last).leading_zeros()) as usize
    }

    /// Adds an item; its key must not be below the last key taken.
    pub(super) fn push(&mut self, key: u64, item: u32) {
        debug_assert!(key >= self.last, "keys are monotone");
        let bucket = self.bucket(key);
        self.put(bucket, key, item);
        self.len += 1;
    }

    fn put(&mut self, bucket: usize, key: u64, item: u32) {
        let items = &mut self.buckets[bucket];
        if items.capacity() == 0 {
            items.reserve(64);
        }
        items.push((key, item));
        self.filled |= 1 << bucket;
    }

    /// The smallest key.
    pub(super) fn peek(&mut self) -> Option<u64> {
        self.settle().then_some(self.last)
    }

    /// Takes an item with the smallest key.
    pub(super) fn pop(&mut self) -> Option<(u64, u32)> {
        if !self.settle() {
            return None;
        }
        let item = self.buckets[0].pop();
        if self.buckets[0].is_empty() {
            self.filled &= !1;
        }
        self.len -= 1;
        item
    }

    /// Brings the items with the smallest key to the first bucket; false if there are none.
    fn settle(&mut self) -> bool {
        if self.len == 0 {
            return false;
        }
        let first = self.filled.trailing_zeros() as usize;
        if first == 0 {
            return true;
        }
        let mut items = std::mem::take(&mut self.buckets[first]);
        self.filled &= !(1 << first);
        self.last = items.iter().map(|(key, _)| *key).min().unwrap_or(self.last);
        for (key, item) in items.drain(..) {
            let bucket = self.bucket(key);
            self.put(bucket, key, item);
        }
        // Every item went to a lower bucket, so this one is empty; it keeps its room.
        self.buckets[first] = items;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn items_come_out_sorted(steps in proptest::collection::vec((0_u64..1_000_000, any::<bool>()), 0..200)) {
            let mut heap = RadixHeap::new();
            let mut expected = std::collections::BinaryHeap::new();
            let mut last = 0;
            for (key, pop) in steps {
                if pop {
                    let taken = heap.pop().map(|(key, _)| key);
                    prop_assert_eq!(taken, expected.pop().map(|std::cmp::Reverse(key)| key));
                    last = taken.unwrap_or(last);
                } else {
                    heap.push(last + key, 0);
                    expected.push(std::cmp::Reverse(last + key));
                }
            }
            while let Some(std::cmp::Reverse(key)) = expected.pop() {
                prop_assert_eq!(heap.peek(), Some(key));
                prop_assert_eq!(heap.pop().map(|(key, _)| key), Some(key));
            }
            prop_assert!(heap.pop().is_none());
        }
    }
}
