//! A block of code of a page, and where it is there.

use std::ops::Range;

/// How a block of code is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kind {
    /// Between two fences.
    #[default]
    Fence,
    /// Indented by four columns. What stands there may be code or only far to the right: it isn't read.
    Indented,
    /// `<pre>`, as pages are saved and as some publishers write what has lines to be broken.
    Html,
}

/// A block of code.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct Block {
    pub(super) kind: Kind,
    /// What stands behind the opening fence.
    pub(super) info: String,
    /// The code, without what a list or quote around it puts in front of each line.
    pub(super) text: String,
    /// Byte offsets in `text` and in the page that belong together, ascending.
    pub(super) pieces: Vec<(usize, usize)>,
    /// All of it in the page.
    pub(super) range: Range<usize>,
}

impl Block {
    /// Where in the page the byte `at` of the text is.
    pub(super) fn in_page(&self, at: usize) -> usize {
        let index = self.pieces.partition_point(|(in_block, _)| *in_block <= at);
        let piece = index.checked_sub(1).and_then(|index| self.pieces.get(index));
        piece.map_or(self.range.start, |(in_block, in_page)| in_page.saturating_add(at.saturating_sub(*in_block)))
    }

    pub(super) fn push(&mut self, text: &str, in_page: usize) {
        self.pieces.push((self.text.len(), in_page));
        self.text.push_str(text);
    }
}
