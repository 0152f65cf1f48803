//! Changes scripts at random, always in the same way for the same seed. Knows shell syntax only as a list of fragments.

/// A small generator of pseudo-random numbers (xorshift), so that runs can be repeated.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % (limit.max(1) as u64)).expect("below a usize")
    }
}

/// Fragments that mean something to a shell.
const FRAGMENTS: [&str; 97] = [
    "'",
    "\"",
    "`",
    "\\",
    "\\\n",
    "\n",
    " ",
    "\t",
    ";",
    "&",
    "|",
    "&&",
    "||",
    "(",
    ")",
    "$(",
    "$((",
    "))",
    "${",
    "}",
    "{ ",
    "; }",
    "<",
    ">",
    ">f",
    ">>f",
    "2>&1",
    "&>f",
    ">&f",
    "<(",
    ">(",
    "<<E\n",
    "<<E ",
    "\nE\n",
    "<<'E'\n",
    "<<-E\n\t",
    "<<<",
    "$'",
    "$\"",
    "$",
    "$x",
    "${x:-",
    "${x#",
    "${x//",
    "${x[",
    "]",
    "[",
    "#",
    " # ",
    "=",
    "a=",
    "a=(",
    "a[1]=",
    "+=",
    "!",
    " ! ",
    "time ",
    "if ",
    "; then ",
    "; fi",
    "else ",
    "elif ",
    "for i in ",
    "; do ",
    "; done",
    "case x in x) ",
    ";;",
    ";&",
    "esac",
    "while zz; do ",
    "function g ",
    "g() ",
    "[[ ",
    " ]]",
    "=~ ",
    "((",
    "~",
    "*",
    "?",
    "{a,b}",
    "\\\\",
    "\\`",
    "\\\"",
    "\\$",
    "\\n",
    "\\x41",
    "\r",
    "é",
    "x",
    "-n",
    "1",
    "{fd}>f",
    "3>",
    "export b=",
    "declare -a c=(",
    "select s in ",
    "$[",
];

/// One mutation of one of the seeds, of a length that a person might still read.
pub fn mutated(seeds: &[String], chance: &mut Chance) -> String {
    let mut script = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(4) {
        let at = place(&script, chance);
        match chance.below(10) {
            0..=4 => script.insert_str(at, FRAGMENTS[chance.below(FRAGMENTS.len())]),
            5 | 6 => {
                let end = script[at..]
                    .char_indices()
                    .nth(1 + chance.below(4))
                    .map_or(script.len(), |(i, _)| at + i);
                script.replace_range(at..end, "");
            }
            7 => {
                let end = place(&script, chance);
                let piece = script[at.min(end)..at.max(end)].to_owned();
                let to = place(&script, chance);
                script.insert_str(to, &piece);
            }
            8 => {
                let other = &seeds[chance.below(seeds.len())];
                let piece = other[place(other, chance)..].to_owned();
                script.insert_str(at, &piece);
            }
            _ => script.truncate(at),
        }
    }
    let mut end = script.len().min(4000);
    while !script.is_char_boundary(end) {
        end -= 1;
    }
    script.truncate(end);
    script
}

/// A place between two characters.
fn place(text: &str, chance: &mut Chance) -> usize {
    let mut at = chance.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
