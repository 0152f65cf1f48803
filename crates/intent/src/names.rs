//! Whether words name a thing: by its name, by a path around it, or by an identifier in it. Text only.

/// The parts of a name: runs of letters and digits, in lower case.
#[must_use]
pub fn pieces(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|piece| !piece.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// Without what people put around a path: `@`, `./`, a final slash.
fn plain(name: &str) -> &str {
    let name = name
        .strip_prefix('@')
        .filter(|rest| rest.contains(['/', '.']) && !is_package(name))
        .unwrap_or(name);
    let name = name.strip_prefix("./").unwrap_or(name);
    if name.len() > 1 {
        name.trim_end_matches('/')
    } else {
        name
    }
}

/// `@scope/name`: one slash, no dot before it.
fn is_package(name: &str) -> bool {
    name.starts_with('@') && name.matches('/').count() == 1 && !name.split('/').next().unwrap_or_default().contains('.')
}

/// Whether the words name exactly this.
#[must_use]
pub fn is_named(words: &str, thing: &str) -> bool {
    let (words, thing) = (plain(words), plain(thing));
    !thing.is_empty() && words.eq_ignore_ascii_case(thing) && (words == thing || !thing.contains('/'))
}

/// Whether the words name a directory that this path lies in.
#[must_use]
pub fn is_within(words: &str, path: &str) -> bool {
    let (directory, path) = (plain(words), plain(path));
    directory.len() > 1 && words.contains('/') && path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether an identifier (`4812`, `ABC-123`, `48xx`, `cleanup-auth`) stands in the name as a whole.
fn holds(name: &[String], identifier: &str) -> bool {
    let wanted = pieces(identifier);
    let fits = |piece: &str, wanted: &str| piece == wanted || fits_range(piece, wanted);
    !wanted.is_empty()
        && name
            .windows(wanted.len())
            .any(|window| window.iter().zip(&wanted).all(|(piece, wanted)| fits(piece, wanted)))
}

/// `48xx`: digits with places left open.
fn fits_range(piece: &str, wanted: &str) -> bool {
    let digits = wanted.chars().take_while(char::is_ascii_digit).count();
    let open = wanted.chars().skip(digits).all(|c| c == 'x') && wanted.len() > digits;
    digits > 0
        && open
        && piece.len() == wanted.len()
        && piece.chars().all(|c| c.is_ascii_digit())
        && piece.starts_with(wanted.get(..digits).unwrap_or(wanted))
}

/// Whether the thing is described by these names: every one of them stands in its name as a whole, and one is an
/// identifier with a number of at least three digits. A word that could be anything is no description.
#[must_use]
pub fn is_described<'w>(words: impl Iterator<Item = &'w str>, thing: &str) -> bool {
    let name = pieces(thing);
    let mut identified = false;
    for word in words {
        let formal = word.contains(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '/' | '.'));
        if !formal {
            continue;
        }
        if !holds(&name, word) {
            return false;
        }
        let digits = |piece: &String| {
            piece.len() >= 3
                && piece.chars().all(|c| c.is_ascii_digit() || c == 'x')
                && piece.chars().any(|c| c.is_ascii_digit())
        };
        identified |= pieces(word).iter().any(digits);
    }
    identified
}
