//! The ledger file: one JSON line per act, on disk before anything is answered.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::iter;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use anyhow::Context;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tracing::{error, warn};

use crate::domain::books::{Books, JournalEntry};
use crate::domain::webhook::Webhook;
use crate::error::Broken;

/// Writes acts to the ledger file, in order, on a thread of its own.
#[derive(Debug)]
pub struct Journal {
    acts: Sender<Act>,
}

/// Resolves once the act and every act before it are on disk.
pub type Written = oneshot::Receiver<Result<(), Broken>>;

#[derive(Debug)]
struct Act {
    line: Vec<u8>,
    webhooks: Vec<Webhook>,
    written: oneshot::Sender<Result<(), Broken>>,
}

impl Journal {
    /// Opens the file at `path`, reads what it holds, and goes on behind it. The webhooks of
    /// each act are handed to `outbox` once the act is on disk.
    pub fn open(
        path: &Path,
        outbox: UnboundedSender<Vec<Webhook>>,
    ) -> anyhow::Result<(Self, Books)> {
        let file = open(path).with_context(|| format!("opening {}", path.display()))?;
        let books = replay(path, &file).with_context(|| format!("reading {}", path.display()))?;

        let (acts, queue) = channel();
        thread::Builder::new()
            .name("sandbox-ledger".to_owned())
            .spawn(move || write_all(file, &queue, &outbox))?;
        Ok((Self { acts }, books))
    }

    /// Takes an act in. Without entries nothing is written, but whoever waits for it still
    /// waits for all acts before it: nobody is told what a crash could undo.
    pub fn write(&self, entries: &[JournalEntry]) -> Result<Written, Broken> {
        let (written, waiting) = oneshot::channel();
        let line = line(entries)?;
        let webhooks = entries.iter().filter_map(open_webhook).cloned().collect();
        self.acts.send(Act { line, webhooks, written }).map_err(|_| Broken)?;
        Ok(waiting)
    }
}

fn line(entries: &[JournalEntry]) -> Result<Vec<u8>, Broken> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let mut line = serde_json::to_vec(entries).map_err(|_| Broken)?;
    line.push(b'\n');
    Ok(line)
}

fn open_webhook(entry: &JournalEntry) -> Option<&Webhook> {
    match entry {
        JournalEntry::Webhook(webhook) if webhook.open > 0 => Some(webhook),
        JournalEntry::Webhook(_)
        | JournalEntry::Order(_)
        | JournalEntry::Payment(_)
        | JournalEntry::Refund(_)
        | JournalEntry::Dispute(_)
        | JournalEntry::Payout(_)
        | JournalEntry::PayoutPlan { .. }
        | JournalEntry::FundAccount(_)
        | JournalEntry::AccountPlan { .. }
        | JournalEntry::Settled { .. } => None,
    }
}

fn open(path: &Path) -> anyhow::Result<File> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder)?;
    }
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // A new file is only there after a power cut once its folder is on disk too.
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(file)
}

fn replay(path: &Path, file: &File) -> anyhow::Result<Books> {
    let bytes = fs::read(path)?;
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
    if whole < bytes.len() {
        // Nobody was answered on the strength of a line without an end.
        warn!("the ledger file ends in the middle of a line; the rest of that line is dropped");
        file.set_len(u64::try_from(whole)?)?;
        file.sync_all()?;
    }

    let mut books = Books::default();
    let lines = bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    for (index, line) in lines.enumerate() {
        let entries: Vec<JournalEntry> =
            serde_json::from_slice(line).with_context(|| format!("line {}", index + 1))?;
        for entry in entries {
            books.apply(entry);
        }
    }
    Ok(books)
}

/// Whatever queued up during one flush shares the next, so that load costs few flushes.
fn write_all(mut file: File, queue: &Receiver<Act>, outbox: &UnboundedSender<Vec<Webhook>>) {
    let mut state = Ok(());
    while let Ok(first) = queue.recv() {
        let acts: Vec<Act> = iter::once(first).chain(queue.try_iter()).collect();
        let lines = acts.iter().map(|act| act.line.as_slice()).collect::<Vec<_>>().concat();
        if state.is_ok() && !lines.is_empty() {
            state = append(&mut file, &lines);
        }
        for act in acts {
            if state.is_ok() && !act.webhooks.is_empty() {
                let _ = outbox.send(act.webhooks);
            }
            let _ = act.written.send(state);
        }
    }
}

fn append(file: &mut File, lines: &[u8]) -> Result<(), Broken> {
    file.write_all(lines).and_then(|()| file.sync_data()).map_err(|reason| {
        error!(%reason, "the ledger file cannot be written; restart once there is room: {reason}");
        Broken
    })
}
