//! What the programs of a stack use, from `/proc`: nothing is asked of the programs themselves.

use std::collections::BTreeMap;

use anyhow::Context as _;
use e2e::supervisor::Supervisor;
use mall::operator::roster;

/// Programs that are watched, not part of the work: the mail sink, Prometheus, Jaeger.
pub const ONLOOKERS: &[&str] = &["mail", "prometheus", "traces"];

/// The programs of a running stack and the processes they began as.
#[derive(Debug)]
pub struct Programs(BTreeMap<String, u32>);

/// CPU time that each program has used, in milliseconds.
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
        let services: Vec<_> = roster::all().into_iter().map(|entry| entry.name).collect();
        let replicas = supervisor.replicas(&services).await?;
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
        self.sum(|process| process.ticks * 10)
    }

    /// Memory that is resident now, in KiB.
    pub fn resident_kib(&self) -> anyhow::Result<BTreeMap<String, u64>> {
        self.sum(|process| process.resident_pages * 4)
    }

    /// A program is its first process and all that descend from it.
    fn sum(&self, what: fn(&Process) -> u64) -> anyhow::Result<BTreeMap<String, u64>> {
        let processes = processes()?;
        let sums = self.0.iter().map(|(name, root)| {
            let members = processes.iter().filter(|(pid, _)| descends(&processes, **pid, *root));
            (name.clone(), members.map(|(_, process)| what(process)).sum())
        });
        Ok(sums.collect())
    }
}

/// What was used between two readings.
#[must_use]
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

fn descends(processes: &BTreeMap<u32, Process>, mut pid: u32, root: u32) -> bool {
    while pid != root {
        match processes.get(&pid) {
            Some(process) if process.parent > 1 => pid = process.parent,
            _ => return false,
        }
    }
    true
}
