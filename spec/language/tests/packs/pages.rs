//! Claims how the pages of a pack look: one page of each kind, as a snapshot.
//! Does not claim how they are written into a folder; that is the command line's.

use trueline_spec::pack::Pack;
use trueline_spec::pages;

/// The shortest of its kind where the pack has several.
const ONE_OF_EACH_KIND: [&str; 9] = [
    "usocket.AF_INET.md",
    "usocket.listing.md",
    "usocket.socket.md",
    "usocket.socket.fileno.md",
    "statement.makefile-needs-blocking.md",
    "example.recv.md",
    "listings.md",
    "fixtures.md",
    "errata.md",
];

#[test]
fn a_page_of_each_kind_looks_as_before() {
    let pack = Pack::built_in("waffle-nano-socket").expect("it is built in");
    let pack = pack.unwrap_or_else(|problems| panic!("{problems}"));
    let pages = pages::of(&pack);
    for name in ONE_OF_EACH_KIND {
        let page = pages.iter().find(|page| page.name == name);
        let page = page.unwrap_or_else(|| panic!("the pack has no page {name}"));
        insta::assert_snapshot!(name, page.text);
    }
}
