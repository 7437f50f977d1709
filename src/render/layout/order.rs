//! The order of the items of a column: barycentres, swept to and fro, best of all sweeps.

use super::Grid;

/// Sweeps to and fro; more change nothing on drawings of the size of a slide.
const SWEEPS: usize = 12;

/// Orders every column by lane, and within a lane so that few arrows cross.
pub(super) fn order(grid: &mut Grid) {
    for column in 0..grid.columns.len() {
        let items = &grid.items;
        grid.columns[column].sort_by_key(|&item| (items[item].lane, item));
    }
    let mut best = (crossings(grid), grid.columns.clone());
    for sweep in 0..SWEEPS {
        let to_right = sweep % 2 == 0;
        let columns: Vec<usize> =
            if to_right { (0..grid.columns.len()).collect() } else { (0..grid.columns.len()).rev().collect() };
        for column in columns {
            sort(grid, column, to_right);
        }
        let found = crossings(grid);
        if found < best.0 {
            best = (found, grid.columns.clone());
        }
    }
    grid.columns = best.1;
}

/// Sorts a column by the mean place of what its items are joined to on one side.
fn sort(grid: &mut Grid, column: usize, by_left: bool) {
    let places = places(grid);
    let mut sums = vec![(0_i64, 0_i64); grid.items.len()];
    for stretch in &grid.stretches {
        let (item, other, port) = if by_left {
            (stretch.right, stretch.left, stretch.out)
        } else {
            (stretch.left, stretch.right, stretch.into)
        };
        // Ports tell steps of one card apart; they count for less than the order of cards.
        sums[item].0 += places[other] * 10_000 + i64::from(port.clamp(0, 9_999));
        sums[item].1 += 1;
    }
    let items = &grid.items;
    let mean = |item: usize| match sums[item] {
        (_, 0) => places[item] * 10_000,
        (sum, count) => sum / count,
    };
    grid.columns[column].sort_by_key(|&item| (items[item].lane, mean(item), item));
}

/// The place of every item in its column.
fn places(grid: &Grid) -> Vec<i64> {
    let mut places = vec![0_i64; grid.items.len()];
    for column in &grid.columns {
        for (place, &item) in (0_i64..).zip(column) {
            places[item] = place;
        }
    }
    places
}

/// Where an arrow ends: place of the item in its column, and offset in it.
type End = (i64, i32);

/// How many pairs of arrows cross between neighbouring columns.
fn crossings(grid: &Grid) -> usize {
    let places = places(grid);
    let mut ends: Vec<Vec<(End, End)>> = vec![Vec::new(); grid.columns.len()];
    for s in &grid.stretches {
        ends[grid.items[s.left].column].push(((places[s.left], s.out), (places[s.right], s.into)));
    }
    ends.into_iter()
        .map(|mut pairs| {
            pairs.sort_unstable();
            inversions(&mut pairs.into_iter().map(|(_, right)| right).collect::<Vec<_>>())
        })
        .sum()
}

/// Pairs that stand the wrong way round, counted while they are merged.
fn inversions<T: Ord + Copy>(values: &mut [T]) -> usize {
    if values.len() < 2 {
        return 0;
    }
    let middle = values.len() / 2;
    let (left, right) = values.split_at_mut(middle);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() || j < right.len() {
        if j == right.len() || (i < left.len() && left[i] <= right[j]) {
            merged.push(left[i]);
            i += 1;
        } else {
            count += left.len() - i;
            merged.push(right[j]);
            j += 1;
        }
    }
    values.copy_from_slice(&merged);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversions_are_counted_and_values_sorted() {
        let mut values = [3, 1, 2, 2];
        assert_eq!(inversions(&mut values), 3);
        assert_eq!(values, [1, 2, 2, 3]);
    }
}
