//! The numbers, as a table for people and as JSON for comparison.

use serde::Serialize;

/// One number.
#[derive(Debug, Serialize)]
pub struct Row {
    what: String,
    /// In thousandths of the unit.
    value: u64,
    unit: &'static str,
    /// In the unit; what it must not exceed, where that is agreed.
    limit: Option<u64>,
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
    pub fn add(&mut self, what: &str, value: u64, unit: &'static str, limit: Option<u64>) {
        let row = Row { what: what.to_owned(), value, unit, limit };
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
        let value = format!("{}.{}", self.value / 1000, self.value % 1000 / 100);
        let verdict = match self.limit {
            Some(limit) if self.value > limit * 1000 => format!("above {limit}"),
            Some(limit) => format!("at most {limit}: kept"),
            None => String::new(),
        };
        format!("  {:<58} {value:>9} {:<4} {verdict}", self.what, self.unit)
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
#[must_use]
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
