//! The column of every position: behind everything that leads to it, as far left as that allows.

use super::super::drawing::Drawing;

/// How far a search has come with a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// The columns, in the order of the positions.
///
/// The union of several plans may run in circles; arrows that close one are left out of account,
/// found by a depth-first search from the starts.
pub(super) fn ranks(drawing: &Drawing) -> Vec<usize> {
    let forward = forward(drawing);
    let mut ranks = vec![0_usize; drawing.spots.len()];
    // The longest way: without circles it settles in as many rounds as there are positions.
    for _ in 0..drawing.spots.len() {
        let mut changed = false;
        for &(from, to) in &forward {
            if ranks[to] <= ranks[from] {
                ranks[to] = ranks[from] + 1;
                changed = true;
            }
        }
        if !changed {
            break;
        }
    }
    pull(drawing, &forward, &mut ranks);
    ranks
}

/// What everybody holds stands just before what needs it, and objectives stand last.
fn pull(drawing: &Drawing, forward: &[(usize, usize)], ranks: &mut [usize]) {
    let last = ranks.iter().copied().max().unwrap_or(0);
    for (index, spot) in drawing.spots.iter().enumerate() {
        let leads_on = forward.iter().filter(|edge| edge.0 == index).map(|edge| ranks[edge.1]).min();
        let led_to = forward.iter().any(|edge| edge.1 == index);
        match leads_on {
            Some(next) if !led_to && !spot.start => ranks[index] = next.saturating_sub(1),
            None if spot.goal && led_to => ranks[index] = last,
            _ => {}
        }
    }
}

/// Pairs of positions joined by a step, without those that close a circle, in a fixed order.
fn forward(drawing: &Drawing) -> Vec<(usize, usize)> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); drawing.spots.len()];
    for step in &drawing.moves {
        for &need in &step.needs {
            if need != step.grants && !next[need].contains(&step.grants) {
                next[need].push(step.grants);
            }
        }
    }
    let mut marks = vec![Mark::New; drawing.spots.len()];
    let mut edges = Vec::new();
    let starts = (0..drawing.spots.len()).filter(|&s| drawing.spots[s].start);
    for root in starts.chain(0..drawing.spots.len()) {
        search(root, &next, &mut marks, &mut edges);
    }
    edges
}

/// Depth first, with a stack of our own: circles may be long.
fn search(root: usize, next: &[Vec<usize>], marks: &mut [Mark], edges: &mut Vec<(usize, usize)>) {
    if marks[root] != Mark::New {
        return;
    }
    marks[root] = Mark::Open;
    let mut stack = vec![(root, 0_usize)];
    while let Some((at, child)) = stack.pop() {
        let Some(&to) = next[at].get(child) else {
            marks[at] = Mark::Done;
            continue;
        };
        stack.push((at, child + 1));
        if marks[to] != Mark::Open {
            edges.push((at, to));
        }
        if marks[to] == Mark::New {
            marks[to] = Mark::Open;
            stack.push((to, 0));
        }
    }
}
