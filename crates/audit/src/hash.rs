//! SHA-256 as the chain uses it: 64 lower-case hexadecimal characters. No keys, no other algorithm.

use sha2::{Digest, Sha256};

/// The `prev` of the very first record.
pub(crate) const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of the parts, one after the other.
pub(crate) fn hex(parts: &[&[u8]]) -> String {
    let mut state = Sha256::new();
    for part in parts {
        state.update(part);
    }
    let digest = state.finalize();
    let mut text = String::with_capacity(64);
    for byte in digest {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 }));
        }
    }
    text
}

/// The hash in base64, as content policies of web pages name it.
pub(crate) fn base64(parts: &[&[u8]]) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = Sha256::new();
    for part in parts {
        state.update(part);
    }
    let mut text = String::with_capacity(44);
    for group in state.finalize().chunks(3) {
        let bits = group.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = ALPHABET.get(bits >> (18 - 6 * place) & 63).copied().unwrap_or(b'=');
            text.push(if place <= group.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

/// Whether the text has the form of a hash.
pub(crate) fn is_hash(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_one_that_sha256sum_prints() {
        assert_eq!(
            hex(&[b"a", b"bc"]),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(base64(&[b"abc"]), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assert!(is_hash(GENESIS));
        assert!(!is_hash("BA7816"));
    }
}
