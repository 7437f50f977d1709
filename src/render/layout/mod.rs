//! Where everything of a drawing stands: a layered layout in the manner of Sugiyama, Tagawa and
//! Toda (1981), with a lane for each onion layer.
//!
//! A position and the steps that grant it are one card, so that a plan needs one column for each
//! position. All numbers are whole (pixels of a slide), and every tie is broken by the order of
//! the drawing: the same drawing gives the same layout everywhere.

mod columns;
mod order;
mod place;

use super::drawing::{Drawing, Move, Spot};
use super::page::{columns as letters_of, wrapped};
use crate::model::Layer;

/// Width of a card.
pub(super) const CARD: i32 = 252;
/// Space inside a head or a step, above and below its lines.
pub(super) const PAD: i32 = 8;
/// Least space between columns, before the drawing is fitted to a slide.
const GUTTER: i32 = 68;
/// Least space between cards of a column.
const GAP: i32 = 22;
/// Space of an arrow that passes a column.
const PASSING: i32 = 14;
/// Space inside a lane, above and below its cards; its name stands above.
const LANE_TOP: i32 = 42;
const LANE_BOTTOM: i32 = 18;
/// Space at the left and right of all columns.
const MARGIN: i32 = 28;

/// Sizes of letters in pixels: as large as the slide has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Letters {
    /// Of a position's name.
    pub(super) head: i32,
    /// Of a step's title.
    pub(super) title: i32,
    /// Of codes, and of what stops a step.
    pub(super) small: i32,
}

impl Letters {
    /// The sizes that are tried, largest first.
    const ALL: [Self; 4] = [Self::of(24, 21, 17), Self::of(22, 20, 16), Self::of(20, 18, 15), Self::of(18, 16, 14)];

    const fn of(head: i32, title: i32, small: i32) -> Self {
        Self { head, title, small }
    }

    /// Height of a line of such letters.
    pub(super) const fn line(size: i32) -> i32 {
        size * 5 / 4
    }

    /// How many letters a line holds beside so much other space, by the mean width of Helvetica's.
    fn fit(size: i32, other: i32, per_mille: i32) -> usize {
        usize::try_from((CARD - other) * 1000 / (size * per_mille)).unwrap_or(1)
    }
}

/// A layer's lane, over the whole width.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    pub(super) layer: Layer,
    pub(super) y: i32,
    pub(super) height: i32,
}

/// A position with the steps that grant it.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub(super) x: i32,
    pub(super) y: i32,
    /// Height of head and rows.
    pub(super) height: i32,
    /// Lines of the name.
    pub(super) head: Vec<String>,
    /// A word on its part in the drawing, below the name; may be empty.
    pub(super) part: &'static str,
    /// The steps, from above.
    pub(super) rows: Vec<Row>,
}

/// A step in the card of the position it grants.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Index of the step in the drawing.
    pub(super) step: usize,
    /// Offset from the top of the card.
    pub(super) top: i32,
    pub(super) height: i32,
    pub(super) title: Vec<String>,
    pub(super) codes: Vec<String>,
    pub(super) stops: Vec<String>,
}

/// An arrow from a position to a step that needs it, through points in the gutters it passes.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) step: usize,
    pub(super) points: Vec<(i32, i32)>,
}

/// A drawing with its places.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) letters: Letters,
    pub(super) lanes: Vec<Lane>,
    /// A card for each position of the drawing, in its order.
    pub(super) cards: Vec<Card>,
    pub(super) wires: Vec<Wire>,
}

/// What stands in columns: a card, or an arrow that passes by.
#[derive(Debug, Clone)]
struct Item {
    column: usize,
    /// Index of its lane among the lanes that are drawn.
    lane: usize,
    height: i32,
}

/// A stretch of an arrow between neighbouring columns, with the offsets of its ends.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    left: usize,
    right: usize,
    /// From the top of the left item.
    out: i32,
    /// From the top of the right item.
    into: i32,
}

/// Items in columns from left to right, each column from above, and the stretches between them.
#[derive(Debug, Default)]
struct Grid {
    items: Vec<Item>,
    columns: Vec<Vec<usize>>,
    stretches: Vec<Stretch>,
    /// For each arrow its items from left to right, and whether it runs backwards.
    routes: Vec<Route>,
}

/// The way of one arrow.
#[derive(Debug)]
struct Route {
    need: usize,
    step: usize,
    items: Vec<usize>,
    backwards: bool,
}

/// Lays a drawing out with the letters that are largest on a slide. `ratio` is width to height as a
/// pair; the layout is spread towards it.
pub(super) fn layout(drawing: &Drawing, ratio: (i32, i32)) -> Layout {
    let ranks = columns::ranks(drawing);
    let layouts = Letters::ALL.into_iter().map(|letters| with_letters(drawing, &ranks, ratio, letters));
    let seen = |l: &Layout| l.letters.title * 10_000 / l.width.max(l.height / ratio.1 * ratio.0).max(1);
    layouts
        .reduce(|best, next| if seen(&next) > seen(&best) { next } else { best })
        .expect("there are sizes of letters")
}

fn with_letters(drawing: &Drawing, ranks: &[usize], ratio: (i32, i32), letters: Letters) -> Layout {
    let layers: Vec<Layer> =
        Layer::ALL.iter().copied().filter(|&layer| drawing.spots.iter().any(|s| s.layer == layer)).collect();
    let mut cards: Vec<Card> = drawing.spots.iter().map(|spot| head(spot, letters)).collect();
    for (index, step) in drawing.moves.iter().enumerate() {
        let row = row(index, step, cards[step.grants].height, letters);
        cards[step.grants].height += row.height;
        cards[step.grants].rows.push(row);
    }
    let mut grid = grid(drawing, &cards, ranks, &layers);
    order::order(&mut grid);
    place::place(&grid, &layers, &mut cards, ratio, letters)
}

fn head(spot: &Spot, letters: Letters) -> Card {
    let fit = Letters::fit(letters.head, 28, 560);
    let head: Vec<String> = spot.name.split('\n').flat_map(|line| broken(line, fit)).collect();
    let part = match (spot.start, spot.goal) {
        (true, true) => "held already",
        (true, false) => "start",
        (false, true) => "objective",
        (false, false) if spot.ambient => "open to everybody",
        (false, false) => "",
    };
    let below = if part.is_empty() { 0 } else { Letters::line(letters.small) };
    let height = lines(&head) * Letters::line(letters.head) + below + 2 * PAD;
    Card { x: 0, y: 0, height, head, part, rows: Vec::new() }
}

fn row(index: usize, step: &Move, top: i32, letters: Letters) -> Row {
    let badge = if step.attack { badge(step).0 + 4 } else { 0 };
    let title = broken(&step.title, Letters::fit(letters.title, 26 + badge, 510));
    let fit = Letters::fit(letters.small, 26, 530);
    let codes = match (step.attack, step.techniques.is_empty()) {
        (true, true) => Vec::new(),
        (true, false) => broken(&step.techniques.join(" "), fit),
        (false, _) => vec!["no intrusion needed".to_owned()],
    };
    let stops = step.stops.iter().flat_map(|stop| broken(stop, fit)).collect::<Vec<_>>();
    let small = (lines(&codes) + lines(&stops)) * Letters::line(letters.small);
    let height = lines(&title) * Letters::line(letters.title) + small + 2 * PAD;
    Row { step: index, top, height, title, codes, stops }
}

/// The text in lines that all fit: between words, and inside a word that is longer than a line.
fn broken(text: &str, fit: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for line in wrapped(text, fit) {
        let mut letters = line.chars().peekable();
        if letters_of(&line) <= fit {
            lines.push(line);
            continue;
        }
        while letters.peek().is_some() {
            lines.push(letters.by_ref().take(fit.max(1)).collect());
        }
    }
    lines
}

/// Width and height of the badge that holds the effort of a step.
pub(super) fn badge(step: &Move) -> (i32, i32) {
    let letters = i32::try_from(step.effort.to_string().len()).unwrap_or(i32::MAX / 1024).min(16);
    (30.max(12 + 10 * letters), 30)
}

/// Number of lines, as a length; texts of a drawing are short.
fn lines(texts: &[String]) -> i32 {
    i32::try_from(texts.len()).unwrap_or(i32::MAX / 1024).min(1 << 16)
}

fn grid(drawing: &Drawing, cards: &[Card], ranks: &[usize], layers: &[Layer]) -> Grid {
    let lane = |spot: usize| layers.iter().position(|&l| l == drawing.spots[spot].layer).unwrap_or(0);
    let items = (0..cards.len()).map(|s| Item { column: ranks[s], lane: lane(s), height: cards[s].height }).collect();
    let mut grid = Grid { items, ..Grid::default() };
    for (card, step) in drawing.moves.iter().enumerate().map(|(index, step)| (step.grants, index)) {
        for &need in &drawing.moves[step].needs {
            route(&mut grid, cards, (need, step, card));
        }
    }
    let width = grid.items.iter().map(|i| i.column + 1).max().unwrap_or(0);
    grid.columns = vec![Vec::new(); width];
    for (index, item) in grid.items.iter().enumerate() {
        grid.columns[item.column].push(index);
    }
    grid
}

/// Adds the arrow from a position to a step: it passes the columns between in the emptiest lane.
fn route(grid: &mut Grid, cards: &[Card], (need, step, card): (usize, usize, usize)) {
    let backwards = grid.items[need].column >= grid.items[card].column;
    let (left, right) = if backwards { (card, need) } else { (need, card) };
    let (from, to) = (grid.items[left].column, grid.items[right].column);
    let mut way = vec![left];
    if to > from + 1 {
        let ends = [grid.items[left].lane, grid.items[right].lane];
        let lanes = ends[0].min(ends[1])..=ends[0].max(ends[1]);
        let load = |lane: usize| -> i32 {
            let inside = |i: &&Item| i.lane == lane && i.column > from && i.column < to;
            grid.items.iter().filter(inside).map(|i| i.height).sum()
        };
        let lane = lanes.min_by_key(|&lane| (load(lane), lane.abs_diff(ends[1]))).unwrap_or(ends[1]);
        for column in from + 1..to {
            way.push(grid.items.len());
            grid.items.push(Item { column, lane, height: PASSING });
        }
    }
    way.push(right);
    let ports = (out_port(&cards[need]), in_port(&cards[card], step));
    let ends = if backwards { (ports.1, ports.0) } else { ports };
    for (index, pair) in way.windows(2).enumerate() {
        let out = if index == 0 { ends.0 } else { PASSING / 2 };
        let into = if index + 2 == way.len() { ends.1 } else { PASSING / 2 };
        if from < to {
            grid.stretches.push(Stretch { left: pair[0], right: pair[1], out, into });
        }
    }
    grid.routes.push(Route { need, step, items: way, backwards });
}

/// Where arrows leave a card, from its top.
fn out_port(card: &Card) -> i32 {
    card.rows.first().map_or(card.height, |row| row.top) / 2
}

/// Where arrows enter a step, from the top of its card.
fn in_port(card: &Card, step: usize) -> i32 {
    card.rows.iter().find(|row| row.step == step).map_or(0, |row| row.top + row.height / 2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Effort;

    fn spots() -> impl Strategy<Value = Vec<Spot>> {
        let spot = ("[a-z ]{0,40}", 0_usize..4, any::<(bool, bool, bool)>()).prop_map(|(name, layer, marks)| Spot {
            id: name.clone(),
            name,
            layer: Layer::ALL[layer],
            start: marks.0,
            goal: marks.1,
            ambient: marks.2,
        });
        prop::collection::vec(spot, 1..14)
    }

    /// Any drawing, circles and steps without needs included.
    fn drawings() -> impl Strategy<Value = Drawing> {
        spots().prop_flat_map(|spots| {
            let of = 0..spots.len();
            let step = ("[a-z]{0,60}", prop::collection::btree_set(of.clone(), 0..4), of, any::<bool>());
            let moves = prop::collection::vec(step, 0..24);
            (Just(spots), moves).prop_map(|(spots, moves)| {
                let moves = moves.into_iter().map(|(title, needs, grants, attack)| Move {
                    id: title.clone(),
                    layer: spots[grants].layer,
                    title,
                    techniques: vec!["T1078.004".to_owned()],
                    effort: Effort::points(3),
                    attack,
                    needs: needs.into_iter().collect(),
                    grants,
                    plans: 1,
                    stops: vec!["stopped by a-mitigation-with-a-long-name".to_owned()],
                });
                Drawing { moves: moves.collect(), plans: 2, spots }
            })
        })
    }

    proptest! {
        #[test]
        fn cards_stand_in_their_lanes_and_do_not_touch(drawing in drawings()) {
            let layout = layout(&drawing, (16, 7));
            for (index, card) in layout.cards.iter().enumerate() {
                let lane = layout.lanes.iter().find(|l| l.layer == drawing.spots[index].layer).unwrap();
                prop_assert!(card.y >= lane.y && card.y + card.height <= lane.y + lane.height);
                prop_assert!(card.x >= 0 && card.x + CARD <= layout.width);
                for other in &layout.cards[index + 1..] {
                    let apart = card.x + CARD <= other.x
                        || other.x + CARD <= card.x
                        || card.y + card.height <= other.y
                        || other.y + other.height <= card.y;
                    prop_assert!(apart, "{card:?} {other:?}");
                }
            }
        }

        #[test]
        fn every_need_has_an_arrow_of_its_own_into_its_step(drawing in drawings()) {
            let layout = layout(&drawing, (16, 7));
            for (index, step) in drawing.moves.iter().enumerate() {
                let card = &layout.cards[step.grants];
                let row = card.rows.iter().find(|r| r.step == index).unwrap();
                let mut ends: Vec<(i32, i32)> =
                    layout.wires.iter().filter(|w| w.step == index).map(|w| *w.points.last().unwrap()).collect();
                ends.dedup();
                prop_assert_eq!(ends.len(), step.needs.len());
                for (x, y) in ends {
                    prop_assert!(x == card.x && y > card.y + row.top && y < card.y + row.top + row.height);
                }
            }
        }
    }

    #[test]
    fn a_word_that_is_longer_than_a_line_is_broken() {
        assert_eq!(broken("ab cdefgh", 4), ["ab", "cdef", "gh"]);
    }
}
