//! The one table that is printed.

/// Rows as they come.
#[derive(Default)]
pub struct Table(Vec<[String; COLUMNS]>);

const COLUMNS: usize = 7;

/// What a row says beside its name and figure; what does not apply stays empty.
#[derive(Default)]
pub struct Beside {
    /// The limit and what it is.
    pub limit: Option<(f64, &'static str)>,
    /// What is promised.
    pub goal: &'static str,
    /// The figure of a known light server on two cores, where smaller is better if `less_is_better`.
    pub light_server: Option<(f64, f64)>,
    /// Whether small is good: memory and time.
    pub less_is_better: bool,
    /// How many there were in the core's time that the node used for them: what it would do on a core of its own.
    pub alone: Option<f64>,
    /// What was counted.
    pub counted: String,
}

impl Table {
    /// Adds a row.
    pub fn row(&mut self, what: &str, figure: f64, unit: &str, beside: Beside) {
        let limit = beside.limit.map_or_else(String::new, |(limit, what)| {
            let share = beside.alone.unwrap_or(figure) / limit;
            let share =
                if beside.less_is_better { format!("{share:.1} times") } else { format!("{:.0} %", share * 100.0) };
            format!("{} {what}; {share}", number(limit))
        });
        let ahead = |known: f64| if beside.less_is_better { known / figure } else { figure / known };
        let light = beside.light_server.map_or_else(String::new, |(low, high)| {
            let shown = if (low - high).abs() < f64::EPSILON {
                number(high)
            } else {
                format!("{}–{}", number(low), number(high))
            };
            let against = if beside.less_is_better { low } else { high };
            format!("{shown}; {:.1} times", ahead(against))
        });
        eprintln!(
            "  {what}: {} {unit} {} ({})",
            number(figure),
            beside.alone.map_or_else(String::new, |alone| format!("or {}", number(alone))),
            beside.counted
        );
        let alone = beside.alone.map_or_else(String::new, number);
        let goal = beside.goal.to_owned();
        self.0.push([what.to_owned(), format!("{} {unit}", number(figure)), alone, limit, goal, light, beside.counted]);
    }

    /// Prints all rows as Markdown.
    pub fn print(&self) {
        let head = [
            "what",
            "measured",
            "in a second of the core's time",
            "limit here; share of it",
            "goal",
            "a light server; ahead by",
            "counted",
        ]
        .map(str::to_owned);
        let widths: Vec<usize> = (0..COLUMNS)
            .map(|column| self.0.iter().chain([&head]).map(|row| row[column].chars().count()).max().unwrap_or(0))
            .collect();
        let line = |row: &[String; COLUMNS]| {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            format!("| {} |", cells.join(" | "))
        };
        println!("{}", line(&head));
        println!("|{}|", widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("|"));
        for row in &self.0 {
            println!("{}", line(row));
        }
    }
}

/// Three digits that count.
fn number(value: f64) -> String {
    if value >= 100.0 {
        return grouped(value);
    }
    if value >= 10.0 { format!("{value:.1}") } else { format!("{value:.2}") }
}

fn grouped(value: f64) -> String {
    let plain = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in plain.chars().enumerate() {
        if place > 0 && (plain.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
