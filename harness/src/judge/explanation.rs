//! Owns which values explain an expectation, and that they read the same in every run. Evaluates
//! nothing.

/// How an address begins in what `repr` gives.
const ADDRESS: &str = " at 0x";

/// What a value explains by its `repr`. Iterators, functions and their like, which Python writes in
/// angle brackets, explain nothing; of others the addresses are left out.
pub(super) fn of(repr: &str) -> Option<String> {
    if repr.starts_with('<') && repr.ends_with('>') {
        return None;
    }
    let mut shown = String::with_capacity(repr.len());
    let mut rest = repr;
    while let Some(at) = rest.find(ADDRESS) {
        let (before, address) = rest.split_at(at + ADDRESS.len());
        let digits = address.trim_start_matches(|digit: char| digit.is_ascii_hexdigit());
        shown.push_str(before);
        if digits.len() < address.len() {
            shown.push('…');
        }
        rest = digits;
    }
    shown.push_str(rest);
    Some(shown)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("<enumerate object at 0x7f00a0>", None)]
    #[case("<built-in function len>", None)]
    #[case("range(0, 5)", Some("range(0, 5)"))]
    #[case("[<zip object at 0x7f00a0>, 5]", Some("[<zip object at 0x…>, 5]"))]
    #[case(
        "Object('A', '<A at 0x1> <B at 0xff>')",
        Some("Object('A', '<A at 0x…> <B at 0x…>')")
    )]
    #[case("'look at 0x'", Some("'look at 0x'"))]
    fn what_differs_from_run_to_run_is_left_out(
        #[case] repr: &str,
        #[case] explanation: Option<&str>,
    ) {
        assert_eq!(of(repr).as_deref(), explanation);
    }
}
