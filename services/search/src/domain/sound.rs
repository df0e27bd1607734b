//! How words of Indian scripts sound, in Latin letters as people type them: `हल्दी` is `haldi`, and `aata` is `atta`.
//!
//! Both a word in an Indian script and a word in Latin letters are brought to one key, which leaves out what people do not
//! agree about: how long a vowel is, doubled letters, `v` or `w`, `s` or `sh`, `t` or `th`. A word in a script has several
//! keys where its letters do not say how it is spoken.

mod letters;
use letters::{Letter, letter};

/// Of how many characters a word is at most that is listened to.
const LONGEST: usize = 64;

/// A part of a word as it is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sound {
    Consonant(&'static str),
    Vowel(&'static str),
    /// The `a` that a consonant has without a sign for it, and may lose.
    Inherent,
    Nasal,
}

impl Sound {
    fn is_vowel(self) -> bool {
        matches!(self, Self::Vowel(_) | Self::Inherent)
    }

    fn is_consonant(self) -> bool {
        matches!(self, Self::Consonant(_) | Self::Nasal)
    }
}

/// The key of a word in Latin letters, if it has nothing else and is long enough to tell one word from another.
pub fn typed(word: &str) -> Option<String> {
    let is_plain = word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    is_plain.then(|| key(word)).filter(|key| key.len() > 1)
}

/// The keys of a word in one of the nine scripts of India, none for other words.
pub fn spoken(word: &str) -> Vec<String> {
    // Nobody says a longer one, and each vowel that is silent costs a look at the whole word.
    if word.chars().nth(LONGEST).is_some() {
        return Vec::new();
    }
    let Some(sounds) = sounds(word) else { return Vec::new() };
    let [front, back] = [Side::Front, Side::Back].map(|from| without_silent_vowels(&sounds, from));
    let mut keys = Vec::new();
    for way in [&sounds, &front, &back] {
        let whole = written(way);
        let short = written(way.strip_suffix(&[Sound::Inherent]).unwrap_or(way));
        // The dot that makes a `d` an `r` is often left out, so both are heard.
        for text in
            [&short, &whole].into_iter().flat_map(|text| [text.clone(), text.replace('D', "r")])
        {
            let key = key(&text.to_lowercase());
            if key.len() > 1 && !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    keys
}

fn sounds(word: &str) -> Option<Vec<Sound>> {
    let mut sounds = Vec::new();
    for c in word.chars() {
        match letter(c)? {
            Letter::Consonant(name) => sounds.extend([Sound::Consonant(name), Sound::Inherent]),
            Letter::Vowel(name) => sounds.push(Sound::Vowel(name)),
            Letter::Sign(name) => {
                sounds.pop_if(|last| *last == Sound::Inherent);
                sounds.push(Sound::Vowel(name));
            }
            Letter::NoVowel => {
                sounds.pop_if(|last| *last == Sound::Inherent);
            }
            Letter::Nasal => sounds.push(Sound::Nasal),
            Letter::Silent => {}
        }
    }
    if word.starts_with(letters::is_tamil) {
        soften(&mut sounds);
    }
    Some(sounds)
}

/// Tamil writes `k` for `g`, too: stops are soft behind a nasal and between vowels.
fn soften(sounds: &mut [Sound]) {
    for at in 0..sounds.len() {
        let before = at.checked_sub(1).and_then(|at| sounds.get(at)).copied();
        let is_nasal = |sound: Sound| matches!(sound, Sound::Consonant("n" | "m" | "ng" | "ñ"));
        let behind_nasal = before.is_some_and(is_nasal);
        let between = before.is_none_or(Sound::is_vowel)
            && sounds.get(at + 1).is_some_and(|next| next.is_vowel());
        let Some(Sound::Consonant(name)) = sounds.get_mut(at) else { continue };
        *name = match *name {
            "k" if behind_nasal || (between && before.is_some()) => "g",
            "t" if behind_nasal || (between && before.is_some()) => "d",
            "p" if behind_nasal => "b",
            "ch" if behind_nasal => "j",
            "ch" if between => "s",
            other => other,
        };
    }
}

/// Which vowels of a word are left out first, where one that is left out keeps its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Front,
    Back,
}

/// What is spoken of a Hindi word: an inherent vowel between a vowel with one consonant and a consonant with a vowel is not.
/// Most words are clipped from their end (`namkin`), those of two parts from their front (`basmati`).
fn without_silent_vowels(sounds: &[Sound], from: Side) -> Vec<Sound> {
    let mut left = sounds.to_vec();
    left.pop_if(|last| *last == Sound::Inherent);
    loop {
        let mut silent = (2..left.len()).filter(|at| is_silent(&left, *at));
        let one = if from == Side::Front { silent.next() } else { silent.next_back() };
        let Some(at) = one else { return left };
        left.remove(at);
    }
}

fn is_silent(sounds: &[Sound], at: usize) -> bool {
    let is = |at: usize, fits: fn(Sound) -> bool| sounds.get(at).copied().is_some_and(fits);
    is(at, |sound| sound == Sound::Inherent)
        && is(at - 2, Sound::is_vowel)
        && is(at - 1, Sound::is_consonant)
        && is(at + 1, |sound| matches!(sound, Sound::Consonant(_)))
        && is(at + 2, Sound::is_vowel)
}

fn written(sounds: &[Sound]) -> String {
    let mut text = String::new();
    let mut before = None;
    for sound in sounds {
        // A doubled consonant counts once, also one that is written with two letters.
        if before != Some(sound) || sound.is_vowel() {
            text.push_str(match sound {
                Sound::Consonant(name) | Sound::Vowel(name) => name,
                Sound::Inherent => "a",
                Sound::Nasal => "n",
            });
        }
        before = Some(sound);
    }
    text.replace("njch", "nj").replace("jñ", "gy").replace('ñ', "n")
}

/// What people write differently, in the order in which it is looked for.
const SAME: [(&str, &str); 17] = [
    ("chh", "ch"),
    ("zh", "l"),
    ("sh", "s"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("ck", "k"),
    ("ee", "i"),
    ("oo", "u"),
    ("ou", "o"),
    ("au", "o"),
    ("w", "v"),
    ("z", "j"),
    ("q", "k"),
    ("x", "ks"),
    ("np", "mp"),
    ("nb", "mb"),
];

fn key(word: &str) -> String {
    let text = SAME.iter().fold(word.to_owned(), |text, (from, to)| text.replace(from, to));
    let letters: Vec<char> = text.chars().collect();
    let is_vowel = |c: Option<&char>| c.is_some_and(|c| "aeiou".contains(*c));
    let mut key = String::new();
    for (at, c) in letters.iter().enumerate() {
        let next = letters.get(at + 1);
        let one = match c {
            'c' if next != Some(&'h') => 'k',
            'y' if !is_vowel(next) => 'i',
            // `dhaniya` is `dhania`.
            'y' if key.ends_with('i') => continue,
            other => *other,
        };
        if !key.ends_with(one) {
            key.push(one);
        }
    }
    key
}

#[cfg(test)]
mod tests;
