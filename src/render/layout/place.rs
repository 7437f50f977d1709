//! The pixels: lanes from above, columns from the left, every item as near to what it is joined to
//! as its column allows; then all of it spread towards the shape of a slide.

use super::{
    CARD, Card, GAP, GUTTER, Grid, LANE_BOTTOM, LANE_TOP, Lane, Layout, Letters, MARGIN, PASSING, Route, Wire, in_port,
    out_port,
};
use crate::model::Layer;

/// Rounds of moving items towards what they are joined to.
const ROUNDS: usize = 16;
/// The widest gutter that fitting may make.
const WIDEST: i32 = 220;

/// Gives every card and arrow its place.
pub(super) fn place(grid: &Grid, layers: &[Layer], cards: &mut [Card], ratio: (i32, i32), letters: Letters) -> Layout {
    let columns = i32::try_from(grid.columns.len()).unwrap_or(i32::MAX / 1024).max(1);
    let mut lanes = lanes(grid, layers);
    let natural = lanes.last().map_or(0, |lane| lane.y + lane.height);
    let wide = |gutter: i32| columns * CARD + (columns - 1) * gutter + 2 * MARGIN;
    // Too high for its width: wider gutters. Too wide for its height: higher lanes.
    let wanted = natural * ratio.0 / ratio.1;
    let gutter = if columns > 1 { ((wanted - wide(0)) / (columns - 1)).clamp(GUTTER, WIDEST) } else { GUTTER };
    let width = wide(gutter);
    stretch(&mut lanes, (width * ratio.1 / ratio.0 - natural).max(0));
    let tops = tops(grid, &lanes);
    let left = |column: usize| MARGIN + i32::try_from(column).unwrap_or(0) * (CARD + gutter);
    for (index, card) in cards.iter_mut().enumerate() {
        (card.x, card.y) = (left(grid.items[index].column), tops[index]);
    }
    let mut wires = grid.routes.iter().map(|route| wire(grid, route, cards, &tops, &left)).collect::<Vec<_>>();
    fan(cards, &mut wires);
    let height = lanes.last().map_or(0, |lane| lane.y + lane.height);
    Layout { width, height, letters, lanes, cards: cards.to_vec(), wires }
}

/// The lanes, each as high as its fullest column.
fn lanes(grid: &Grid, layers: &[Layer]) -> Vec<Lane> {
    let mut y = 0;
    let mut lanes = Vec::new();
    for (index, &layer) in layers.iter().enumerate() {
        let full = |column: &Vec<usize>| -> i32 {
            let heights = column.iter().map(|&i| &grid.items[i]).filter(|i| i.lane == index).map(|i| i.height + GAP);
            heights.sum::<i32>() - GAP
        };
        let height = grid.columns.iter().map(full).max().unwrap_or(0).max(0) + LANE_TOP + LANE_BOTTOM;
        lanes.push(Lane { layer, y, height });
        y += height;
    }
    lanes
}

/// Shares extra height out, up to as much again as each lane has.
fn stretch(lanes: &mut [Lane], extra: i32) {
    let all: i32 = lanes.iter().map(|lane| lane.height).sum();
    let mut y = 0;
    for lane in lanes {
        let share = i64::from(extra) * i64::from(lane.height) / i64::from(all.max(1));
        lane.y = y;
        lane.height += i32::try_from(share).unwrap_or(0).min(lane.height);
        y += lane.height;
    }
}

/// The top of every item.
fn tops(grid: &Grid, lanes: &[Lane]) -> Vec<i32> {
    let mut tops = vec![0_i32; grid.items.len()];
    for column in &grid.columns {
        for (index, lane) in lanes.iter().enumerate() {
            let members: Vec<usize> = column.iter().copied().filter(|&i| grid.items[i].lane == index).collect();
            // At first each stack stands in the middle of its lane.
            let full: i32 = members.iter().map(|&i| grid.items[i].height + GAP).sum::<i32>() - GAP;
            let mut y = lane.y + LANE_TOP + (lane.height - LANE_TOP - LANE_BOTTOM - full).max(0) / 2;
            for item in members {
                tops[item] = y;
                y += grid.items[item].height + GAP;
            }
        }
    }
    for round in 0..ROUNDS {
        let columns: Vec<usize> =
            if round % 2 == 0 { (0..grid.columns.len()).collect() } else { (0..grid.columns.len()).rev().collect() };
        for column in columns {
            settle(grid, lanes, &mut tops, column);
        }
    }
    tops
}

/// Moves the items of a column towards the mean of what they are joined to, in their order.
fn settle(grid: &Grid, lanes: &[Lane], tops: &mut [i32], column: usize) {
    let mut sums = vec![(0_i32, 0_i32); grid.items.len()];
    for s in &grid.stretches {
        if grid.items[s.right].column == column {
            sums[s.right].0 += tops[s.left] + s.out - s.into;
            sums[s.right].1 += 1;
        }
        if grid.items[s.left].column == column {
            sums[s.left].0 += tops[s.right] + s.into - s.out;
            sums[s.left].1 += 1;
        }
    }
    for (index, lane) in lanes.iter().enumerate() {
        let members: Vec<usize> =
            grid.columns[column].iter().copied().filter(|&i| grid.items[i].lane == index).collect();
        let mut least = lane.y + LANE_TOP;
        for &item in &members {
            let wish = if sums[item].1 == 0 { tops[item] } else { sums[item].0 / sums[item].1 };
            tops[item] = wish.max(least);
            least = tops[item] + grid.items[item].height + GAP;
        }
        let mut most = lane.y + lane.height - LANE_BOTTOM;
        for &item in members.iter().rev() {
            tops[item] = tops[item].min(most - grid.items[item].height);
            most = tops[item] - GAP;
        }
    }
}

/// Spreads the ends of arrows that enter the same step over its height, in the order in which they
/// come, so that needs can be counted.
fn fan(cards: &[Card], wires: &mut [Wire]) {
    for card in cards {
        for row in &card.rows {
            let mut into: Vec<usize> = (0..wires.len()).filter(|&w| wires[w].step == row.step).collect();
            into.sort_by_key(|&w| (wires[w].points.iter().rev().nth(1).map(|p| p.1), w));
            let count = i32::try_from(into.len()).unwrap_or(i32::MAX - 1);
            for (place, wire) in (1..).zip(into) {
                if let Some(end) = wires[wire].points.last_mut() {
                    end.1 = card.y + row.top + row.height * place / (count + 1);
                }
            }
        }
    }
}

/// The points of an arrow: out of the right of a card, past the columns between, into the left of
/// a step. One that runs backwards leaves and enters on the same sides and turns round.
fn wire(grid: &Grid, route: &Route, cards: &[Card], tops: &[i32], left: &impl Fn(usize) -> i32) -> Wire {
    let card = cards.iter().position(|card| card.rows.iter().any(|row| row.step == route.step)).unwrap_or(0);
    let (from, to) = (&cards[route.need], &cards[card]);
    let start = (from.x + CARD, from.y + out_port(from));
    let end = (to.x, to.y + in_port(to, route.step));
    let mut points = vec![start];
    if !route.backwards {
        for &item in &route.items[1..route.items.len() - 1] {
            let x = left(grid.items[item].column);
            let y = tops[item] + PASSING / 2;
            points.extend([(x, y), (x + CARD, y)]);
        }
    }
    points.push(end);
    Wire { step: route.step, points }
}
