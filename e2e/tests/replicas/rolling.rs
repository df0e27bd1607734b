//! Every replica of every service is restarted, one after the other, while people buy.

use std::collections::BTreeMap;

use e2e::gateway::Bookmark;
use e2e::invariants;
use e2e::stack::alone_on_the_stack;
use e2e::supervisor::{Life, Supervisor};
use mall::registry;

use crate::buyers::buying;

async fn lives(supervisor: &Supervisor) -> anyhow::Result<BTreeMap<String, Option<Life>>> {
    let mut lives = BTreeMap::new();
    for replica in supervisor.replicas(&registry::names()).await? {
        let life = supervisor.life(&replica).await?;
        lives.insert(replica, life);
    }
    Ok(lives)
}

#[tokio::test]
async fn nobody_notices_a_rolling_restart_of_all_twelve() -> anyhow::Result<()> {
    alone_on_the_stack(async |settings, supervisor| {
        let before = lives(supervisor).await?;
        let bookmark = Bookmark::now(settings)?;
        buying(settings, supervisor.roll()).await?;

        let faults = bookmark.faults_since()?;
        anyhow::ensure!(faults.is_empty(), "the mall was closed:\n{}", faults.join("\n"));
        let after = lives(supervisor).await?;
        let twice = 2 * registry::names().len();
        assert_eq!(before.len(), twice, "start the stack with MALL_REPLICAS=2");
        for (replica, life) in &before {
            assert!(after[replica].is_some() && after[replica] != *life, "{replica} is the same");
        }
        invariants::holds(settings).await
    })
    .await
}
