//! Ways to hide a text, and harmless uses of the same means.

use placet_probe::training::Dice;

/// The text hidden in one of many ways.
pub(crate) fn hide(text: &str, dice: &mut Dice) -> String {
    match dice.below(19) {
        0 => tags(text),
        1 => zero_width(text, dice),
        2 => look_alike(text, dice),
        3 => format!("<!-- {text} -->"),
        4 => format!("<span style=\"display:none\">{text}</span>"),
        5 => format!("<p style=\"font-size: 0; color: white\">{text}</p>"),
        6 => format!("<img src=\"x.png\" alt=\"{text}\">"),
        7 => format!("![{text}](x.png)"),
        8 => format!("[docs](https://example.com \"{text}\")"),
        9 => format!("[//]: # ({text})"),
        10 => base64(text.as_bytes()),
        11 => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
        12 => rot13(text),
        13 => text.bytes().map(|byte| format!("%{byte:02X}")).collect(),
        14 => text.chars().map(|letter| format!("&#{};", u32::from(letter))).collect(),
        15 => leetspeak(text, dice),
        16 => pieces(text, dice),
        17 => format!("\u{1b}[8m{text}\u{1b}[0m"),
        _ => spaced(text),
    }
}

/// Means of the same kind that hide nothing.
pub(crate) fn hide_harmless(text: &str, dice: &mut Dice) -> String {
    match dice.below(9) {
        0 => format!("<!-- {text} -->"),
        1 => format!("<img src=\"logo.png\" alt=\"{text}\">"),
        2 => format!("![{text}](docs/image.png)"),
        3 => base64(text.as_bytes()),
        4 => format!("\u{1b}[1m\u{1b}[31m{text}\u{1b}[0m"),
        5 => format!("{text} \u{1f468}\u{200d}\u{1f4bb} \u{2705}"),
        6 => format!("<div class=\"sr-only\">{text}</div>"),
        7 => text
            .bytes()
            .map(|byte| {
                if byte == b' ' {
                    "%20".to_owned()
                } else {
                    char::from(byte).to_string()
                }
            })
            .collect(),
        _ => text.replace(' ', "\u{a0}"),
    }
}

fn tags(text: &str) -> String {
    let hidden: String = text
        .chars()
        .filter(char::is_ascii)
        .filter_map(|letter| char::from_u32(0xe0000 + u32::from(letter)))
        .collect();
    format!("All good.{hidden}")
}

fn zero_width(text: &str, dice: &mut Dice) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        out.push(letter);
        if letter.is_ascii_alphabetic() && dice.once_in(3) {
            out.push('\u{200b}');
        }
    }
    out
}

fn look_alike(text: &str, dice: &mut Dice) -> String {
    const PAIRS: &[(char, char)] = &[
        ('a', 'а'),
        ('e', 'е'),
        ('o', 'о'),
        ('p', 'р'),
        ('c', 'с'),
        ('i', 'і'),
        ('x', 'х'),
        ('s', 'ѕ'),
    ];
    let all = dice.once_in(2);
    text.chars()
        .map(|letter| {
            let alike = PAIRS
                .iter()
                .find(|(plain, _)| *plain == letter)
                .map(|(_, alike)| *alike);
            alike.filter(|_| all || dice.once_in(2)).unwrap_or(letter)
        })
        .collect()
}

fn leetspeak(text: &str, dice: &mut Dice) -> String {
    const PAIRS: &[(char, char)] = &[('o', '0'), ('i', '1'), ('e', '3'), ('a', '4'), ('s', '5'), ('t', '7')];
    text.chars()
        .map(|letter| {
            let digit = PAIRS
                .iter()
                .find(|(plain, _)| *plain == letter)
                .map(|(_, digit)| *digit);
            digit.filter(|_| !dice.once_in(3)).unwrap_or(letter)
        })
        .collect()
}

fn pieces(text: &str, dice: &mut Dice) -> String {
    let mut out = String::from("let x = \"");
    for letter in text
        .chars()
        .map(|letter| if letter == '"' || letter == '\n' { ' ' } else { letter })
    {
        out.push(letter);
        if dice.once_in(7) {
            out.push_str("\" + \"");
        }
    }
    out.push('"');
    out
}

fn spaced(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        out.push(letter);
        out.push(' ');
    }
    out
}

fn rot13(text: &str) -> String {
    text.chars()
        .map(|letter| match letter {
            'a'..='m' | 'A'..='M' => char::from_u32(u32::from(letter) + 13).unwrap_or(letter),
            'n'..='z' | 'N'..='Z' => char::from_u32(u32::from(letter) - 13).unwrap_or(letter),
            other => other,
        })
        .collect()
}

/// Base64 with padding.
pub(crate) fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for position in 0..4 {
            if position <= chunk.len() {
                let index = (bits >> (18 - 6 * position)) & 63;
                out.push(char::from(ALPHABET[index as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}
