//! Owns how columns are lined up on a terminal, and how rows are told where they are too wide for it.
//! Knows nothing of what stands in them.

use crate::prose;

/// A cell that says nothing; a dot, so that the eye finds it.
pub const NOTHING: &str = "·";

/// Rows of `N` cells below a heading.
pub struct Table<const N: usize> {
    heading: [&'static str; N],
    /// The column that says what a row is about.
    subject: usize,
    rows: Vec<Row<N>>,
    right: [bool; N],
}

enum Row<const N: usize> {
    Cells([String; N]),
    /// A line of its own, which makes no column wider.
    Title(String),
}

impl<const N: usize> Table<N> {
    /// A table with a heading, whose rows are about what stands in the column `subject`.
    pub fn new(heading: [&'static str; N], subject: usize) -> Self {
        Self {
            heading,
            subject,
            rows: Vec::new(),
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

    /// The table as standard output takes it.
    pub fn for_stdout(&self) -> String {
        self.fitted(prose::stdout_width())
    }

    /// With its columns where they fit into the width, and else row by row.
    fn fitted(&self, width: Option<usize>) -> String {
        let widths = self.widths();
        // Two spaces stand between columns.
        let whole = widths.iter().sum::<usize>() + 2 * N.saturating_sub(1);
        match width.is_some_and(|width| width < whole) {
            true => self.row_by_row(),
            false => self.lined_up(widths),
        }
    }

    fn widths(&self) -> [usize; N] {
        let mut widths = self.heading.map(|name| name.chars().count());
        for row in &self.rows {
            if let Row::Cells(cells) = row {
                for (width, cell) in widths.iter_mut().zip(cells) {
                    *width = (*width).max(cell.chars().count());
                }
            }
        }
        widths
    }

    fn lined_up(&self, widths: [usize; N]) -> String {
        let line = |cells: &[String; N]| {
            let cells = cells.iter().zip(widths).zip(self.right);
            let cells: Vec<_> = cells
                .map(|((cell, width), right)| match right {
                    true => format!("{cell:>width$}"),
                    false => format!("{cell:width$}"),
                })
                .collect();
            format!("{}\n", cells.join("  ").trim_end())
        };
        let rows = self.rows.iter().map(|row| match row {
            Row::Cells(cells) => line(cells),
            Row::Title(title) => format!("{title}\n"),
        });
        line(&self.heading.map(str::to_owned)) + &rows.collect::<String>()
    }

    /// What a row is about, and on a line below it what its cells say, each with its column's name.
    fn row_by_row(&self) -> String {
        let row = |cells: &[String; N]| {
            let named = self.heading.iter().zip(cells).enumerate();
            let says = named.filter(|(column, (_, cell))| {
                *column != self.subject && !cell.is_empty() && *cell != NOTHING
            });
            let says: Vec<_> = says
                .map(|(_, (name, cell))| format!("{name} {cell}"))
                .collect();
            let subject = cells.get(self.subject).map_or("", |cell| cell.trim_end());
            format!("{subject}\n    {}\n", says.join(", "))
        };
        let rows = self.rows.iter().map(|line| match line {
            Row::Cells(cells) => row(cells),
            Row::Title(title) => format!("{title}\n"),
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{NOTHING, Table};

    fn table() -> Table<3> {
        let mut table = Table::new(["name", "n", "more"], 0);
        table.align_right(1);
        table.row(["é".to_owned(), "12".to_owned(), String::new()]);
        table.title("a title of many words");
        table.row(["longer".to_owned(), "3".to_owned(), "x".to_owned()]);
        table.row(["none".to_owned(), NOTHING.to_owned(), "y".to_owned()]);
        table
    }

    #[test]
    fn columns_are_as_wide_as_their_widest_cell_and_lines_end_without_spaces() {
        let lined_up = "name     n  more\né       12\na title of many words\nlonger   3  x\n\
                        none     ·  y\n";
        for width in [None, Some(80), Some(16)] {
            assert_eq!(table().fitted(width), lined_up);
        }
    }

    #[test]
    fn what_is_too_wide_is_told_row_by_row() {
        assert_eq!(
            table().fitted(Some(15)),
            "é\n    n 12\na title of many words\nlonger\n    n 3, more x\nnone\n    more y\n"
        );
    }
}
