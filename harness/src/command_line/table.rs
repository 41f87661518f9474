//! Owns how columns are lined up on a terminal. Knows nothing of what stands in them.

use std::fmt;

/// Rows of `N` cells below a heading.
pub struct Table<const N: usize> {
    rows: Vec<Row<N>>,
    right: [bool; N],
}

enum Row<const N: usize> {
    Cells([String; N]),
    /// A line of its own, which makes no column wider.
    Title(String),
}

impl<const N: usize> Table<N> {
    /// A table with a heading.
    pub fn new(heading: [&str; N]) -> Self {
        Self {
            rows: vec![Row::Cells(heading.map(str::to_owned))],
            right: [false; N],
        }
    }

    /// Lets a column stand flush right, as numbers do.
    pub fn align_right(&mut self, column: usize) {
        if let Some(right) = self.right.get_mut(column) {
            *right = true;
        }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: [String; N]) {
        self.rows.push(Row::Cells(cells));
    }

    /// Adds a title above the rows that follow.
    pub fn title(&mut self, title: &str) {
        self.rows.push(Row::Title(title.to_owned()));
    }
}

impl<const N: usize> fmt::Display for Table<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| match row {
                Row::Cells(cells) => cells.get(column),
                Row::Title(_) => None,
            });
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let widths: Vec<_> = (0..N).map(width).collect();
        for row in &self.rows {
            let cells = match row {
                Row::Cells(cells) => cells,
                Row::Title(title) => {
                    writeln!(f, "{title}")?;
                    continue;
                }
            };
            let cells = cells.iter().zip(&widths).zip(self.right);
            let cells: Vec<_> = cells
                .map(|((cell, &width), right)| {
                    if right {
                        format!("{cell:>width$}")
                    } else {
                        format!("{cell:width$}")
                    }
                })
                .collect();
            writeln!(f, "{}", cells.join("  ").trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_lines_end_without_spaces() {
        let mut table = Table::new(["name", "n", "more"]);
        table.align_right(1);
        table.row(["é".to_owned(), "12".to_owned(), String::new()]);
        table.title("a title of many words");
        table.row(["longer".to_owned(), "3".to_owned(), "x".to_owned()]);
        assert_eq!(
            table.to_string(),
            "name     n  more\né       12\na title of many words\nlonger   3  x\n"
        );
    }
}
