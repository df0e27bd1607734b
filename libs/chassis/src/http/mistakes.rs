//! All mistakes of a body at once. Whoever reads a body member by member stops at the first that is wrong. So that one
//! is put behind all others and the body is read again, until nothing is met that was not met before.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// What is wrong with a body: the first thing that is met.
pub type Mistake = serde_path_to_error::Error<serde_json::Error>;

/// So many are named.
pub const MOST: usize = 20;
/// A body is read again once or twice for each mistake, and once for each object with one; never more often than this.
const READINGS: usize = 4 * MOST;
/// A longer body is not worth reading so often.
pub const LONGEST: usize = 64 * 1024;

/// What `read` meets in `body`: the pointer to each mistake, and what it is. None is named twice. Of what is lacking only the
/// first of an object is met, and only when all that is there is right.
pub fn all(body: &str, read: impl Fn(&str) -> Option<Mistake>) -> Vec<(String, Mistake)> {
    let mut found: Vec<(String, Mistake)> = Vec::new();
    let mut tree: Option<Node> =
        (body.len() <= LONGEST).then(|| serde_json::from_str(body).ok()).flatten();
    let (mut text, mut behind) = (body.to_owned(), BTreeSet::new());
    for _ in 0..READINGS {
        let Some(mistake) = read(&text) else { break };
        let at = tree.as_ref().map_or_else(Place::default, |tree| tree.find(mistake.path()));
        let pointer = at.pointer(mistake.path());
        if found.iter().all(|(known, _)| *known != pointer) {
            found.push((pointer, mistake));
        }
        let Some(tree) = tree.as_mut().filter(|_| found.len() < MOST) else { break };
        if !tree.put_behind(&at, &mut behind) {
            break;
        }
        let Ok(again) = serde_json::to_string(tree) else { break };
        text = again;
    }
    found
}

/// A body, in the order in which it is read. The items of a list know where they stood.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Node {
    Object(IndexMap<String, Self>),
    List(#[serde(with = "counted")] Vec<(usize, Self)>),
    Leaf(Value),
}

/// The way to something in a [`Node`]: where it stands now, and what it was called at first.
#[derive(Default)]
struct Place {
    now: Vec<usize>,
    names: Vec<String>,
}

impl Place {
    /// RFC 6901. What cannot be followed is named as the reader has it.
    fn pointer(&self, path: &Path) -> String {
        let rest = path.iter().skip(self.names.len()).map(|segment| match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => "?".to_owned(),
        });
        let names = self.names.iter().cloned().chain(rest);
        names.fold(String::new(), |to, name| to + "/" + &name.replace('~', "~0").replace('/', "~1"))
    }
}

impl Node {
    fn find(&self, path: &Path) -> Place {
        let (mut place, mut at) = (Place::default(), self);
        for segment in path {
            let step = match (at, segment) {
                (Self::Object(members), Segment::Map { key } | Segment::Enum { variant: key }) => {
                    members.get_full(key).map(|(now, name, member)| (now, name.clone(), member))
                }
                (Self::List(items), Segment::Seq { index }) => {
                    items.get(*index).map(|(first, item)| (*index, first.to_string(), item))
                }
                _ => None,
            };
            let Some((now, name, next)) = step else { break };
            place.now.push(now);
            place.names.push(name);
            at = next;
        }
        place
    }

    /// Puts what stands there behind its neighbours; what was put there before is the last that is wrong among them, so
    /// then whatever it is a part of. Returns whether there was anything left to do.
    fn put_behind(&mut self, place: &Place, behind: &mut BTreeSet<Vec<String>>) -> bool {
        let lengths = (1..=place.now.len()).rev();
        let fresh = lengths.into_iter().find(|n| behind.insert(place.names[..*n].to_vec()));
        let Some((last, way)) = fresh.and_then(|n| place.now[..n].split_last()) else {
            return false;
        };
        match way.iter().try_fold(self, |at, step| at.child(*step)) {
            Some(Self::Object(members)) => members.move_index(*last, members.len() - 1),
            Some(Self::List(items)) => items[*last..].rotate_left(1),
            Some(Self::Leaf(_)) | None => return false,
        }
        true
    }

    fn child(&mut self, nth: usize) -> Option<&mut Self> {
        match self {
            Self::Object(members) => members.get_index_mut(nth).map(|(_, member)| member),
            Self::List(items) => items.get_mut(nth).map(|(_, item)| item),
            Self::Leaf(_) => None,
        }
    }
}

/// The items of a list, counted as they are read.
mod counted {
    use serde::{Deserialize, Deserializer, Serializer};

    use super::Node;

    pub fn serialize<S: Serializer>(items: &[(usize, Node)], json: S) -> Result<S::Ok, S::Error> {
        json.collect_seq(items.iter().map(|(_, item)| item))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(json: D) -> Result<Vec<(usize, Node)>, D::Error> {
        Ok(Vec::<Node>::deserialize(json)?.into_iter().enumerate().collect())
    }
}
