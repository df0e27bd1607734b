//! Deaths on stage: a seed decides in which stories a process of the stack is killed, which one, and when. The supervisor
//! starts it again; the story ends as written.

use std::time::Duration;

use super::dice::Dice;
use crate::registry;
use crate::settings::Settings;
use crate::supervisor::Supervisor;

/// In one of so many stories somebody dies.
const ONE_OF: u64 = 6;

/// Who dies where.
#[derive(Debug)]
pub struct Deaths {
    dice: Dice,
    supervisor: Supervisor,
    programs: Vec<String>,
}

impl Deaths {
    /// As `seed` says: a replica of a service, or the payment provider.
    #[must_use]
    pub fn of(settings: &Settings, seed: u64) -> Self {
        let names = registry::names();
        let replicas = names.iter().flat_map(|name| registry::replicas(&settings.env_dir, name));
        let programs = replicas.chain(["sandbox".to_owned()]).collect();
        Self { dice: Dice::of(seed), supervisor: Supervisor::of(settings), programs }
    }

    /// Kills somebody in the middle of a story, if its lot is drawn. Returns who died.
    pub async fn strike(&self, story: u8) -> anyhow::Result<Option<&str>> {
        let mut dice = self.dice.of_its_own(story.into());
        if dice.below(ONE_OF) != 0 {
            return Ok(None);
        }
        let Some(program) = dice.one_of(&self.programs) else { return Ok(None) };
        tokio::time::sleep(Duration::from_millis(200 + dice.below(2_500))).await;
        // Who is away for another story's sake cannot die.
        let Some(life) = self.supervisor.life(program).await? else { return Ok(None) };
        life.kill().await?;
        self.supervisor.restarted(program, life).await?;
        Ok(Some(program))
    }
}
