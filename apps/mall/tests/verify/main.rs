//! Every checker is shown a small true world first, and then finds each fault that is planted in it. Then the verbs that
//! mend: redrive and replay.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod checkout;
#[cfg(test)]
mod databases;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod events;
#[cfg(test)]
mod hearing;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod ledger;
#[cfg(test)]
mod looks;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod money;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod overdue;
#[cfg(test)]
mod provider;
#[cfg(test)]
mod rebuild;
#[cfg(test)]
mod redrive;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod settle;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod stock;
#[cfg(test)]
mod taxes;
#[cfg(test)]
mod traces;
#[cfg(test)]
mod waiting;
