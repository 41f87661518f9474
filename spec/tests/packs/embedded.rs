//! Owns what is claimed of the pack that is built in.

use std::path::Path;

use trueline_spec::pack::Pack;

#[test]
fn the_built_in_pack_is_sound() {
    match Pack::embedded() {
        Ok(pack) => assert!(pack.clauses().count() > 0),
        Err(problems) => panic!("{} problems\n{problems}", problems.len()),
    }
}

#[test]
fn a_pack_has_one_digest_however_it_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("waffle-nano");
    let embedded = Pack::embedded().expect("the built-in pack is sound");
    let loaded = Pack::load(&folder).expect("it is the same pack");
    assert_eq!(embedded.digest, loaded.digest);
    assert_eq!(embedded.digest.len(), 64);
}
