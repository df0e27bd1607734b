//! The walk through the table.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::time::Duration;

use kernel::EventId;
use uuid::Uuid;

use crate::answer::{Answer, Question};
use crate::callers::{Audience, Caller};
use crate::documents::operations;
use crate::played::{Played, played};
use crate::signer::ending_in;
use crate::table::{Prescribed, Row, rows};

#[test]
fn the_table_and_the_documents_name_the_same_operations() {
    let published: BTreeSet<String> = operations().into_keys().collect();
    let prescribed: BTreeSet<String> = rows().iter().map(Row::operation).collect();
    let unprescribed: Vec<_> = published.difference(&prescribed).collect();
    let unpublished: Vec<_> = prescribed.difference(&published).collect();
    assert!(unprescribed.is_empty(), "operations without a row in table.txt: {unprescribed:#?}");
    assert!(unpublished.is_empty(), "rows without an operation: {unpublished:#?}");
}

#[tokio::test]
async fn everybody_gets_the_answer_that_is_prescribed() {
    let played = played().await.unwrap_or_else(|e| panic!("{e:#}"));
    let mut walk = Walk::new(&played);
    walk.the_signer_is_believed().await;

    let before = walk.what_owners_see().await;
    for row in rows() {
        for caller in Caller::others() {
            walk.ask(&row, caller).await;
        }
    }
    assert_eq!(walk.what_owners_see().await, before, "somebody who may not changed something");
    for row in rows() {
        walk.ask(&row, Caller::Rightful).await;
    }

    // Past the capture of the test runner: the numbers are to be seen in a run that passes, too.
    writeln!(
        std::io::stderr(),
        "{} operations x 6 callers, {} answers as prescribed; {} more to those who may",
        operations().len(),
        walk.as_prescribed,
        walk.as_wished
    )
    .unwrap();
    assert!(walk.troubles.is_empty(), "{}", walk.troubles.join("\n"));
}

struct Walk<'a> {
    played: &'a Played,
    http: reqwest::Client,
    keyed: BTreeMap<String, bool>,
    as_prescribed: usize,
    as_wished: usize,
    troubles: Vec<String>,
}

impl<'a> Walk<'a> {
    fn new(played: &'a Played) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build().unwrap();
        Self {
            played,
            http,
            keyed: operations(),
            as_prescribed: 0,
            as_wished: 0,
            troubles: Vec::new(),
        }
    }

    /// Otherwise an expired token might be refused for its signature.
    async fn the_signer_is_believed(&self) {
        let people = &self.played.people;
        let token = ending_in(&people.signer, people.buyer.access_token(), 300);
        let question = Question {
            method: "GET".into(),
            path: "/v1/me".into(),
            body: None,
            token: Some(token),
            keyed: false,
        };
        assert_eq!(self.send(&question).await.status, 200);
    }

    async fn send(&self, question: &Question) -> Answer {
        question.ask(&self.http, self.played.settings.gateway.trim_end_matches('/')).await
    }

    fn question(
        &self,
        row: &Row,
        caller: Caller,
        give: &mut impl FnMut(&str) -> String,
    ) -> Question {
        let (path, body) = row.fill(give);
        Question {
            method: row.method.clone(),
            path,
            body,
            token: self.played.people.token(caller, &row.audience),
            keyed: self.keyed.get(&row.operation()).copied().unwrap_or_default(),
        }
    }

    /// Everything that the buyer and the seller can read of their own.
    async fn what_owners_see(&self) -> BTreeMap<String, String> {
        let mut seen = BTreeMap::new();
        let owned = |row: &Row| matches!(row.audience, Audience::Buyer | Audience::Seller);
        for row in rows().iter().filter(|row| row.method == "GET" && owned(row)) {
            if row.answer(Caller::Rightful).is_some() {
                let mut give = |thing: &str| self.played.things[thing].clone();
                let question = self.question(row, Caller::Rightful, &mut give);
                seen.insert(row.path.clone(), self.send(&question).await.body);
            }
        }
        seen
    }

    async fn ask(&mut self, row: &Row, caller: Caller) {
        let Some(prescribed) = row.answer(caller) else { return };
        let mut named = Vec::new();
        let mut give = |thing: &str| {
            let value = self.played.things[thing].clone();
            named.push(value.clone());
            value
        };
        let question = self.question(row, caller, &mut give);
        let answer = self.send(&question).await;
        let trouble = match answer.trouble(&question, prescribed) {
            Some(trouble) => Some(trouble),
            None if caller == Caller::Rightful => None,
            None if (200..300).contains(&answer.status) => self.leak(caller, &named, &answer),
            None => self.difference(row, caller, prescribed, answer.without(&named)).await,
        };
        match trouble {
            None if caller == Caller::Rightful => self.as_wished += 1,
            None => self.as_prescribed += 1,
            Some(trouble) => self
                .troubles
                .push(format!("{} {} by {caller:?}: {trouble}", question.method, question.path)),
        }
    }

    /// An answer to somebody else that names what is none of their business.
    fn leak(&self, caller: Caller, named: &[String], answer: &Answer) -> Option<String> {
        let mut private = self.played.private.clone();
        if caller != Caller::OtherSeller {
            // The other seller has a part in the order.
            private.extend(["order", "checkout"]);
        }
        let leaked = private.into_iter().find(|thing| {
            let value = &self.played.things[thing];
            !named.contains(value) && answer.body.contains(value)
        });
        leaked.map(|thing| format!("names the {thing} of somebody else: {}", answer.body))
    }

    /// What exists and what does not must look the same to somebody who may not know.
    async fn difference(
        &self,
        row: &Row,
        caller: Caller,
        prescribed: &Prescribed,
        answer: Answer,
    ) -> Option<String> {
        let mut named = Vec::new();
        let mut give = |thing: &str| {
            let value = &self.played.things[thing];
            let value = if thing == "own" { value.clone() } else { missing(value) };
            named.push(value.clone());
            value
        };
        let question = self.question(row, caller, &mut give);
        if named.is_empty() {
            return None;
        }
        let other = self.send(&question).await.without(&named);
        if let Some(trouble) = other.trouble(&question, prescribed).filter(|_| other != answer) {
            return Some(format!("where there is nothing, {trouble}"));
        }
        (other != answer).then(|| format!("{answer:?}, but where there is nothing {other:?}"))
    }
}

/// The name of nothing, of the same form. Old, because a read of something young waits for it.
fn missing(like: &str) -> String {
    let fresh = EventId::new().as_uuid();
    if like.parse::<Uuid>().is_ok() {
        let (made, random) = fresh.as_u64_pair();
        return Uuid::from_u64_pair(made & 0xFFFF, random).to_string();
    }
    let letters = fresh.simple().to_string().to_uppercase();
    letters.chars().rev().cycle().take(like.len()).collect()
}
