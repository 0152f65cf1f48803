//! Secrets that give themselves away by their form: a fixed prefix and an alphabet. Not those that only a name beside
//! them betrays; these are in `names.rs`.

/// A form of token.
struct Shape {
    kind: &'static str,
    prefix: &'static str,
    /// What the rest is made of.
    alphabet: Alphabet,
    /// How long the rest is at least.
    least: usize,
    /// How long the rest is at most; `0` is without limit.
    most: usize,
    /// What else must hold.
    also: Also,
}

#[derive(Clone, Copy)]
enum Alphabet {
    Alphanumeric,
    /// Letters, digits, `-` and `_`.
    Url,
    /// As [`Alphabet::Url`], and `.`.
    Dotted,
    /// Capitals and digits.
    Capital,
    Hex,
    /// As [`Alphabet::Url`], and `/` and `:`: the rest of a web address.
    Path,
}

#[derive(Clone, Copy, PartialEq)]
enum Also {
    /// The prefix is distinctive enough to stand anywhere.
    Nothing,
    /// The character before the prefix must not be a letter or digit.
    Boundary,
    /// The same, and the rest must hold a digit: words do not.
    BoundaryAndDigit,
}

use Alphabet::{Alphanumeric, Capital, Dotted, Hex, Path, Url};
use Also::{Boundary, BoundaryAndDigit, Nothing};

const fn shape(
    kind: &'static str,
    prefix: &'static str,
    alphabet: Alphabet,
    least: usize,
    most: usize,
    also: Also,
) -> Shape {
    Shape {
        kind,
        prefix,
        alphabet,
        least,
        most,
        also,
    }
}

/// The longer prefix stands before the shorter one that it contains.
const SHAPES: &[Shape] = &[
    shape("aws", "AKIA", Capital, 16, 16, Boundary),
    shape("aws", "ASIA", Capital, 16, 16, Boundary),
    shape("aws", "ABIA", Capital, 16, 16, Boundary),
    shape("aws", "ACCA", Capital, 16, 16, Boundary),
    shape("github", "github_pat_", Url, 22, 0, Nothing),
    shape("github", "ghp_", Alphanumeric, 30, 0, Nothing),
    shape("github", "gho_", Alphanumeric, 30, 0, Nothing),
    shape("github", "ghu_", Alphanumeric, 30, 0, Nothing),
    shape("github", "ghs_", Alphanumeric, 30, 0, Nothing),
    shape("github", "ghr_", Alphanumeric, 30, 0, Nothing),
    shape("gitlab", "glpat-", Url, 20, 0, Nothing),
    shape("gitlab", "gldt-", Url, 20, 0, Nothing),
    shape("gitlab", "glrt-", Url, 20, 0, Nothing),
    shape("gitlab", "glcbt-", Url, 20, 0, Nothing),
    shape("gitlab", "glptt-", Url, 20, 0, Nothing),
    shape("gitlab", "glft-", Url, 20, 0, Nothing),
    shape("gitlab", "glsoat-", Url, 20, 0, Nothing),
    shape("slack", "xoxb-", Url, 10, 0, Nothing),
    shape("slack", "xoxp-", Url, 10, 0, Nothing),
    shape("slack", "xoxa-", Url, 10, 0, Nothing),
    shape("slack", "xoxr-", Url, 10, 0, Nothing),
    shape("slack", "xoxs-", Url, 10, 0, Nothing),
    shape("slack", "xoxe.", Dotted, 10, 0, Nothing),
    shape("slack", "xoxe-", Url, 10, 0, Nothing),
    shape("slack", "xapp-", Url, 10, 0, Nothing),
    shape("slack", "hooks.slack.com/services/", Path, 10, 0, Nothing),
    shape("discord", "discord.com/api/webhooks/", Path, 30, 0, Nothing),
    shape("telegram", "api.telegram.org/bot", Path, 30, 0, Nothing),
    shape("stripe", "sk_live_", Alphanumeric, 16, 0, Nothing),
    shape("stripe", "sk_test_", Alphanumeric, 16, 0, Nothing),
    shape("stripe", "rk_live_", Alphanumeric, 16, 0, Nothing),
    shape("stripe", "rk_test_", Alphanumeric, 16, 0, Nothing),
    shape("stripe", "whsec_", Alphanumeric, 20, 0, Nothing),
    shape("model-provider", "sk-ant-", Url, 16, 0, Boundary),
    shape("model-provider", "sk-proj-", Url, 16, 0, Boundary),
    shape("model-provider", "sk-svcacct-", Url, 16, 0, Boundary),
    shape("model-provider", "sk-or-v1-", Url, 16, 0, Boundary),
    shape("model-provider", "sk-", Url, 20, 0, BoundaryAndDigit),
    shape("model-provider", "xai-", Alphanumeric, 32, 0, Boundary),
    shape("model-provider", "gsk_", Alphanumeric, 32, 0, Boundary),
    shape("model-provider", "pplx-", Alphanumeric, 32, 0, Boundary),
    shape("model-provider", "hf_", Alphanumeric, 30, 0, Boundary),
    shape("model-provider", "r8_", Alphanumeric, 32, 0, Boundary),
    shape("google", "AIza", Url, 35, 35, Boundary),
    shape("google", "ya29.", Dotted, 20, 0, Boundary),
    shape("google", "GOCSPX-", Url, 20, 0, Nothing),
    shape("google", "1//0", Url, 35, 0, Boundary),
    shape("npm", "npm_", Alphanumeric, 30, 0, Boundary),
    shape("pypi", "pypi-AgE", Url, 40, 0, Nothing),
    shape("docker", "dckr_pat_", Url, 20, 0, Nothing),
    shape("digitalocean", "dop_v1_", Hex, 64, 64, Nothing),
    shape("digitalocean", "doo_v1_", Hex, 64, 64, Nothing),
    shape("shopify", "shpat_", Hex, 32, 32, Nothing),
    shape("shopify", "shpss_", Hex, 32, 32, Nothing),
    shape("sendgrid", "SG.", Dotted, 60, 0, Boundary),
    shape("twilio", "SK", Hex, 32, 32, Boundary),
    shape("grafana", "glsa_", Url, 32, 0, Nothing),
    shape("vault", "hvs.", Url, 24, 0, Boundary),
    shape("age", "AGE-SECRET-KEY-1", Capital, 50, 0, Nothing),
    shape("linear", "lin_api_", Alphanumeric, 32, 0, Nothing),
    shape("square", "sq0atp-", Url, 20, 0, Nothing),
];

/// A secret found: its length from where it begins, and what it is.
pub(super) struct Found {
    /// How many bytes of the beginning stay readable (a web address before its secret part).
    pub(super) keep: usize,
    pub(super) length: usize,
    pub(super) kind: &'static str,
}

/// For each byte the shapes that begin with it, one bit each: nearly every letter begins one, and few begin with the same.
const BEGINNING_WITH: [u128; 256] = {
    assert!(SHAPES.len() <= 128, "one bit each");
    let mut shapes = [0; 256];
    let mut index = 0;
    while index < SHAPES.len() {
        #[expect(
            clippy::indexing_slicing,
            reason = "computed while compiling: an index out of range is a build error"
        )]
        {
            shapes[SHAPES[index].prefix.as_bytes()[0] as usize] |= 1_u128 << index;
        }
        index += 1;
    }
    shapes
};

/// For each byte the second ones with which a shape or a web token goes on, one bit for every four of them. It says no to
/// nearly every letter of a text, and so does the time that a text takes.
const GOING_ON: [u64; 128] = {
    let mut second = [0; 128];
    let mut index = 0;
    while index < SHAPES.len() {
        #[expect(
            clippy::indexing_slicing,
            reason = "computed while compiling: an index out of range is a build error"
        )]
        {
            let prefix = SHAPES[index].prefix.as_bytes();
            second[prefix[0] as usize] |= 1_u64 << (prefix[1] % 64);
        }
        index += 1;
    }
    #[expect(
        clippy::indexing_slicing,
        reason = "computed while compiling: an index out of range is a build error"
    )]
    {
        second[b'e' as usize] |= 1_u64 << (b'y' % 64);
    }
    second
};

/// Whether a token may begin with these two bytes; if not, [`at`] finds none.
pub(super) fn may_begin(first: u8, second: u8) -> bool {
    GOING_ON
        .get(usize::from(first))
        .is_some_and(|seconds| seconds >> (second % 64) & 1 == 1)
}

/// The token that begins here, if one does. `boundary` says that no letter or digit stands before.
pub(super) fn at(rest: &[u8], boundary: bool) -> Option<Found> {
    let first = *rest.first()?;
    if boundary
        && first == b'e'
        && let Some(length) = web_token(rest)
    {
        return Some(Found {
            keep: 0,
            length,
            kind: "jwt",
        });
    }
    let mut left = *BEGINNING_WITH.get(usize::from(first))?;
    while left != 0 {
        let shape = SHAPES.get(left.trailing_zeros() as usize)?;
        left &= left - 1;
        if let Some(found) = shape.at(rest, boundary) {
            return Some(found);
        }
    }
    None
}

impl Shape {
    fn at(&self, rest: &[u8], boundary: bool) -> Option<Found> {
        if self.also != Nothing && !boundary {
            return None;
        }
        let tail = rest.strip_prefix(self.prefix.as_bytes())?;
        let most = if self.most == 0 { usize::MAX } else { self.most };
        // A failed look is bounded, so that a text full of prefixes stays linear.
        let probe = run(tail, self.alphabet, self.least.saturating_add(64));
        if probe < self.least {
            return None;
        }
        let length = if self.also == BoundaryAndDigit {
            let digit = tail.iter().take(probe).any(u8::is_ascii_digit);
            let solid = tail
                .iter()
                .take(probe)
                .filter(|byte| byte.is_ascii_alphanumeric())
                .count()
                >= self.least;
            if !digit || !solid || wordy(tail, probe) {
                return None;
            }
            run(tail, self.alphabet, usize::MAX)
        } else {
            run(tail, self.alphabet, most.saturating_add(1))
        };
        let length = match tail.get(most) {
            Some(next) if length > most && next.is_ascii_alphanumeric() => return None,
            _ => length.min(most),
        };
        let keep = if matches!(self.alphabet, Path) {
            self.prefix.len()
        } else {
            0
        };
        Some(Found {
            keep,
            length: self.prefix.len() + length,
            kind: self.kind,
        })
    }
}

/// Words joined by hyphens (`sk-build-step-20-of-the-night`) are no key: a key has a long piece without one.
fn wordy(tail: &[u8], probe: usize) -> bool {
    let longest = tail
        .get(..probe)
        .unwrap_or(tail)
        .split(|byte| matches!(byte, b'-' | b'_'))
        .map(<[u8]>::len)
        .max();
    longest.unwrap_or(0) < 16
}

/// `header.payload.signature`, each base64url, the header an object: `eyJ`.
fn web_token(rest: &[u8]) -> Option<usize> {
    if !rest.starts_with(b"eyJ") {
        return None;
    }
    let mut length = 0;
    let mut segments = 0;
    loop {
        let segment = run(rest.get(length..)?, Url, if segments == 0 { 2048 } else { usize::MAX });
        if segment < 8 && !(segments >= 2 && segment > 0) {
            break;
        }
        length += segment;
        segments += 1;
        if rest.get(length) != Some(&b'.') || segments == 5 {
            break;
        }
        length += 1;
    }
    (segments >= 3).then(|| {
        if rest.get(length.wrapping_sub(1)) == Some(&b'.') {
            length - 1
        } else {
            length
        }
    })
}

fn run(bytes: &[u8], alphabet: Alphabet, most: usize) -> usize {
    let fits = |byte: &&u8| match alphabet {
        Alphanumeric => byte.is_ascii_alphanumeric(),
        Url => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
        Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'),
        Capital => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        Hex => byte.is_ascii_hexdigit(),
        Path => byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b':'),
    };
    bytes.iter().take(most).take_while(fits).count()
}
