//! Where the time goes: a flame graph of the whole machine and the statements of every database.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;
use e2e::supervisor::signal;
use inferno::collapse::{Collapse as _, perf as collapse};
use inferno::flamegraph;
use mall::settings::Settings;
use secrecy::ExposeSecret as _;
use sqlx::{Connection as _, PgConnection, Row as _};

use crate::processes::Programs;

/// What `perf` prints of a sample: without the process beside its thread nobody knows whose it was.
const FIELDS: &str = "comm,pid,tid,time,event,ip,sym,dso";

/// A recording that runs.
pub struct Profile {
    folder: PathBuf,
    perf: Child,
    statements: PgConnection,
}

/// Begins to record.
pub async fn begin(settings: &Settings, folder: &Path) -> anyhow::Result<Profile> {
    std::fs::create_dir_all(folder)?;
    let folder = folder.to_owned();
    let url = settings.admin_database_url().context("no account of an administrator")?;
    let mut statements = PgConnection::connect(url.expose_secret()).await?;
    for sql in
        ["create extension if not exists pg_stat_statements", "select pg_stat_statements_reset()"]
    {
        sqlx::query(sql).execute(&mut statements).await?;
    }
    let mut perf = Command::new("perf");
    perf.args(["record", "-q", "-a", "-F", "99", "--call-graph", "dwarf,16384", "-o"]);
    let perf = perf.arg(folder.join("perf.data")).stderr(Stdio::null()).spawn();
    let perf = perf.context("perf cannot be run; on Debian the package linux-perf brings it")?;
    Ok(Profile { folder, perf, statements })
}

impl Profile {
    /// Ends the recording and writes `stacks.folded`, `flame.svg` and `statements.txt`.
    pub async fn end(mut self, programs: &Programs) -> anyhow::Result<()> {
        let names = programs.members()?;
        signal(self.perf.id(), "-INT").await?;
        self.perf.wait()?;
        self.flames(&names)?;
        self.list_statements().await?;
        println!("The profile lies in {}", self.folder.display());
        Ok(())
    }

    /// The lowest frame of every stack is a program of the stack.
    fn flames(&self, names: &BTreeMap<u32, String>) -> anyhow::Result<()> {
        let mut perf = Command::new("perf");
        perf.args(["script", "--no-inline", "-F", FIELDS, "-i"]).arg(self.folder.join("perf.data"));
        let mut perf = perf.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut options = collapse::Options::default();
        options.include_pid = true;
        let mut folded = Vec::new();
        let said = perf.stdout.take().context("perf says nothing")?;
        collapse::Folder::from(options).collapse(BufReader::new(said), &mut folded)?;
        perf.wait()?;
        let folded = String::from_utf8(folded)?;
        let stacks: Vec<String> = folded.lines().map(|stack| named(stack, names)).collect();
        std::fs::write(self.folder.join("stacks.folded"), stacks.join("\n"))?;
        let svg = File::create(self.folder.join("flame.svg"))?;
        let mut options = flamegraph::Options::default();
        flamegraph::from_lines(&mut options, stacks.iter().map(String::as_str), svg)?;
        Ok(())
    }

    /// The dearest statements of the server, with the time of their plans.
    async fn list_statements(&mut self) -> anyhow::Result<()> {
        let rows = sqlx::query(
            "select format('%s %s calls, %s ms planning, %s ms executing, %s rows: %s', datname, calls,
                 round(total_plan_time::numeric, 1), round(total_exec_time::numeric, 1), rows,
                 regexp_replace(left(query, 400), '\\s+', ' ', 'g'))
             from pg_stat_statements s join pg_database d on d.oid = s.dbid
             order by total_plan_time + total_exec_time desc",
        )
        .fetch_all(&mut self.statements)
        .await?;
        let lines: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
        std::fs::write(self.folder.join("statements.txt"), lines?.join("\n"))?;
        Ok(())
    }
}

/// `tokio-rt-worker-123;a;b 7` of process 123 as `order;a;b 7`.
fn named(stack: &str, names: &BTreeMap<u32, String>) -> String {
    let (thread, rest) = stack.split_once(';').unwrap_or((stack, ""));
    let pid = thread.rsplit_once('-').and_then(|(_, pid)| pid.parse().ok());
    let name = pid.and_then(|pid: u32| names.get(&pid).map(String::as_str)).unwrap_or("others");
    format!("{name};{rest}")
}
