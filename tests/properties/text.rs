//! The core's string handling does what the standard library does.

use hf_wasm::core::text::{contains, cut, digits, join, parts, trim};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn as_the_standard_library(text in "[a-cü/=; \t]{0,12}", part in "[a-cü/]{1,3}", separator in select(b"/=;a".to_vec())) {
        let char = char::from(separator);
        prop_assert_eq!(cut(&text, separator), text.split_once(char));
        prop_assert_eq!(parts(&text, separator), text.split(char).collect::<Vec<_>>());
        prop_assert_eq!(contains(&text, &part), text.contains(&part));
        prop_assert_eq!(trim(&text), text.trim_ascii());
    }

    #[test]
    fn a_number_in_digits(number in any::<u64>(), fewer in 0..64u32) {
        prop_assert_eq!(digits(number >> fewer), (number >> fewer).to_string());
    }

    #[test]
    fn what_is_joined_is_parted(texts in vec("[a-z]{0,3}", 1..5)) {
        let joined = join(&texts, ";");
        prop_assert_eq!(parts(&joined, b';'), texts);
    }
}
