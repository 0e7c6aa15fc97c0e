//! Byte offsets as positions, and back.

use xtask_spec::diagnostic::Position;

/// The position of a byte offset; one inside a character is that of the character.
pub(super) fn position(text: &str, offset: usize) -> Position {
    let mut position = Position { line: 1, column: 1 };
    for (_, character) in
        text.char_indices().take_while(|(at, character)| at.saturating_add(character.len_utf8()) <= offset)
    {
        if character == '\n' {
            position = Position { line: position.line.saturating_add(1), column: 1 };
        } else {
            position.column = position.column.saturating_add(1);
        }
    }
    position
}

/// The opposite of [`position`]; what lies behind a line's end is its end.
pub(super) fn offset(text: &str, position: Position) -> usize {
    let mut start = 0_usize;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if index.saturating_add(1) == position.line {
            let line = line.strip_suffix('\n').unwrap_or(line);
            let column = line.char_indices().nth(position.column.saturating_sub(1));
            return start.saturating_add(column.map_or(line.len(), |(at, _)| at));
        }
        start = start.saturating_add(line.len());
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_found_again() {
        let text = "é{\n\n  \"ö\": 1";
        for (at, line, column) in [(0, 1, 1), (2, 1, 2), (3, 1, 3), (4, 2, 1), (5, 3, 1), (8, 3, 4), (10, 3, 5)] {
            assert_eq!(position(text, at), Position { line, column }, "{at}");
            assert_eq!(offset(text, Position { line, column }), at, "{line}:{column}");
        }
        assert_eq!(position(text, 1), Position { line: 1, column: 1 });
        assert_eq!(offset(text, Position { line: 1, column: 99 }), 3);
        assert_eq!(offset(text, Position { line: 99, column: 1 }), text.len());
    }
}
