//! Owns what is claimed of the packs that are built in.

use std::path::Path;

use trueline_spec::built_in;
use trueline_spec::pack::Pack;

fn packs() -> Vec<(&'static str, Pack)> {
    let packs = built_in::names().into_iter().map(|name| {
        let pack = Pack::built_in(name).expect("it is built in");
        let pack = pack.unwrap_or_else(|problems| panic!("{name}: {problems}"));
        (name, pack)
    });
    packs.collect()
}

#[test]
fn every_built_in_pack_is_sound_and_has_the_name_of_its_folder() {
    let packs = packs();
    assert!(!packs.is_empty());
    for (name, pack) in packs {
        assert_eq!(pack.name, name);
        assert!(pack.clauses().count() > 0, "{name}");
    }
}

#[test]
fn a_pack_has_one_digest_however_it_is_read() {
    for (name, pack) in packs() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../packs")
            .join(name);
        let loaded = Pack::load(&folder).expect("it is the same pack");
        assert_eq!(pack.digest, loaded.digest);
        assert_eq!(pack.digest.len(), 64);
    }
}

#[test]
fn there_is_no_built_in_pack_of_another_name() {
    assert!(Pack::built_in("nosuch").is_none());
    assert!(Pack::built_in("").is_none());
}
