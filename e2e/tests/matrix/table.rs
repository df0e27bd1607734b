//! The prescription: `table.txt`, read.

use crate::callers::{Audience, Caller};

/// Who gets which answer at one operation, for one sort of objects.
#[derive(Debug, Clone)]
pub struct Row {
    /// `GET`.
    pub method: String,
    /// The path with `{parameter=thing}`.
    pub path: String,
    /// Whom the operation is for.
    pub audience: Audience,
    /// The body with `{thing}`.
    pub body: Option<String>,
    answers: Vec<Option<Prescribed>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prescribed {
    pub status: u16,
    /// How the problem's type ends, where that is prescribed.
    pub slug: Option<String>,
}

impl Row {
    /// The operation's name in the documents.
    pub fn operation(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        let parts = path.split('/').map(|part| match part.split_once('=') {
            Some((parameter, _)) => format!("{parameter}}}"),
            None => part.to_owned(),
        });
        format!("{} {}", self.method, parts.collect::<Vec<_>>().join("/"))
    }

    /// What `caller` must be told; nothing where it is not asked.
    pub fn answer(&self, caller: Caller) -> Option<&Prescribed> {
        self.answers[caller.column()].as_ref()
    }

    /// Path and body with every thing put in by `give`.
    pub fn fill(&self, give: &mut impl FnMut(&str) -> String) -> (String, Option<String>) {
        let path = self.path.split('/').map(|part| {
            let (head, query) = part.split_once('?').map_or((part, None), |(h, q)| (h, Some(q)));
            let thing = head.trim_end_matches('}').split_once('=').map(|(_, thing)| thing);
            let value = thing.map_or_else(|| head.to_owned(), &mut *give);
            query.map_or(value.clone(), |query| format!("{value}?{query}"))
        });
        let path = path.collect::<Vec<_>>().join("/");
        let body = self.body.as_deref().map(|body| fill_body(body, give));
        (path, body)
    }
}

/// In a body a thing stands alone in its text, which tells it from an object.
fn fill_body(body: &str, give: &mut impl FnMut(&str) -> String) -> String {
    let mut pieces = body.split("\"{");
    let mut filled = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (thing, rest) = piece.split_once("}\"").unwrap();
        filled = format!("{filled}\"{}\"{rest}", give(thing));
    }
    filled
}

pub fn rows() -> Vec<Row> {
    let lines = include_str!("table.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(row).collect()
}

fn row(line: &str) -> Row {
    let (head, body) =
        line.split_once(" {").map_or((line, None), |(h, b)| (h, Some(format!("{{{b}"))));
    let cells: Vec<&str> = head.split_whitespace().collect();
    let [method, path, audience, answers @ ..] = &cells[..] else {
        panic!("a row that is too short: {line}");
    };
    let audience = Audience::named(audience);
    let answers = match answers {
        [answer] => audience.answers(answer).to_vec(),
        all => all.to_vec(),
    };
    assert_eq!(answers.len(), Caller::ALL.len(), "one answer, or all of them: {line}");
    Row {
        method: (*method).to_owned(),
        path: (*path).to_owned(),
        audience,
        answers: answers.into_iter().map(prescribed).collect(),
        body,
    }
}

fn prescribed(cell: &str) -> Option<Prescribed> {
    if cell == "-" {
        return None;
    }
    let (status, slug) = cell.split_once('/').map_or((cell, None), |(s, slug)| (s, Some(slug)));
    let status = status.parse().unwrap();
    let usual = match status {
        401 => Some("unauthenticated"),
        403 => Some("forbidden"),
        404 => Some("not-found"),
        _ => None,
    };
    Some(Prescribed { status, slug: slug.or(usual).map(str::to_owned) })
}
