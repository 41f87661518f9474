//! Owns the sum by which bytes that a line has lost or changed are noticed. `target.py` has the
//! same one, in Python.

/// A prime. With a factor and a byte more it stays below 2^30, a number that a small board has no
/// need to allocate.
const MODULUS: u64 = 4_194_301;
const FACTOR: u64 = 251;

/// Goes on with a sum: every single byte that is changed changes it, and one in four million of
/// all other damage does not.
pub(crate) fn go_on(sum: u64, bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(sum, |sum, &byte| (sum * FACTOR + u64::from(byte)) % MODULUS)
}

/// Goes on with the sum of a text by itself: its length counts as well.
pub(crate) fn go_on_with_text(sum: u64, text: &str) -> u64 {
    go_on(sum + text.len() as u64, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_changed_byte_changes_the_sum(
            mut bytes in prop::collection::vec(any::<u8>(), 1..300),
            at in any::<prop::sample::Index>(),
            change in 1u8..,
        ) {
            let before = go_on(7, &bytes);
            let at = at.index(bytes.len());
            bytes[at] ^= change;
            prop_assert_ne!(go_on(7, &bytes), before);
        }

        #[test]
        fn sums_go_on_where_they_were_left(a in ".{0,40}", b in ".{0,40}") {
            let whole = go_on(3, format!("{a}{b}").as_bytes());
            prop_assert_eq!(go_on(go_on(3, a.as_bytes()), b.as_bytes()), whole);
        }
    }
}
