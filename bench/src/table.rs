//! The numbers, as a table for people and as JSON for comparison.

use serde::Serialize;

/// One number.
#[derive(Debug, Serialize)]
pub struct Row {
    what: String,
    /// In thousandths of the unit.
    value: u64,
    unit: &'static str,
    gate: Option<Gate>,
}

/// What was agreed, in thousandths of the unit.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Gate {
    /// What must be kept.
    pub bound: u64,
    /// Where we want to go; 0 where that is not said.
    pub aim: u64,
    /// More is better.
    pub rising: bool,
}

/// Everything that was measured.
#[derive(Debug, Serialize, Default)]
pub struct Table {
    machine: String,
    commit: String,
    command: String,
    rows: Vec<Row>,
}

impl Table {
    /// An empty table that says where and from what it comes.
    #[must_use]
    pub fn new() -> Self {
        Self {
            machine: machine(),
            commit: output("git", &["describe", "--always", "--dirty"]),
            command: command(),
            rows: Vec::new(),
        }
    }

    /// Adds a number, given in thousandths of its unit, and says it at once.
    pub fn add(&mut self, what: &str, value: u64, unit: &'static str, gate: Option<Gate>) {
        let row = Row { what: what.to_owned(), value, unit, gate };
        println!("{}", row.line());
        self.rows.push(row);
    }

    /// Where the numbers come from.
    pub fn say_origin(&self) {
        println!(
            "\nmachine  {}\ncommit   {}\ncommand  {}\n",
            self.machine, self.commit, self.command
        );
    }

    /// The whole table again.
    pub fn say(&self) {
        self.say_origin();
        for row in &self.rows {
            println!("{}", row.line());
        }
    }
}

impl Row {
    fn line(&self) -> String {
        let verdict = self.gate.map(|gate| gate.verdict(self.value)).unwrap_or_default();
        format!("  {:<52} {:>9} {:<3} {verdict}", self.what, decimal(self.value), self.unit)
    }
}

impl Gate {
    fn verdict(self, value: u64) -> String {
        let kept = if self.rising { value >= self.bound } else { value <= self.bound };
        let word = if self.rising { "at least" } else { "at most" };
        let aim = match self.aim {
            0 => String::new(),
            aim => format!(", one day {}", decimal(aim)),
        };
        let verdict = if kept { "kept" } else { "NOT KEPT" };
        format!("{word} {}: {verdict}{aim}", decimal(self.bound))
    }
}

/// Thousandths, with as many digits as matter.
fn decimal(value: u64) -> String {
    match value {
        0..10_000 => format!("{}.{:02}", value / 1000, value % 1000 / 10),
        10_000..100_000 => format!("{}.{}", value / 1000, value % 1000 / 100),
        _ => format!("{}", value / 1000),
    }
}

fn machine() -> String {
    let cpus = std::thread::available_parallelism().map_or(0, usize::from);
    let model = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = model.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or_default();
    format!("{cpus} cores of {}", model.trim_start_matches([' ', '\t', ':']))
}

/// What built the services that are measured, as far as `make bench` tells.
fn command() -> String {
    std::env::var("MALL_BUILD")
        .map_or_else(|_| "bench".into(), |b| format!("MALL_BUILD={b} make bench"))
}

fn output(program: &str, arguments: &[&str]) -> String {
    let done = std::process::Command::new(program).args(arguments).output();
    done.map(|d| String::from_utf8_lossy(&d.stdout).trim().to_owned()).unwrap_or_default()
}

/// The middle one; of an even number, the lower of the two.
pub fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::median;

    #[test]
    fn the_middle_is_the_middle() {
        assert_eq!(median(vec![9, 1, 5]), 5);
        assert_eq!(median(vec![4, 1, 2, 3]), 2);
        assert_eq!(median(Vec::new()), 0);
    }
}
