//! Colours of drawings: a light and a dark theme, each with enough contrast to be projected.
//!
//! Nothing is said by colour alone: layers have names, starts and objectives have words.

use crate::model::Layer;

/// Which colours a drawing has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark ink on white.
    #[default]
    Light,
    /// Light ink on black.
    Dark,
}

/// Colours of one theme, as `#rrggbb`.
#[derive(Debug)]
pub(super) struct Palette {
    /// Behind everything.
    pub(super) page: &'static str,
    /// Text, and the borders of starts and objectives.
    pub(super) ink: &'static str,
    /// Text that stands back, and plain borders.
    pub(super) dim: &'static str,
    /// Behind steps.
    pub(super) step: &'static str,
    /// Arrows.
    pub(super) wire: &'static str,
    /// What stops a step.
    pub(super) stop: &'static str,
    /// Text on the fill of a layer.
    pub(super) on_layer: &'static str,
    /// Behind a layer, and the fill of its positions, in the order of [`Layer::ALL`].
    layers: [(&'static str, &'static str); 4],
}

static LIGHT: Palette = Palette {
    page: "#ffffff",
    ink: "#1b1f24",
    dim: "#57606a",
    step: "#ffffff",
    wire: "#57606a",
    stop: "#0b6b2b",
    on_layer: "#ffffff",
    layers: [("#eaf2fb", "#1f5fa8"), ("#fbf3df", "#855600"), ("#e9f5e9", "#2a6f2e"), ("#f8eaf1", "#993366")],
};

static DARK: Palette = Palette {
    page: "#0d1117",
    ink: "#f0f3f6",
    dim: "#a8b3bf",
    step: "#1c232c",
    wire: "#9aa5b1",
    stop: "#5fd38a",
    on_layer: "#0d1117",
    layers: [("#12202f", "#79b8ff"), ("#262012", "#e3b341"), ("#13251a", "#6fcf7f"), ("#2a1722", "#f08cbd")],
};

impl Theme {
    /// Every theme.
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    /// The word that asks for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme that a word asks for.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|theme| theme.word() == word)
    }

    /// Its colours.
    pub(super) const fn palette(self) -> &'static Palette {
        match self {
            Self::Light => &LIGHT,
            Self::Dark => &DARK,
        }
    }
}

impl Palette {
    /// What stands behind a layer.
    pub(super) fn lane(&self, layer: Layer) -> &'static str {
        self.layers[layer as usize].0
    }

    /// The fill of a layer's positions.
    pub(super) fn fill(&self, layer: Layer) -> &'static str {
        self.layers[layer as usize].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance by WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_contrasts_with_what_is_behind_it_as_wcag_asks() {
        for theme in Theme::ALL {
            let palette = theme.palette();
            for behind in [palette.page, palette.step] {
                for text in [palette.ink, palette.dim, palette.stop] {
                    assert!(contrast(text, behind) >= 4.5, "{theme:?} {text} on {behind}");
                }
            }
            for &layer in Layer::ALL {
                assert!(contrast(palette.on_layer, palette.fill(layer)) >= 4.5, "{theme:?} {layer}");
                assert!(contrast(palette.ink, palette.lane(layer)) >= 4.5, "{theme:?} {layer}");
                assert!(contrast(palette.wire, palette.lane(layer)) >= 3.0, "{theme:?} {layer}");
            }
        }
    }

    #[test]
    fn every_word_names_its_theme() {
        for theme in Theme::ALL {
            assert_eq!(Theme::from_word(theme.word()), Some(theme));
        }
        assert_eq!(Theme::from_word("pink"), None);
    }
}
