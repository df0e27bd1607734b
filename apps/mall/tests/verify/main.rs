//! Every checker is shown a small true world first, and then finds each fault that is planted in it. Then the verbs that
//! mend: redrive and replay.
#![cfg(test)]

mod acts;
mod answers;
mod checkout;
mod databases;
mod disputes;
mod documents;
mod events;
mod hearing;
mod jobs;
mod ledger;
mod looks;
mod mail;
mod money;
mod numbers;
mod overdue;
mod payouts;
mod provider;
mod rebuild;
mod redrive;
mod refunds;
mod replay;
mod settle;
mod settled;
mod stage;
mod stock;
mod tax_returns;
mod taxes;
mod traces;
mod waiting;
mod written_once;
mod years;
