//! What the programs of a stack use, from `/proc`: nothing is asked of the programs themselves.

use std::collections::BTreeMap;

use anyhow::Context as _;
use e2e::supervisor::Supervisor;
use mall::registry;

/// Programs that are not the mall's work: they watch it, or play the world outside.
pub const ONLOOKERS: &[&str] = &["mail", "sandbox", "prometheus", "traces"];

/// The programs of a running stack and the processes they began as.
#[derive(Debug)]
pub struct Programs(BTreeMap<String, u32>);

/// CPU time that each program has used, in microseconds.
pub type Used = BTreeMap<String, u64>;

/// What `/proc` says of one process.
struct Process {
    parent: u32,
    /// Its own and that of its children that ended, in ticks of 10 ms.
    ticks: u64,
    resident_pages: u64,
}

impl Programs {
    /// Asks the supervisor once.
    pub async fn of(supervisor: &Supervisor) -> anyhow::Result<Self> {
        let replicas = supervisor.replicas(&registry::names()).await?;
        let others = ["sandbox", "postgres", "redis", "kafka", "minio", "seaweedfs", "gateway"];
        let mut programs = BTreeMap::new();
        let replicas = replicas.iter().map(String::as_str);
        for name in replicas.chain(others).chain(ONLOOKERS.iter().copied()) {
            if let Some(life) = supervisor.life(name).await? {
                programs.insert(name.to_owned(), life.pid);
            }
        }
        anyhow::ensure!(programs.len() > 12, "the stack is not running");
        Ok(Self(programs))
    }

    /// CPU time used until now.
    pub fn used(&self) -> anyhow::Result<Used> {
        self.sum(|_, process| process.ticks * 10_000)
    }

    /// Memory that is resident now, in KiB.
    pub fn resident_kib(&self) -> anyhow::Result<BTreeMap<String, u64>> {
        self.sum(|_, process| process.resident_pages * 4)
    }

    /// Memory that is a program's own now, in KiB: of a page that several hold, each holds its share.
    pub fn own_kib(&self) -> anyhow::Result<BTreeMap<String, u64>> {
        self.sum(|pid, _| proportional_kib(pid).unwrap_or_default())
    }

    /// Every process of a program, with the program's name.
    pub fn members(&self) -> anyhow::Result<BTreeMap<u32, String>> {
        let processes = processes()?;
        let program = |pid: u32| {
            let mine = self.0.iter().find(|(_, root)| descends(&processes, pid, **root));
            mine.map(|(name, _)| (pid, name.clone()))
        };
        Ok(processes.keys().filter_map(|pid| program(*pid)).collect())
    }

    /// A program is its first process and all that descend from it.
    fn sum(&self, what: fn(u32, &Process) -> u64) -> anyhow::Result<BTreeMap<String, u64>> {
        let processes = processes()?;
        let sums = self.0.iter().map(|(name, root)| {
            let members = processes.iter().filter(|(pid, _)| descends(&processes, **pid, *root));
            (name.clone(), members.map(|(pid, process)| what(*pid, process)).sum())
        });
        Ok(sums.collect())
    }
}

/// What was used between two readings.
pub fn between(before: &Used, after: &Used) -> Used {
    let used = |name: &String, ms: &u64| ms.saturating_sub(*before.get(name).unwrap_or(&0));
    after.iter().map(|(name, ms)| (name.clone(), used(name, ms))).collect()
}

fn processes() -> anyhow::Result<BTreeMap<u32, Process>> {
    let entries = std::fs::read_dir("/proc").context("/proc cannot be read")?;
    let pids = entries.filter_map(|e| e.ok()?.file_name().to_str()?.parse::<u32>().ok());
    Ok(pids.filter_map(|pid| Some((pid, process(pid)?))).collect())
}

/// See proc(5); a process that ended meanwhile is nothing.
fn process(pid: u32) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        ticks: number(11)? + number(12)? + number(13)? + number(14)?,
        resident_pages: number(21)?,
    })
}

/// See `smaps_rollup` in proc(5).
fn proportional_kib(pid: u32) -> Option<u64> {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

fn descends(processes: &BTreeMap<u32, Process>, mut pid: u32, root: u32) -> bool {
    while pid != root {
        match processes.get(&pid) {
            Some(process) if process.parent > 1 => pid = process.parent,
            _ => return false,
        }
    }
    true
}
