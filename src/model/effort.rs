//! Effort and cost: whole numbers of hundredths of a point, and per cents that change them.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

/// Effort of steps and plans (or cost of mitigations), in hundredths of a point.
///
/// The scale of efforts is coarse and our judgement: 1 trivial once the needs are held, 2 routine,
/// 3 takes time or luck, 5 skilled, 8 hard, 13 extraordinary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Effort(pub u32);

/// A per cent of effort; 100 changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(pub u16);

impl Effort {
    /// No effort.
    pub const ZERO: Self = Self(0);

    /// So many whole points.
    #[must_use]
    pub const fn points(points: u32) -> Self {
        Self(points.saturating_mul(100))
    }

    /// The effort after a hindrance: multiplied, truncated, saturating.
    #[must_use]
    pub fn hindered(self, by: Percent) -> Self {
        let scaled = u64::from(self.0) * u64::from(by.0) / 100;
        Self(u32::try_from(scaled).unwrap_or(u32::MAX))
    }
}

impl FromStr for Effort {
    type Err = &'static str;

    /// Points with at most two decimals: `10`, `7.5`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let number = (!whole.is_empty() && part.len() < 3 && digits(whole) && digits(part))
            .then(|| format!("{whole}{part:0<2}").parse().ok());
        number.flatten().map(Self).ok_or("an effort is a number of points, such as 10 or 7.5")
    }
}

impl Percent {
    /// What is left of the hindrance when it is deployed partially: half of its excess.
    #[must_use]
    pub const fn partial(self) -> Self {
        Self(100 + (self.0.saturating_sub(100)) / 2)
    }
}

impl Add for Effort {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Effort {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Effort {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Effort {
    /// Points with at most two decimals, none if whole: `3`, `4.5`, `0.25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match rest {
            0 => write!(f, "{whole}"),
            r if r % 10 == 0 => write!(f, "{whole}.{}", r / 10),
            r => write!(f, "{whole}.{r:02}"),
        }
    }
}

impl fmt::Display for Percent {
    /// As a factor: `×1.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "×{}", Effort(u32::from(self.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effort_prints_without_needless_decimals() {
        let shown: Vec<String> = [300, 450, 25, 0, 5].map(|n| Effort(n).to_string()).into();
        assert_eq!(shown, ["3", "4.5", "0.25", "0", "0.05"]);
    }

    #[test]
    fn hindrance_multiplies_and_truncates() {
        assert_eq!(Effort::points(3).hindered(Percent(150)), Effort(450));
        assert_eq!(Effort(5).hindered(Percent(150)), Effort(7));
        assert_eq!(Effort(u32::MAX).hindered(Percent(300)), Effort(u32::MAX));
    }

    #[test]
    fn partial_hindrance_keeps_half_its_excess() {
        assert_eq!(Percent(300).partial(), Percent(200));
        assert_eq!(Percent(100).partial(), Percent(100));
    }
}
