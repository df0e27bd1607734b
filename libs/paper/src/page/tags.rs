//! What reads the pages aloud: their parts as a tree of tags.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, TableHeaderScope, Tag, TagGroup, TagTree};

use super::Role;

/// What stands in order and has one role is one element; what is only decoration is none.
pub(super) fn tell(told: &mut Vec<(Role, Vec<Identifier>)>, role: Role, id: Identifier) {
    match told.last_mut() {
        _ if role == Role::Artifact => {}
        Some((last, ids)) if *last == role => ids.push(id),
        _ => told.push((role, vec![id])),
    }
}

pub(super) fn tree(told: Vec<(Role, Vec<Identifier>)>, code_says: &str) -> TagTree {
    let mut tree = TagTree::new().with_lang(Some("en-IN".to_owned()));
    let mut open: Option<Table> = None;
    for (role, ids) in told {
        let (Role::Head { table, row, .. } | Role::Cell { table, row, .. }) = role else {
            close(&mut tree, open.take());
            tree.push(filled(group(role, code_says), ids));
            continue;
        };
        if open.as_ref().is_some_and(|open| open.table != table) {
            close(&mut tree, open.take());
        }
        let open = open.get_or_insert_with(|| Table { table, rows: vec![] });
        if open.rows.last().is_none_or(|(nth, _)| *nth != row) {
            open.rows.push((row, TagGroup::new(Tag::TR)));
        }
        if let Some((_, row)) = open.rows.last_mut() {
            row.push(filled(group(role, code_says), ids));
        }
    }
    close(&mut tree, open);
    tree
}

/// The element of what has this role.
fn group(role: Role, code_says: &str) -> TagGroup {
    match role {
        Role::Title => TagGroup::new(Tag::Hn(NonZeroU16::MIN, None)),
        Role::Code => TagGroup::new(Tag::Figure(Some(code_says.to_owned()))),
        Role::Artifact | Role::Text => TagGroup::new(Tag::P),
        Role::Head { .. } => TagGroup::new(Tag::TH(TableHeaderScope::Column)),
        Role::Cell { .. } => TagGroup::new(Tag::TD),
    }
}

fn filled(mut group: TagGroup, ids: Vec<Identifier>) -> TagGroup {
    for id in ids {
        group.push(id);
    }
    group
}

struct Table {
    table: u8,
    rows: Vec<(usize, TagGroup)>,
}

fn close(tree: &mut TagTree, table: Option<Table>) {
    if let Some(table) = table {
        let mut group = TagGroup::new(Tag::Table);
        for (_, row) in table.rows {
            group.push(row);
        }
        tree.push(group);
    }
}
